/**
 * The one place where evidence becomes a change of status. Pure: the same order and the same evidence give the same
 * decision in the workflow, in tests and in the simulation.
 */
import { type AnomalyDraft, type AuditDraft, applyDrafts } from './audit.js';
import { type DecisionContext, decidedAt } from './decision-context.js';
import { decisionEntry, type Outcome, reviewOutcome } from './decision-entry.js';
import type { CallbackEvidence, Evidence, PaymentFacts, QueryEvidence } from './evidence.js';
import { callbackEntry, queryEntry } from './evidence-entries.js';
import { mayHaveRevoked, type Order, type OrderDecision } from './order.js';
import { isFinal } from './order-state.js';
import {
  isPaymentRevoked,
  isPaymentSeen,
  isSecondPayment,
  mismatchOutcome,
  outcomeOfLateMoney,
  paidOutcome,
  refundedByCancelOutcome,
  withSecondPayment,
} from './payment-outcomes.js';

export interface Decision {
  /** Audit entries in order: the evidence, then what was decided by it, if anything. */
  readonly drafts: readonly AuditDraft[];
  readonly anomalies: readonly AnomalyDraft[];
  /** The evidence cannot decide by itself: the gateway must be asked. */
  readonly wakesQuery: boolean;
}

/** An answer whose decision is not in the record yet. */
const UNMARKED = '';

const UNDECIDED: Outcome = {};

const CLOSED_UNPAID: Outcome = {
  to: 'canceled',
  event: 'order.canceled',
  summary: 'The gateway says the order is closed and unpaid.',
  changes: { reviewReason: null },
};

/** The order's record holds this very evidence already: it came twice, or its write was repeated. */
export function isRecorded(order: Order, evidence: Evidence): boolean {
  return evidence.source === 'callback'
    ? order.callbackIds.includes(evidence.callbackId)
    : order.lastAnswer?.queryId === evidence.queryId;
}

/** Decides what one piece of evidence means for the order. */
export function decide(order: Order, evidence: Evidence, context: DecisionContext): Decision {
  const at = decidedAt(context);
  const [evidenceDraft, outcome] =
    evidence.source === 'callback'
      ? [callbackEntry(order, evidence, context), outcomeOfCallback(order, evidence, context)]
      : [queryEntry(order, evidence, context), outcomeOfQuery(order, evidence, context)];
  return {
    drafts: draftsOf(order, evidenceDraft, outcome, {
      source: evidence.source,
      at,
      auditSequence: context.sequence,
    }),
    anomalies: (outcome.anomalies ?? []).map((anomaly) => ({ ...anomaly, at })),
    wakesQuery: outcome.wakesQuery === true,
  };
}

/**
 * The evidence, and the decision by it if there is one. What marks the evidence as recorded goes into the last entry: a
 * crash between the two leaves evidence that is decided again, never a decision that is lost.
 */
function draftsOf(
  order: Order,
  evidenceDraft: AuditDraft,
  outcome: Outcome,
  decidedBy: OrderDecision,
): readonly AuditDraft[] {
  if (outcome.to === undefined) return [evidenceDraft];
  const after = applyDrafts(order, [evidenceDraft]);
  const decision = decisionEntry(after, outcome, decidedBy);
  const { callbackIds, lastAnswer, ...others } = evidenceDraft.changes;
  const unmarked = lastAnswer == null ? {} : { lastAnswer: { ...lastAnswer, queryId: UNMARKED } };
  const marks = {
    ...(callbackIds === undefined ? {} : { callbackIds }),
    ...(lastAnswer === undefined ? {} : { lastAnswer }),
  };
  return [
    { ...evidenceDraft, changes: { ...others, ...unmarked } },
    { ...decision, changes: { ...marks, ...decision.changes } },
  ];
}

/** Fields in which a message that says paid differs from our order. Tips and discounts are no mismatch. */
export function mismatchedFields(order: Order, facts: PaymentFacts): readonly string[] {
  const fields: string[] = [];
  if (facts.merchantNo !== order.merchantNo) fields.push('merchantNo');
  if (facts.merchantOrderNo !== order.merchantOrderNo) fields.push('merchantOrderNo');
  if (facts.currency !== order.currency) fields.push('currency');
  if (facts.amount !== order.amount) fields.push('amount');
  return fields;
}

function outcomeOfCallback(
  order: Order,
  evidence: CallbackEvidence,
  context: DecisionContext,
): Outcome {
  const { facts } = evidence;
  const wakesQuery = !isFinal(order.status) || order.status === 'canceled';
  if (facts === null || facts.transactionKind !== 'sale') return { wakesQuery };
  if (evidence.isStale) {
    // Nothing is decided by it; but a payment beside the one that is known is told, whatever its age: it is owed back.
    return withSecondPayment(order, facts, { wakesQuery });
  }
  if (facts.state !== 'paid' || !isComplete(facts)) return { wakesQuery };
  if (order.status === 'canceling' && mayHaveRevoked(order)) {
    // The revoke may have given this very money back: only the gateway's answer can tell.
    return withSecondPayment(order, facts, { wakesQuery });
  }
  return withSecondPayment(order, facts, outcomeOfPaid(order, facts, context));
}

/** Only what says whose money it is, and how much, can prove anything. */
function isComplete(facts: PaymentFacts): boolean {
  return facts.merchantNo !== null && facts.currency !== null && facts.amount !== null;
}

function outcomeOfQuery(order: Order, evidence: QueryEvidence, context: DecisionContext): Outcome {
  const { result } = evidence;
  if (result.answer === 'paid') {
    return withSecondPayment(
      order,
      result.facts,
      outcomeOfPaidAnswer(order, result.facts, context),
    );
  }
  if (result.answer === 'closed') return outcomeOfClosed(order, result.facts, context);
  if (result.answer === 'open' && isUnclosable(order)) {
    return reopenedClosing(order, decidedAt(context));
  }
  return UNDECIDED;
}

function outcomeOfPaidAnswer(order: Order, facts: PaymentFacts, context: DecisionContext): Outcome {
  if (order.status === 'canceling' && mayHaveRevoked(order)) {
    return refundedByCancelOutcome(order, facts, {
      summary: 'The gateway says paid although it may have revoked the order, which refunds it.',
      context,
    });
  }
  // The question named our merchant; the reply need not repeat it.
  const merchantNo = facts.merchantNo ?? order.merchantNo;
  return outcomeOfPaid(order, { ...facts, merchantNo }, context);
}

/** A signed message says that a sale under our number succeeded. */
function outcomeOfPaid(order: Order, facts: PaymentFacts, context: DecisionContext): Outcome {
  const mismatched = mismatchedFields(order, facts);
  switch (order.status) {
    case 'pending':
    case 'canceling':
      if (mismatched.length > 0) return mismatchOutcome(order, facts, mismatched);
      return paidOutcome(order, facts, context);
    case 'review':
      if (isUnclosable(order) && mismatched.length === 0 && !mayHaveRevoked(order)) {
        return paidOutcome(order, facts, context);
      }
      return UNDECIDED;
    case 'canceled':
      return outcomeOfLateMoney(order, facts, { mismatched, context });
    default:
      return outcomeOfPaidAgain(order, facts, mismatched);
  }
}

/** The same fact again changes nothing; other facts of the same payment are strange. */
function outcomeOfPaidAgain(
  order: Order,
  facts: PaymentFacts,
  mismatched: readonly string[],
): Outcome {
  if (mismatched.length === 0 || isSecondPayment(order, facts)) return UNDECIDED;
  return {
    anomalies: [
      {
        kind: 'contradiction',
        detail: `paid order, new facts differ in ${mismatched.join(', ')}`,
      },
    ],
  };
}

/** Nobody could prove in time that it is unpaid; a definite answer still settles it. */
function isUnclosable(order: Order): boolean {
  return order.status === 'review' && order.reviewReason === 'unclosable';
}

/** The gateway answers again and calls the order open: closing goes on. */
function reopenedClosing(order: Order, at: string): Outcome {
  if (order.closing === null) return UNDECIDED;
  return {
    to: 'canceling',
    event: 'order.canceling',
    summary: 'The gateway answers again and the order is open: closing goes on.',
    changes: {
      reviewReason: null,
      closing: { ...order.closing, startedAt: at, rounds: 0, nextAt: at },
    },
  };
}

function outcomeOfClosed(order: Order, facts: PaymentFacts, context: DecisionContext): Outcome {
  switch (order.status) {
    case 'pending':
      return (facts.paidAmount ?? 0) > 0
        ? reviewOutcome('contradiction', {
            summary: 'The gateway closed the order although money had been paid.',
          })
        : UNDECIDED;
    case 'review':
      return isUnclosable(order) && !isPaymentSeen(order, facts) ? CLOSED_UNPAID : UNDECIDED;
    case 'canceling':
    case 'canceled':
      if (isPaymentRevoked(order, facts, context)) {
        return refundedByCancelOutcome(order, facts, {
          summary: 'The order was paid just before the revoke, which refunded it.',
          context,
        });
      }
      if ((facts.paidAmount ?? 0) > 0) {
        return reviewOutcome('contradiction', {
          summary: 'The gateway closed the order although money had been paid.',
        });
      }
      return order.status === 'canceling' ? CLOSED_UNPAID : UNDECIDED;
    case 'paid':
    case 'partially_refunded':
      // Paid stays paid: an answer may be older than the payment. But somebody must look.
      return {
        anomalies: [{ kind: 'contradiction', detail: 'the gateway calls a paid order closed' }],
      };
    default:
      return UNDECIDED;
  }
}
