/**
 * Why an order has its status, told from its record and its audit alone: which evidence decided, which did not and why,
 * and what happens next. Pure.
 */
import type { AuditEntry } from './audit.js';
import { type ExplainedEvidence, weighEvidence } from './explain-evidence.js';
import { type NextSentence, nextSentence } from './explain-next.js';
import type { Order, OrderStatus, ReviewReason } from './order.js';

export interface Explanation {
  readonly status: OrderStatus;
  readonly because: string;
  /** Oldest first. */
  readonly evidence: readonly ExplainedEvidence[];
  readonly next: NextSentence;
}

/** @param audit all entries of the order, oldest first */
export function explain(order: Order, audit: readonly AuditEntry[]): Explanation {
  const decisive = decisiveEntry(order, audit);
  return {
    status: order.status,
    because: because(order, audit, decisive),
    evidence: weighEvidence(audit, decisive),
    next: nextSentence(order),
  };
}

/** The entry that gave the order its status; `null` when it still has the one it began with. */
function decisiveEntry(order: Order, audit: readonly AuditEntry[]): AuditEntry | null {
  const deciding = audit.filter(
    ({ kind, changes }) => kind === 'decision' && changes.status === order.status,
  );
  // A decision that keeps the status, such as late money of a canceled order, does not explain it; another refund does.
  return (
    deciding.findLast(({ data, event }) => data.from !== data.to || event.startsWith('refund.')) ??
    null
  );
}

const REVIEW_SENTENCES: Readonly<Record<ReviewReason, string>> = {
  amount_mismatch: 'what was paid is not what was ordered',
  contradiction: 'the gateway contradicts itself',
  refunded_by_cancel: 'the cancel may have refunded a payment',
  unclosable: 'the gateway did not prove in time that nobody paid',
  late_payment: 'money arrived after the order was closed',
};

function because(order: Order, audit: readonly AuditEntry[], decisive: AuditEntry | null): string {
  if (decisive === null) return pendingSentence(order);
  const sentences = [`${decisive.summary} This was decided at ${decisive.at}.`];
  const evidence = audit.find(({ sequence }) => sequence === decisive.data.evidenceSequence);
  if (evidence !== undefined) {
    sentences.push(`The evidence is entry ${evidence.sequence} of the audit: ${evidence.summary}`);
  }
  if (order.status === 'review' && order.reviewReason !== null) {
    sentences.push(`A person has to decide, because ${REVIEW_SENTENCES[order.reviewReason]}.`);
  }
  if (order.status === 'canceled' && order.lateMoney !== null) {
    sentences.push(
      `Money arrived at ${order.lateMoney.at}, after the order was closed; the policy for late payments is ${order.lateMoney.resolution}.`,
    );
  }
  return sentences.join(' ');
}

function pendingSentence(order: Order): string {
  const asked =
    order.lastAnswer === null
      ? 'The gateway has not been asked yet.'
      : `The gateway's last answer, at ${order.lastAnswer.at}, was "${order.lastAnswer.answer}".`;
  return `Nothing has proven a payment, and nothing has proven that nobody can pay any more. ${asked} ${order.checks.done} of the scheduled checks are made.`;
}
