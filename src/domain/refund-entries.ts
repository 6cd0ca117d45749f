/** What happens to refunds as audit entries, with what each changes in the order. Pure. */
import type { AuditDraft } from './audit.js';
import { decidedAt } from './decision-context.js';
import { decisionEntry, reviewOutcome } from './decision-entry.js';
import type { PaymentFacts } from './evidence.js';
import type { Order, OrderChanges, OrderStatus } from './order.js';
import type { Refund, RefundQueryEvidence, RefundRequest, RefundSubmission } from './refund.js';
import { refundableAmount } from './refund-rules.js';
import { growingPauseMs } from './schedule.js';

/**
 * Reserves the amount and says that the gateway may have been told: written before it is, so that whoever goes on from
 * the record asks first.
 */
export function refundRequestedEntry(order: Order, request: RefundRequest, at: string): AuditDraft {
  const refund: Refund = {
    refundNo: request.refundNo,
    amount: request.amount ?? refundableAmount(order),
    reason: request.reason,
    method: request.method,
    status: 'unknown',
    requestedBy: request.requestedBy,
    contentHash: request.contentHash,
    requestedAt: at,
    settledAt: null,
    gatewayTransNo: null,
    submissions: 1,
    rounds: 0,
    nextCheckAt: new Date(Date.parse(at) + growingPauseMs(0)).toISOString(),
    lastQueryId: null,
    failureCode: null,
  };
  return {
    kind: 'refund',
    event: 'refund.requested',
    at,
    summary: `A refund was asked for by ${request.requestedBy}: ${request.reason}`,
    data: { refundNo: refund.refundNo, amount: refund.amount, requestedBy: refund.requestedBy },
    changes: { refunds: [...order.refunds, refund] },
  };
}

/** What became of telling the gateway. Accepted is pending: refunds settle later. */
export function refundSubmittedEntry(order: Order, submission: RefundSubmission): AuditDraft {
  const sentences = {
    accepted: 'The gateway accepted the refund.',
    refused: 'The gateway answered the refund with an error; it is asked what became of it.',
    unknown: 'The outcome of the refund is not known; the gateway is asked.',
  } as const;
  return {
    kind: 'refund',
    event: 'refund.submitted',
    at: submission.answeredAt,
    summary: sentences[submission.outcome],
    data: {
      refundNo: submission.refundNo,
      outcome: submission.outcome,
      code: submission.code,
      detail: submission.detail,
    },
    changes: replaced(order, submission.refundNo, (refund) => submitted(refund, submission)),
  };
}

/** Refused without a code: nothing was sent, so it is over and nothing can have happened. */
function submitted(refund: Refund, submission: RefundSubmission): Refund {
  // Its callback was faster than the answer to the call: what is settled stays settled.
  if (refund.settledAt !== null) {
    return { ...refund, gatewayTransNo: refund.gatewayTransNo ?? submission.gatewayTransNo };
  }
  const isNeverSent =
    submission.outcome === 'refused' && submission.code === null && refund.submissions === 1;
  if (isNeverSent) {
    return { ...refund, status: 'failed', settledAt: submission.answeredAt, nextCheckAt: null };
  }
  return {
    ...refund,
    status: submission.outcome === 'accepted' ? 'pending' : 'unknown',
    gatewayTransNo: submission.gatewayTransNo ?? refund.gatewayTransNo,
    failureCode: submission.outcome === 'refused' ? submission.code : null,
  };
}

/** Late money that could not be refunded by the policy: a person decides. */
export function lateRefundRefusedEntry(
  order: Order,
  refusal: string,
  context: { readonly sequence: number; readonly nowMs: number },
): AuditDraft {
  const outcome = reviewOutcome('late_payment', {
    summary: `Late money could not be refunded by the policy: ${refusal}.`,
  });
  const at = decidedAt(context);
  const source = order.decidedBy?.source ?? 'query';
  return decisionEntry(order, outcome, { source, at, auditSequence: context.sequence });
}

/** The end of a refund, with what it makes of the order. */
export function settledEntry(
  order: Order,
  refund: Refund,
  settlement: {
    readonly isSucceeded: boolean;
    /** `null` when the gateway proved that it never made the refund. */
    readonly facts: PaymentFacts | null;
    readonly at: string;
    readonly sequence: number;
    readonly source: 'query' | 'callback';
  },
): AuditDraft {
  const { isSucceeded, facts, at, sequence, source } = settlement;
  const changes = replaced(order, refund.refundNo, () => ({
    ...refund,
    status: isSucceeded ? 'succeeded' : 'failed',
    settledAt: at,
    nextCheckAt: null,
    gatewayTransNo: facts?.gatewayTransNo ?? refund.gatewayTransNo,
    failureCode: isSucceeded ? null : (facts?.failureCode ?? refund.failureCode),
  }));
  const refundedAmount = order.refundedAmount + (isSucceeded ? refund.amount : 0);
  const status = statusAfter(order, isSucceeded, refundedAmount);
  return {
    kind: 'decision',
    event: isSucceeded ? 'refund.succeeded' : 'refund.failed',
    at,
    summary: isSucceeded ? 'The refund succeeded.' : 'The refund failed; its amount is free again.',
    data: {
      refundNo: refund.refundNo,
      amount: refund.amount,
      from: order.status,
      to: status,
      evidenceSequence: sequence,
    },
    changes: {
      ...changes,
      ...(status === order.status && !isSucceeded
        ? {}
        : { refundedAmount, status, decidedBy: { source, at, auditSequence: sequence } }),
      // Late money that could not be given back is a case for a person.
      ...(status === 'review' ? { reviewReason: 'late_payment' as const } : {}),
    },
  };
}

function statusAfter(order: Order, isSucceeded: boolean, refundedAmount: number): OrderStatus {
  if (!isSucceeded) return order.status === 'canceled' ? 'review' : order.status;
  return refundedAmount >= order.refundCapAmount ? 'refunded' : 'partially_refunded';
}

/** An answer about a refund, as it is kept. */
export function answerEntry(evidence: RefundQueryEvidence, changes: OrderChanges): AuditDraft {
  const { result } = evidence;
  const sentences = {
    succeeded: 'it succeeded',
    pending: 'it is in progress',
    failed: 'it failed',
    not_found: 'it is not known there',
    unknown: 'no answer that can be trusted',
  } as const;
  return {
    kind: 'query',
    event: 'refund.query.answered',
    at: evidence.answeredAt,
    summary: `Query of the refund: ${sentences[result.answer]}.`,
    data: {
      reason: 'refund',
      refundNo: evidence.refundNo,
      answer: result.answer,
      askedAt: evidence.askedAt,
      durationMs: Date.parse(evidence.answeredAt) - Date.parse(evidence.askedAt),
      reply: { ...result.reply },
    },
    changes,
  };
}

/** The order's refunds with one of them changed. */
export function replaced(
  order: Order,
  refundNo: string,
  change: (refund: Refund) => Refund,
): OrderChanges {
  return {
    refunds: order.refunds.map((refund) =>
      refund.refundNo === refundNo ? change(refund) : refund,
    ),
  };
}
