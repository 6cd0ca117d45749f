import type { PaymentFacts } from '../domain/evidence.js';
import type { CallbackDocument } from './callback.model.js';
import type { InboxEntry } from './callback-store.js';
import { readableText, readableTime } from './readable-values.js';

/**
 * An inbox entry with a readable value in every field that is acted on. What is damaged counts as what proves nothing:
 * an entry without facts, or an old one, wakes a query, and the gateway's answer decides.
 */
export function inboxEntry({ _id, ...stored }: CallbackDocument): InboxEntry {
  const received = readableTime(stored.receivedAt) ?? readableTime(stored.lastReceivedAt);
  return {
    ...stored,
    callbackId: _id,
    subject: stored.subject === 'refund' ? 'refund' : 'order',
    facts: hasFacts(stored.facts) ? stored.facts : null,
    isStale: stored.isStale !== false,
    receivedAt: received ?? new Date(0).toISOString(),
    deliveredAt: readableText(stored.deliveredAt),
    processedAt: readableText(stored.processedAt),
  };
}

function hasFacts(facts: unknown): facts is PaymentFacts {
  if (typeof facts !== 'object' || facts === null) return false;
  return (
    'state' in facts &&
    typeof facts.state === 'string' &&
    'transactionKind' in facts &&
    typeof facts.transactionKind === 'string'
  );
}
