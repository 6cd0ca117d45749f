/** One live view: a stream of events while it holds, questions every 5 s while it does not. No framework in it. */

const POLL_EVERY_MS = 5_000;
/** A refused stream is not opened again by the browser itself. */
const REOPEN_AFTER_MS = 15_000;

/** `live`: told by the stream. `polling`: asked, and answered. `offline`: neither. */
export type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

export interface LiveStatus {
  readonly state: LiveState;
  /** When the state began, milliseconds since 1970 by this browser. */
  readonly sinceMs: number;
}

export interface LiveSource {
  readonly url: string;
  /** Name of the event that carries what is new. */
  readonly event: string;
  readonly onEvent: (data: unknown) => void;
  /** Asks for the same thing. Rejects when there is no answer. */
  readonly poll: () => Promise<void>;
  readonly onStatus: (status: LiveStatus) => void;
}

/**
 * Follows a source until it is closed. A hidden page holds no stream: browsers allow few connections to one host, and a
 * dozen forgotten tabs would use them up.
 */
export class LiveStream {
  readonly #source: LiveSource;
  #stream: EventSource | null = null;
  /** Counts the stretches of polling, so that a question under way when one ended does not go on with it. */
  #pollingRound = 0;
  #isPolling = false;
  #pollTimer: number | undefined;
  #reopenTimer: number | undefined;
  #status: LiveStatus = { state: 'connecting', sinceMs: Date.now() };
  readonly #onVisibility = () => (document.hidden ? this.#rest() : this.#open());

  constructor(source: LiveSource) {
    this.#source = source;
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (!document.hidden) this.#open();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#rest();
  }

  #rest(): void {
    this.#stream?.close();
    this.#stream = null;
    window.clearTimeout(this.#reopenTimer);
    this.#stopPolling();
  }

  #open(): void {
    this.#stream?.close();
    const stream = new EventSource(this.#source.url);
    this.#stream = stream;
    const isCurrent = () => this.#stream === stream;
    stream.addEventListener('open', () => {
      if (isCurrent()) this.#streamHolds();
    });
    stream.addEventListener(this.#source.event, (event) => {
      if (!isCurrent()) return;
      this.#streamHolds();
      this.#source.onEvent(JSON.parse(event.data));
    });
    stream.addEventListener('error', () => {
      if (isCurrent()) this.#streamBroke(stream.readyState === EventSource.CLOSED);
    });
    // A stream that neither opens nor fails must not leave the page waiting.
    this.#startPolling(POLL_EVERY_MS);
  }

  #streamHolds(): void {
    this.#stopPolling();
    this.#become('live');
  }

  #streamBroke(isRefused: boolean): void {
    if (isRefused) {
      window.clearTimeout(this.#reopenTimer);
      this.#reopenTimer = window.setTimeout(() => this.#open(), REOPEN_AFTER_MS);
    }
    // The first question waits for nothing: what the stream would have told may have happened already.
    if (this.#status.state === 'live' || this.#status.state === 'connecting') this.#stopPolling();
    this.#startPolling(0);
  }

  #startPolling(delayMs: number): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#pollAfter(delayMs, this.#pollingRound);
  }

  #stopPolling(): void {
    window.clearTimeout(this.#pollTimer);
    this.#isPolling = false;
    this.#pollingRound += 1;
  }

  #pollAfter(delayMs: number, round: number): void {
    this.#pollTimer = window.setTimeout(async () => {
      const isAnswered = await this.#source.poll().then(
        () => true,
        () => false,
      );
      if (round !== this.#pollingRound) return;
      this.#become(isAnswered ? 'polling' : 'offline');
      this.#pollAfter(POLL_EVERY_MS, round);
    }, delayMs);
  }

  #become(state: LiveState): void {
    if (this.#status.state === state) return;
    this.#status = { state, sinceMs: Date.now() };
    this.#source.onStatus(this.#status);
  }
}
