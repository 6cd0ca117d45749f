/** Those who read the event feed: one follows it through everything, one reads it whole in the end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedReader } from './journal.js';
import type { ServiceClient } from './service-client.js';

/** Small, so that a few events make several pages. */
const FOLLOWED_PAGE_MAX = 3;
const WHOLE_PAGE_MAX = 100;
const PAUSE_MS = 300;
/** The service is at rest by then: what does not answer so many times in a row will not. */
const TRIES_MAX = 10;

export type FeedService = Pick<ServiceClient, 'listEvents'>;

export interface FeedFollower {
  /** @returns id of the last event that it was given; `null` when it was given none */
  stop(): Promise<string | null>;
}

/** Reads on from the last event that it has, whatever the service does meanwhile. */
export function followFeed(service: FeedService, pauseMs = PAUSE_MS): FeedFollower {
  const stopping = new AbortController();
  const { signal } = stopping;
  let last: string | null = null;
  const follow = async () => {
    while (!signal.aborted) {
      const { events, hasMore } = await pageAfter(service, 'follower', last);
      last = events?.at(-1)?.id ?? last;
      if (!hasMore || events?.length === 0)
        await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    return last;
  };
  const ended = follow();
  return {
    stop: async () => {
      stopping.abort();
      return await ended;
    },
  };
}

/**
 * Reads until there is no more.
 * @returns what kept it from the feed's end; `null` when it has got there
 */
export async function readToEnd(
  service: FeedService,
  reader: FeedReader,
  startingAfter: string | null,
  pauseMs = PAUSE_MS,
): Promise<string | null> {
  let last = startingAfter;
  let failures = 0;
  while (failures < TRIES_MAX) {
    const { events, hasMore } = await pageAfter(service, reader, last);
    failures = events === null || events.length === 0 ? failures + 1 : 0;
    if (events !== null && !hasMore) return null;
    last = events?.at(-1)?.id ?? last;
    if (failures > 0) await pause(pauseMs);
  }
  return `nothing more was given after ${last ?? 'the beginning'}, and it was not the end`;
}

async function pageAfter(service: FeedService, reader: FeedReader, startingAfter: string | null) {
  const limit = reader === 'follower' ? FOLLOWED_PAGE_MAX : WHOLE_PAGE_MAX;
  const page = await service.listEvents(reader, { startingAfter, limit });
  return page.events === null ? { ...page, hasMore: false } : page;
}
