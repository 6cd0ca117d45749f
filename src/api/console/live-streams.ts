/** The console's event streams: how many there are, when each ends, and that none holds the process up. */
import { createSession, type Session as EventSession } from 'better-sse';
import type { Request, Response } from 'express';
import { DomainError } from '../../domain/errors.js';

/** Each holds a connection and has its part in the reading: far more than operators have pages open. */
export const LIVE_STREAMS_MAX = 50;
const HEARTBEAT_MS = 15_000;
/** After a break browsers open the stream again so much later. */
const RETRY_MS = 3_000;

export interface LiveStream {
  /** @returns false when the reader has not taken what was sent before: nothing was sent now */
  send(event: string, data: object): boolean;
  onEnd(end: () => void): void;
}

/** Whose stream it is. */
export interface StreamOwner {
  readonly sessionId: string;
  /** How long the session lasts if nobody ends it. */
  readonly lastsMs: number;
}

/** All streams of this process. */
export class LiveStreams {
  /** With the id of the session that each belongs to. */
  readonly #owners = new Map<Response, string>();
  #isClosed = false;

  /**
   * Begins a stream, which ends with the session at the latest.
   * @throws {DomainError} `unavailable` when there are too many, or the process stops: the page asks now and then
   */
  async open(
    exchange: { readonly request: Request; readonly response: Response },
    { sessionId, lastsMs }: StreamOwner,
  ): Promise<LiveStream> {
    const { request, response } = exchange;
    if (this.#isClosed || this.#owners.size >= LIVE_STREAMS_MAX) {
      throw new DomainError('unavailable', 'There are too many streams. Ask now and then instead.');
    }
    this.#owners.set(response, sessionId);
    const ending = setTimeout(() => response.end(), lastsMs).unref();
    response.once('close', () => {
      clearTimeout(ending);
      this.#owners.delete(response);
    });
    const session = await createSession(request, response, {
      keepAlive: HEARTBEAT_MS,
      retry: RETRY_MS,
      // A proxy that gathers what it passes on would make events late.
      headers: { 'X-Accel-Buffering': 'no' },
    });
    return liveStream(session, response);
  }

  get size(): number {
    return this.#owners.size;
  }

  /** Ids of the sessions that have streams here. */
  get sessionIds(): readonly string[] {
    return [...new Set(this.#owners.values())];
  }

  /** Ends the streams of a session that was ended. */
  endAllOf(sessionId: string): void {
    for (const [response, owner] of this.#owners) if (owner === sessionId) response.end();
  }

  /** Ends all streams and begins no new one. */
  closeAll(): void {
    this.#isClosed = true;
    for (const response of this.#owners.keys()) response.end();
  }
}

function liveStream(session: EventSession, response: Response): LiveStream {
  return {
    send(event, data) {
      // A page that does not read must not fill our memory; it gets what is new then.
      if (!session.isConnected || response.writableEnded || response.writableNeedDrain)
        return false;
      session.push(data, event);
      return true;
    },
    onEnd: (end) => {
      if (response.closed) end();
      else response.once('close', end);
    },
  };
}
