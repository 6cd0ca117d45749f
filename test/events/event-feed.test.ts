/** The feed never skips an event and never puts one before another that was already listed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventRepository } from '../../src/store/event.repository.js';
import {
  anEvent,
  type EventEnvironment,
  eventEnvironment,
  onNextCall,
  START_MS,
  wholeFeed,
} from './event-environment.js';

const AT = new Date(START_MS).toISOString();
const LISTED = { isDelivered: false, at: AT };
const insertOf = (id: string) => ({ model: 'Event', operation: 'insertOne', id }) as const;

let environment: EventEnvironment;
let events: EventRepository;

beforeAll(async () => {
  environment = await eventEnvironment();
  events = environment.stores.events;
});
afterAll(async () => await environment.close());

/** Every test has a feed of its own. */
const aMerchant = () => `M-${randomUUID()}`;

/** @param store another one stands for another process */
async function appended(
  merchantNo: string,
  count: number,
  store: EventRepository = events,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const event = anEvent(merchantNo);
    await store.append(event, LISTED);
    ids.push(event.id);
  }
  return ids;
}

describe('the feed', () => {
  it('when events are appended one after another, then it lists them in that order, page by page', async () => {
    const merchantNo = aMerchant();
    const ids = await appended(merchantNo, 8);
    const first = await events.list(merchantNo, { limit: 3 });
    expect(first).toMatchObject({ hasMore: true });
    expect(first?.data.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const rest = await events.list(merchantNo, { limit: 5, startingAfter: ids[2] ?? '' });
    expect(rest?.data.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(rest?.hasMore).toBe(false);
    expect(await wholeFeed(events, merchantNo)).toEqual(ids);
  });

  it('when an event is listed, then nothing but its message is shown', async () => {
    const merchantNo = aMerchant();
    const event = anEvent(merchantNo);
    await events.append(event, LISTED);
    const { id, type, timestamp, data } = event;
    expect(await events.list(merchantNo, { limit: 1 })).toEqual({
      data: [{ id, type, timestamp, data }],
      hasMore: false,
    });
  });

  it('when nothing has happened, then the page is empty; when the cursor is unknown, then there is no page', async () => {
    const merchantNo = aMerchant();
    expect(await events.list(merchantNo, { limit: 5 })).toEqual({ data: [], hasMore: false });
    expect(await events.list(merchantNo, { limit: 5, startingAfter: 'unknown' })).toBeNull();
    const [foreign] = await appended(aMerchant(), 1);
    expect(await events.list(merchantNo, { limit: 5, startingAfter: foreign ?? '' })).toBeNull();
  });

  it('when the same event is appended again, also at the same time, then it is there once and blocks nothing', async () => {
    const merchantNo = aMerchant();
    const event = anEvent(merchantNo);
    await Promise.all(Array.from({ length: 10 }, () => events.append(event, LISTED)));
    await events.append(event, LISTED);
    const [next] = await appended(merchantNo, 1);
    expect(await wholeFeed(events, merchantNo)).toEqual([event.id, next]);
  });
});

describe('a writer', () => {
  it('when it stalls before its event is written, then other processes pass it, and its event stands behind theirs', async () => {
    const merchantNo = aMerchant();
    const before = await appended(merchantNo, 1);
    const slow = anEvent(merchantNo);
    let listed: readonly string[] = [];
    onNextCall(environment.connection, insertOf(slow.id), async (insert) => {
      const after = await appended(merchantNo, 2, new EventRepository(environment.connection));
      listed = await wholeFeed(events, merchantNo);
      expect(listed).toEqual([...before, ...after]);
      return await insert();
    });
    await events.append(slow, LISTED);
    expect(await wholeFeed(events, merchantNo)).toEqual([...listed, slow.id]);
  });

  it('when it dies before its event is written, then it leaves no gap', async () => {
    const merchantNo = aMerchant();
    const lost = anEvent(merchantNo);
    onNextCall(environment.connection, insertOf(lost.id), async () => {
      throw new Error('crash');
    });
    await expect(events.append(lost, LISTED)).rejects.toThrow('crash');
    const ids = await appended(merchantNo, 2);
    expect(await wholeFeed(events, merchantNo)).toEqual(ids);
  });

  it('when it starts anew in a long feed, then it finds the end', async () => {
    const merchantNo = aMerchant();
    const ids = await appended(merchantNo, 45);
    const last = anEvent(merchantNo);
    await new EventRepository(environment.connection).append(last, LISTED);
    expect(await wholeFeed(events, merchantNo)).toEqual([...ids, last.id]);
  });

  it('when the database was put back to an earlier state under it, then its next event is listed all the same', async () => {
    const merchantNo = aMerchant();
    const [first, ...lost] = await appended(merchantNo, 45);
    await environment.connection.model('Event').deleteMany({ _id: { $in: lost } });
    const next = await appended(merchantNo, 1);
    const nextOfAnother = anEvent(merchantNo);
    await new EventRepository(environment.connection).append(nextOfAnother, LISTED);
    expect(await wholeFeed(events, merchantNo)).toEqual([first, ...next, nextOfAnother.id]);
  });
});

describe('many writers at once', () => {
  it('when some of them crash, then a reader with a cursor gets every event, each once, in one order', async () => {
    const merchantNo = aMerchant();
    const writers = 8;
    const eventsEach = 25;
    const writing = { isOn: true };
    const feeds = Array.from(
      { length: writers },
      () => new EventRepository(environment.connection),
    );
    const read: string[] = [];
    const reader = async () => {
      for (let isLastRound = false; ; isLastRound = !writing.isOn) {
        const last = read.at(-1);
        const page = await events.list(merchantNo, {
          limit: 10,
          ...(last === undefined ? {} : { startingAfter: last }),
        });
        read.push(...(page?.data ?? []).map(({ id }) => id));
        if (isLastRound && page?.hasMore === false) return;
      }
    };
    const written: string[] = [];
    const writer = async (feed: EventRepository) => {
      for (let index = 0; index < eventsEach; index += 1) {
        const event = anEvent(merchantNo);
        written.push(event.id);
        if (index % 5 === 0) {
          onNextCall(environment.connection, insertOf(event.id), async (insert) => {
            // Half of them die after the write: then it is done, and nobody knows.
            if (index % 2 === 0) await insert();
            throw new Error('crash');
          });
        }
        // What a crash interrupted is done again, by whoever.
        for (;;) {
          const isDone = await feed.append(event, LISTED).then(
            () => true,
            () => false,
          );
          if (isDone) break;
        }
      }
    };
    const reading = reader();
    await Promise.all(feeds.map(writer));
    writing.isOn = false;
    await reading;
    expect(new Set(read)).toEqual(new Set(written));
    expect(read).toHaveLength(writers * eventsEach);
    expect(await wholeFeed(events, merchantNo)).toEqual(read);
  });
});
