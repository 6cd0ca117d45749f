/** What a verified callback about a refund means. Pure. */
import type { AuditDraft } from './audit.js';
import { type DecisionContext, decidedAt } from './decision-context.js';
import type { CallbackEvidence } from './evidence.js';
import { callbackEntry } from './evidence-entries.js';
import type { Order } from './order.js';
import { isMismatch } from './refund-decisions.js';
import { settledEntry } from './refund-entries.js';
import { findRefund } from './refund-rules.js';

export interface RefundCallbackDecision {
  readonly drafts: readonly AuditDraft[];
  /** The refund that the gateway must be asked about. */
  readonly wakesRefundNo: string | null;
}

/** Whether a callback is about a refund or void rather than about the sale. */
export function isAboutRefund({ facts }: CallbackEvidence): boolean {
  return facts?.transactionKind === 'refund' || facts?.transactionKind === 'void';
}

/**
 * Only a fresh message that names one of the order's refunds, with its amount and currency, settles it; any other wakes a
 * question. A callback about a refund that is not ours is kept and changes nothing.
 */
export function decideRefundCallback(
  order: Order,
  evidence: CallbackEvidence,
  context: DecisionContext,
): RefundCallbackDecision {
  const entry = callbackEntry(order, evidence, context);
  const { facts } = evidence;
  const refund = facts?.merchantOrderNo == null ? null : findRefund(order, facts.merchantOrderNo);
  if (facts === null || refund === null || refund.settledAt !== null) {
    return { drafts: [entry], wakesRefundNo: null };
  }
  const isSettling = facts.state === 'paid' || facts.state === 'closed';
  if (!isSettling || evidence.isStale || isMismatch(order, refund, facts)) {
    return { drafts: [entry], wakesRefundNo: refund.refundNo };
  }
  const settled = settledEntry(order, refund, {
    isSucceeded: facts.state === 'paid',
    facts,
    at: decidedAt(context),
    sequence: context.sequence,
    source: 'callback',
  });
  // The mark of the evidence goes with the decision: a crash between the two decides again.
  const decided = { ...settled, changes: { ...entry.changes, ...settled.changes } };
  return { drafts: [{ ...entry, changes: {} }, decided], wakesRefundNo: null };
}
