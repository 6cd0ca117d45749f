/** Cases of the checks of the event feed. */
import type { EventReceived } from '../../../src/chaos/journal.js';
import type { OrderEventMessage } from '../../../src/domain/events.js';
import { type CheckCases, OPEN } from './check-cases.js';

type Received = readonly EventReceived[];
type Feed = readonly OrderEventMessage[];

const unlike = (events: Feed): Feed =>
  events.map((event) => ({ ...event, data: { ...event.data, paidAmount: 1 } }));
const elsewhere = (events: Feed): Feed =>
  events.map((event) => ({
    ...event,
    ...{ id: `${event.id}-2`, data: { ...event.data, merchantOrderNo: 'C-2' } },
  }));

const unsigned = (received: Received): Received =>
  received.map((one) => ({ ...one, isSigned: false }));
const refusedOnce = (received: Received): Received => [
  ...received.map((one) => ({ ...one, isTaken: false })),
  ...received,
];
const rewritten = (received: Received): Received =>
  received.map((one) => ({ ...one, body: one.body.replace('1050', '1051') }));
/** The same, written in another way. */
const respelled = (received: Received): Received =>
  received.map((one) => ({ ...one, body: JSON.stringify(JSON.parse(one.body), null, 1) }));
const renamed = (received: Received): Received =>
  received.map((one) => ({ ...one, eventId: `${one.eventId}-2` }));

export const FEED_CASES = {
  feed_is_whole: {
    breaks: {
      'the feed lacks an event': { feed: (events) => events.slice(1) },
      'an event is not as its audit tells it': { feed: unlike },
    },
    holds: { 'an event is in the feed twice': { feed: (events) => [...events, ...events] } },
  },
  feed_tells_once: {
    breaks: { 'an event is in the feed twice': { feed: (events) => [...events, ...events] } },
    holds: { 'the feed is in another order': { feed: (events) => [...events].reverse() } },
  },
  feed_is_never_invented: {
    breaks: {
      'the feed tells of another order': { feed: (events) => [...events, ...elsewhere(events)] },
      'the feed tells what the audit does not': { audit: (entries) => entries.slice(0, -1) },
    },
    holds: { 'the feed lacks an event': { feed: (events) => events.slice(1) } },
  },
  feed_keeps_order: {
    breaks: { 'a refund is told before its payment': { feed: (events) => [...events].reverse() } },
    holds: {
      'events of two orders are mixed': {
        feed: (events) => [...events.slice(0, 1), ...elsewhere(events), ...events.slice(1)],
      },
    },
  },
  feed_agrees: {
    breaks: {
      'the last event is missing': { feed: (events) => events.slice(0, -1) },
      'a decision was never an event': { order: { status: 'review' } },
      'the feed tells nothing': { feed: () => [] },
      'a refund has ended and was never told': {
        feed: (events) =>
          events.map((event) => ({ ...event, data: { ...event.data, refund: null } })),
      },
    },
    holds: {
      'an open order was not told of': { feed: () => [], order: { ...OPEN, refunds: [] } },
      'an earlier event is missing': { feed: (events) => events.slice(1) },
    },
  },
  followers_miss_nothing: {
    breaks: {
      'a follower misses an event': { followed: (events) => events.slice(1) },
      'a follower misses the end': { followed: (events) => events.slice(0, -1) },
      'a follower is given an event twice': { followed: (events) => [...events, ...events] },
      'a follower is given another order': { followed: (events) => [...events].reverse() },
      'a follower is given another text': { followed: unlike },
    },
    holds: { 'the feed lacks an event for everybody': { feed: (events) => events.slice(1) } },
  },
  webhook_tells_all: {
    breaks: {
      'an event was never sent': { sent: (received) => received.slice(1) },
      'an event was refused, and not sent again': {
        sent: (received) => received.map((one) => ({ ...one, isTaken: false })),
      },
    },
    holds: {
      'an event was refused, and sent again': { sent: refusedOnce },
      'events arrive out of order and twice': {
        sent: (received) => [...[...received].reverse(), ...received],
      },
    },
  },
  webhook_agrees: {
    breaks: {
      'what is sent is not signed': { sent: unsigned },
      'what is sent is not what the feed says': { sent: rewritten },
      'what is sent is in no feed': { sent: (received) => [...received, ...renamed(received)] },
      'an event has another body the second time': {
        sent: (received) => [...received, ...respelled(received)],
      },
    },
    holds: {
      'events arrive out of order and twice': {
        sent: (received) => [...[...received].reverse(), ...received],
      },
      'an event was never sent': { sent: (received) => received.slice(1) },
    },
  },
} satisfies Readonly<Record<string, CheckCases>>;
