/** Reads an event stream as a browser's EventSource does, without opening it again by itself. */
import { expect } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { ConsoleCaller } from './console-caller.js';

export interface StreamedEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

export interface EventReader {
  readonly response: Response;
  readonly events: readonly StreamedEvent[];
  /** Waits until there is an event for which this holds. */
  until(what: string, holds: (event: StreamedEvent) => boolean): Promise<StreamedEvent>;
  /** Whether the server has ended the stream. */
  readonly isEnded: boolean;
  close(): void;
}

/** @param path below /console */
export async function readEvents(operator: ConsoleCaller, path: string): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`${operator.url}/console${path}`, {
    headers: { Cookie: operator.cookie, Accept: 'text/event-stream' },
    signal: abort.signal,
  });
  expect(response.status).toBe(200);
  const events: StreamedEvent[] = [];
  const state = { isEnded: false };
  void collect(response, events).then(
    () => {
      state.isEnded = true;
    },
    () => {
      state.isEnded = true;
    },
  );
  return {
    response,
    events,
    until: async (what, holds) => await eventually(what, () => events.find(holds)),
    get isEnded() {
      return state.isEnded;
    },
    close: () => abort.abort(),
  };
}

async function collect(response: Response, events: StreamedEvent[]): Promise<void> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data === undefined) continue;
      const event = field('event') ?? 'message';
      events.push({ event, data: JSON.parse(data) as Record<string, unknown> });
    }
  }
}
