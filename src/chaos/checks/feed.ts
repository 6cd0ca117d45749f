/** The event feed told the merchant everything, once, and in order. */
import { isDeepStrictEqual } from 'node:util';
import { eventMessage, eventsOf, type OrderEventMessage } from '../../domain/events.js';
import { type FeedService, readToEnd } from '../feed-readers.js';
import type { FeedReader } from '../journal.js';
import { type Evidence, toldOf } from './evidence.js';
import type { Findings } from './findings.js';

type Feed = readonly OrderEventMessage[];

/**
 * Lets the follower read what it has not seen yet, and reads the feed whole once more; the pages are journaled as all
 * answers are.
 */
export async function readFeed(
  service: FeedService,
  followedTo: string | null,
  findings: Findings,
  pauseMs?: number,
): Promise<void> {
  const missed = await readToEnd(service, 'follower', followedTo, pauseMs);
  if (missed !== null) findings.add('followers_miss_nothing', null, missed);
  const unread = await readToEnd(service, 'last_reader', null, pauseMs);
  if (unread !== null) findings.add('feed_is_whole', null, unread);
}

export function checkFeed(evidence: Evidence): void {
  const feed = givenTo('last_reader', evidence);
  checkAgainstAudits(feed, evidence);
  checkPlaces(feed, evidence);
  checkAgainstRecords(feed, evidence);
  checkFollower(feed, evidence);
}

/** All that a reader of the feed was given, in the order in which it got it. */
export function givenTo(name: FeedReader, { journal }: Evidence): Feed {
  const pages = toldOf(journal, 'events_told').filter(({ reader }) => reader === name);
  return pages.flatMap(({ events }) => events);
}

function checkAgainstAudits(feed: Feed, { audits, findings }: Evidence): void {
  // A chain without its first entry tells nothing of the order; that it is torn is found elsewhere.
  const whole = [...audits.values()].filter(([first]) => first?.sequence === 1);
  const promised = new Map(
    whole.flatMap((entries) => eventsOf(null, entries)).map((event) => [event.id, event]),
  );
  const given = new Map(feed.map((event) => [event.id, event]));
  for (const [id, event] of promised) {
    const { merchantOrderNo: number } = event.data;
    const found = given.get(id);
    if (found === undefined)
      findings.add('feed_is_whole', number, `${event.type} ${id} is missing`);
    else if (!isDeepStrictEqual(found, eventMessage(event))) {
      const detail = `${event.type} ${id} is not as its audit tells it: ${JSON.stringify(found)}`;
      findings.add('feed_is_whole', number, detail);
    }
  }
  for (const { id, type, data } of feed) {
    if (promised.has(id)) continue;
    findings.add('feed_is_never_invented', data.merchantOrderNo, `${type} ${id} is in no audit`);
  }
}

function checkPlaces(feed: Feed, { findings }: Evidence): void {
  const seen = new Set<string>();
  const sequences = new Map<string, number>();
  for (const { id, type, data } of feed) {
    const { merchantOrderNo: number, sequence } = data;
    if (seen.has(id)) findings.add('feed_tells_once', number, `${type} ${id} is there again`);
    seen.add(id);
    const before = sequences.get(number) ?? 0;
    if (sequence < before) {
      findings.add('feed_keeps_order', number, `${type} of entry ${sequence} is behind ${before}`);
    }
    sequences.set(number, Math.max(before, sequence));
  }
}

/** Not by what counts as an event: a decision that is wrongly none is found here alone. */
function checkAgainstRecords(feed: Feed, { orders, findings }: Evidence): void {
  const lastOf = new Map(feed.map(({ data }) => [data.merchantOrderNo, data]));
  const endsTold = new Map(
    feed.flatMap(({ data: { refund } }) =>
      refund === null ? [] : [[refund.refundNo, refund.status]],
    ),
  );
  for (const { merchantOrderNo: number, status, refundedAmount, refunds } of orders.values()) {
    for (const { refundNo, settledAt, status: end } of refunds) {
      if (settledAt === null || endsTold.get(refundNo) === end) continue;
      const detail = `refund ${refundNo} ${end}, told ${endsTold.get(refundNo) ?? 'nothing'}`;
      findings.add('feed_agrees', number, detail);
    }
    // On its way to its end: nobody is told of that.
    if (status === 'pending' || status === 'canceling') continue;
    const last = lastOf.get(number);
    if (last?.status === status && last.refundedAmount === refundedAmount) continue;
    const told = last === undefined ? 'nothing' : `${last.status}, refunded ${last.refundedAmount}`;
    const recorded = `${status}, refunded ${refundedAmount}`;
    findings.add('feed_agrees', number, `told ${told}; the record says ${recorded}`);
  }
}

function checkFollower(feed: Feed, evidence: Evidence): void {
  const followed = givenTo('follower', evidence);
  const length = Math.max(feed.length, followed.length);
  for (let index = 0; index < length; index += 1) {
    const [place, given] = [feed[index], followed[index]];
    if (isDeepStrictEqual(place, given)) continue;
    // What comes after the first difference follows from it.
    const detail = `place ${index + 1} is ${place?.id ?? 'free'}, it was given ${given?.id ?? 'nothing'}`;
    const number = (place ?? given)?.data.merchantOrderNo ?? null;
    evidence.findings.add('followers_miss_nothing', number, detail);
    return;
  }
}
