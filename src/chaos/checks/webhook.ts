/** The webhook told the merchant's back end what the feed tells, however often. */
import { isDeepStrictEqual } from 'node:util';
import type { EventReceived } from '../journal.js';
import { type Evidence, toldOf } from './evidence.js';
import { givenTo } from './feed.js';

export function checkWebhook(evidence: Evidence): void {
  const { findings, journal } = evidence;
  const feed = new Map(givenTo('last_reader', evidence).map((event) => [event.id, event]));
  const taken = new Set<string>();
  const bodies = new Map<string, string>();
  for (const received of toldOf(journal, 'event_received')) {
    const { eventId, body } = received;
    const event = feed.get(eventId);
    const problem = problemOf(received, event, bodies.get(eventId));
    if (problem !== null) {
      findings.add('webhook_agrees', event?.data.merchantOrderNo ?? null, `${eventId} ${problem}`);
    }
    if (received.isTaken) taken.add(eventId);
    bodies.set(eventId, body);
  }
  for (const { id, type, data } of feed.values()) {
    if (taken.has(id)) continue;
    const detail = `${type} ${id} ${bodies.has(id) ? 'was refused, and not sent again' : 'was never sent'}`;
    findings.add('webhook_tells_all', data.merchantOrderNo, detail);
  }
}

function problemOf(
  { body, isSigned }: EventReceived,
  event: { readonly id: string } | undefined,
  bodyBefore: string | undefined,
): string | null {
  if (!isSigned) return 'is not signed';
  if (event === undefined) return 'is not in the feed';
  if (bodyBefore !== undefined && bodyBefore !== body) return `has another body: ${body}`;
  const isAsListed = isDeepStrictEqual(JSON.parse(body), event);
  return isAsListed ? null : `is not what the feed says: ${body}`;
}
