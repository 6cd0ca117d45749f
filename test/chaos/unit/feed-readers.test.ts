import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/chaos/checks/feed.js';
import { Findings } from '../../../src/chaos/checks/findings.js';
import { type FeedService, followFeed, readToEnd } from '../../../src/chaos/feed-readers.js';
import type { FeedReader } from '../../../src/chaos/journal.js';
import type { OrderEventMessage } from '../../../src/domain/events.js';
import { eventually } from '../../support/eventually.js';

const PAUSE_MS = 1;
const event = (id: string) => ({ id }) as OrderEventMessage;

/** A feed that grows, of a service that does not always answer; and the pages that it gave. */
class GrowingFeed implements FeedService {
  readonly given: { readonly reader: FeedReader; readonly ids: readonly string[] }[] = [];
  /** So many answers are still missing. */
  away = 0;
  asked = 0;

  constructor(readonly ids: string[]) {}

  async listEvents(reader: FeedReader, page: { startingAfter: string | null; limit: number }) {
    this.asked += 1;
    this.away -= 1;
    if (this.away >= 0) return { status: null, events: null };
    const from = page.startingAfter === null ? 0 : this.ids.indexOf(page.startingAfter) + 1;
    const ids = this.ids.slice(from, from + page.limit);
    this.given.push({ reader, ids });
    const hasMore = from + ids.length < this.ids.length;
    return { status: 200, events: ids.map(event), hasMore };
  }

  givenTo(name: FeedReader): readonly string[] {
    return this.given.filter(({ reader }) => reader === name).flatMap(({ ids }) => ids);
  }
}

describe('a follower of the feed', () => {
  it('when the service is away for a while, then it goes on from the last event that it has', async () => {
    const feed = new GrowingFeed(['a', 'b', 'c', 'd', 'e']);
    const follower = followFeed(feed, PAUSE_MS);
    await eventually('it has all there is', () => feed.givenTo('follower').length === 5);
    feed.away = 3;
    feed.ids.push('f', 'g');
    await eventually('it has the rest', () => feed.givenTo('follower').length === 7);
    expect(await follower.stop()).toBe('g');
    expect(feed.givenTo('follower')).toEqual(feed.ids);
  });

  it('when it is stopped while the service is away, then it ends', async () => {
    const feed = new GrowingFeed([]);
    feed.away = Number.POSITIVE_INFINITY;
    expect(await followFeed(feed, PAUSE_MS).stop()).toBeNull();
  });
});

describe('reading to the end', () => {
  it('when the service fails in between, then it is asked again, and nothing is read twice', async () => {
    const feed = new GrowingFeed(['a', 'b', 'c', 'd']);
    feed.away = 3;
    expect(await readToEnd(feed, 'follower', 'a', PAUSE_MS)).toBeNull();
    expect(feed.asked).toBe(4);
    expect(feed.givenTo('follower')).toEqual(['b', 'c', 'd']);
  });

  it('when the service stays away, then it is said that the feed was not read', async () => {
    const feed = new GrowingFeed(['a']);
    feed.away = Number.POSITIVE_INFINITY;
    const findings = new Findings();
    await readFeed(feed, null, findings, PAUSE_MS);
    expect(findings.violations.map(({ invariant }) => invariant)).toEqual([
      'followers_miss_nothing',
      'feed_is_whole',
    ]);
  });

  it('when a page says that there is more and gives none, then it ends and says so', async () => {
    const stuck: FeedService = {
      listEvents: async () => ({ status: 200, events: [], hasMore: true }),
    };
    expect(await readToEnd(stuck, 'last_reader', 'a', PAUSE_MS)).toContain('after a');
  });
});
