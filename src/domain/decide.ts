/**
 * The one place where evidence becomes a change of status. Pure: the same order and the same evidence give the same
 * decision in the workflow, in tests and in the simulation.
 */
import type { AnomalyDraft, AuditDraft } from './audit.js';
import { decisionEntry, type Outcome, reviewOutcome } from './decision-entry.js';
import type { CallbackEvidence, Evidence, PaymentFacts, QueryEvidence } from './evidence.js';
import { callbackEntry, queryEntry } from './evidence-entries.js';
import type { Order } from './order.js';
import { isFinal } from './order-state.js';

export interface Decision {
  /** Audit entries in order: the evidence, then what was decided by it, if anything. */
  readonly drafts: readonly AuditDraft[];
  readonly anomalies: readonly AnomalyDraft[];
  /** The evidence cannot decide by itself: the gateway must be asked. */
  readonly wakesQuery: boolean;
}

const UNDECIDED: Outcome = {};

/**
 * Decides what one piece of evidence means for the order.
 * @param sequence the audit sequence the evidence's own entry will get
 */
export function decide(order: Order, evidence: Evidence, sequence: number): Decision {
  const at = evidence.source === 'callback' ? evidence.receivedAt : evidence.answeredAt;
  const evidenceDraft =
    evidence.source === 'callback' ? callbackEntry(order, evidence) : queryEntry(order, evidence);
  const outcome =
    evidence.source === 'callback'
      ? outcomeOfCallback(order, evidence)
      : outcomeOfQuery(order, evidence);
  const drafts: AuditDraft[] = [evidenceDraft];
  if (outcome.to !== undefined) {
    drafts.push(
      decisionEntry(order, outcome, { source: evidence.source, at, auditSequence: sequence }),
    );
  }
  return {
    drafts,
    anomalies: outcome.anomaly === undefined ? [] : [{ ...outcome.anomaly, at }],
    wakesQuery: outcome.wakesQuery === true,
  };
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

function outcomeOfCallback(order: Order, evidence: CallbackEvidence): Outcome {
  const { facts } = evidence;
  const wakesQuery = !isFinal(order.status) || order.status === 'canceled';
  if (facts === null || facts.transactionKind !== 'sale') return { wakesQuery };
  if (evidence.isStale) return { wakesQuery };
  if (facts.state !== 'paid') return { wakesQuery };
  if (order.status === 'canceling' && order.closing?.mayHaveRevoked === true) {
    // The revoke may have given this very money back: only the gateway's answer can tell.
    return { wakesQuery: true };
  }
  return outcomeOfPaid(order, facts, evidence.receivedAt);
}

function outcomeOfQuery(order: Order, evidence: QueryEvidence): Outcome {
  const { result } = evidence;
  if (result.answer === 'paid') {
    if (order.status === 'canceling' && order.closing?.mayHaveRevoked === true) {
      return reviewOutcome('refunded_by_cancel', {
        summary: 'The gateway says paid although it may have revoked the order, which refunds it.',
      });
    }
    return outcomeOfPaid(order, result.facts, evidence.answeredAt);
  }
  if (result.answer === 'closed') return outcomeOfClosed(order, result.facts);
  return UNDECIDED;
}

/** A signed message says that a sale under our number succeeded. */
function outcomeOfPaid(order: Order, facts: PaymentFacts, at: string): Outcome {
  const mismatched = mismatchedFields(order, facts);
  switch (order.status) {
    case 'pending':
    case 'canceling':
      if (mismatched.length > 0) return mismatchOutcome(mismatched);
      return paidOutcome(order, facts, at);
    case 'review':
      if (order.reviewReason === 'unclosable' && mismatched.length === 0) {
        if (order.closing?.mayHaveRevoked === true) return UNDECIDED;
        return paidOutcome(order, facts, at);
      }
      return UNDECIDED;
    case 'canceled':
      return reviewOutcome('late_payment', {
        summary: 'Paid at the gateway after the order was closed unpaid.',
        changes: {
          paidAmount: facts.paidAmount ?? facts.amount ?? 0,
          gatewayTransNo: facts.gatewayTransNo,
        },
      });
    default:
      return outcomeOfPaidAgain(order, facts, mismatched);
  }
}

/** The same fact again changes nothing; another payment under the same number is money that is owed back. */
function outcomeOfPaidAgain(
  order: Order,
  facts: PaymentFacts,
  mismatched: readonly string[],
): Outcome {
  const isOther =
    facts.gatewayTransNo !== null &&
    order.gatewayTransNo !== null &&
    facts.gatewayTransNo !== order.gatewayTransNo;
  if (isOther) {
    return {
      anomaly: {
        kind: 'duplicate_payment',
        detail: `a second payment ${facts.gatewayTransNo} under an order that was paid by ${order.gatewayTransNo}`,
      },
    };
  }
  if (mismatched.length > 0) {
    return {
      anomaly: {
        kind: 'contradiction',
        detail: `paid order, new facts differ in ${mismatched.join(', ')}`,
      },
    };
  }
  return UNDECIDED;
}

function outcomeOfClosed(order: Order, facts: PaymentFacts): Outcome {
  const wasPaid = facts.hasPaymentTraces || order.closing?.isPaymentSeen === true;
  switch (order.status) {
    case 'pending':
      return (facts.paidAmount ?? 0) > 0
        ? reviewOutcome('contradiction', {
            summary: 'The gateway closed the order although money had been paid.',
          })
        : UNDECIDED;
    case 'canceling':
    case 'canceled':
      if (wasPaid && order.closing?.mayHaveRevoked === true) {
        return reviewOutcome('refunded_by_cancel', {
          summary: 'The order was paid just before the revoke, which refunded it.',
        });
      }
      if ((facts.paidAmount ?? 0) > 0) {
        return reviewOutcome('contradiction', {
          summary: 'The gateway closed the order although money had been paid.',
        });
      }
      return order.status === 'canceling'
        ? {
            to: 'canceled',
            event: 'order.canceled',
            summary: 'The gateway says the order is closed and unpaid.',
          }
        : UNDECIDED;
    case 'paid':
    case 'partially_refunded':
      // Paid stays paid: an answer may be older than the payment. But somebody must look.
      return {
        anomaly: { kind: 'contradiction', detail: 'the gateway calls a paid order closed' },
      };
    default:
      return UNDECIDED;
  }
}

function paidOutcome(order: Order, facts: PaymentFacts, at: string): Outcome {
  return {
    to: 'paid',
    event: 'order.paid',
    summary: 'Paid: signed by the gateway; number, merchant, amount and currency are ours.',
    changes: {
      paidAmount: facts.paidAmount ?? order.amount,
      paidAt: facts.endedAt ?? at,
      gatewayTransNo: facts.gatewayTransNo ?? order.gatewayTransNo,
      reviewReason: null,
    },
  };
}

function mismatchOutcome(fields: readonly string[]): Outcome {
  return reviewOutcome('amount_mismatch', {
    summary: `The gateway says paid, but its ${fields.join(', ')} differ from the order's.`,
  });
}
