/** What is asked for, told and answered about refunds, as audit entries and changes of the order. Pure. */
import type { AnomalyDraft, AuditDraft } from './audit.js';
import type { PaymentFacts } from './evidence.js';
import type { Order, OrderChanges, OrderStatus } from './order.js';
import type { Refund, RefundQueryEvidence, RefundRequest, RefundSubmission } from './refund.js';
import { findRefund, refundableAmount } from './refund-rules.js';

const PAUSE_MS_FIRST = 2_000;
const PAUSE_MS_MAX = 1_800_000;
/** From this question on a refund that does not settle is an anomaly. */
export const REFUND_STUCK_ROUNDS = 8;
/** A refund that the gateway does not know is told again under the same number this often. */
const SUBMISSIONS_MAX = 3;

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
    nextCheckAt: new Date(Date.parse(at) + PAUSE_MS_FIRST).toISOString(),
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
    changes: replaced(order, submission.refundNo, (refund) => ({
      ...refund,
      status: submission.outcome === 'accepted' ? 'pending' : 'unknown',
      gatewayTransNo: submission.gatewayTransNo ?? refund.gatewayTransNo,
      failureCode: submission.outcome === 'refused' ? submission.code : refund.failureCode,
    })),
  };
}

export interface RefundDecision {
  readonly drafts: readonly AuditDraft[];
  readonly anomalies: readonly AnomalyDraft[];
  /** The gateway never heard of it: it is told again, under the same number. */
  readonly submitsAgain: boolean;
}

/** The order's record holds this answer already: its write was repeated. */
export function isRefundRecorded(order: Order, evidence: RefundQueryEvidence): boolean {
  return findRefund(order, evidence.refundNo)?.lastQueryId === evidence.queryId;
}

/** What an answer about a refund means. */
export function decideRefund(
  order: Order,
  evidence: RefundQueryEvidence,
  context: { readonly sequence: number; readonly nowMs: number },
): RefundDecision {
  const refund = findRefund(order, evidence.refundNo);
  if (refund === null || refund.settledAt !== null) {
    return { drafts: [answerEntry(evidence, {})], anomalies: [], submitsAgain: false };
  }
  const { result } = evidence;
  const at = new Date(context.nowMs).toISOString();
  if (result.answer === 'succeeded' || result.answer === 'failed') {
    const mismatch =
      result.answer === 'succeeded' && isMismatch(order, refund, result.facts)
        ? [anomaly(refund, at, 'refund_mismatch', 'the gateway refunded another amount')]
        : [];
    const settled = settledEntry(order, refund, {
      isSucceeded: result.answer === 'succeeded',
      facts: result.facts,
      at,
      sequence: context.sequence,
      source: 'query',
    });
    return {
      drafts: [answerEntry(evidence, {}), settled],
      anomalies: mismatch,
      submitsAgain: false,
    };
  }
  const submitsAgain =
    result.answer === 'not_found' &&
    refund.status === 'unknown' &&
    refund.submissions < SUBMISSIONS_MAX;
  const rounds = refund.rounds + 1;
  const pauseMs = Math.min(PAUSE_MS_FIRST * 2 ** Math.min(rounds, 20), PAUSE_MS_MAX);
  const waiting: Refund = {
    ...refund,
    status: result.answer === 'pending' ? 'pending' : refund.status,
    rounds,
    submissions: refund.submissions + (submitsAgain ? 1 : 0),
    nextCheckAt: new Date(context.nowMs + pauseMs).toISOString(),
    lastQueryId: evidence.queryId,
  };
  const changes = replaced(order, refund.refundNo, () => waiting);
  const isStuck = rounds === REFUND_STUCK_ROUNDS;
  return {
    drafts: [answerEntry(evidence, changes)],
    anomalies: isStuck
      ? [anomaly(refund, at, 'refund_stuck', `no end after ${rounds} questions`)]
      : [],
    submitsAgain,
  };
}

/**
 * What a verified callback about a refund means. Only one that names this refund, with its amount and currency, settles
 * it; any other wakes a question.
 */
export function decideRefundCallback(
  order: Order,
  refund: Refund,
  facts: PaymentFacts,
  context: { readonly sequence: number; readonly nowMs: number },
): AuditDraft | null {
  const isSettling = facts.state === 'paid' || facts.state === 'closed';
  if (!isSettling || refund.settledAt !== null || isMismatch(order, refund, facts)) return null;
  return settledEntry(order, refund, {
    isSucceeded: facts.state === 'paid',
    facts,
    at: new Date(context.nowMs).toISOString(),
    sequence: context.sequence,
    source: 'callback',
  });
}

function isMismatch(order: Order, refund: Refund, facts: PaymentFacts): boolean {
  if (facts.currency !== null && facts.currency !== order.currency) return true;
  const amounts = [facts.amount, facts.transactionAmount].filter((amount) => amount !== null);
  return amounts.length > 0 && !amounts.includes(refund.amount);
}

function settledEntry(
  order: Order,
  refund: Refund,
  settlement: {
    readonly isSucceeded: boolean;
    readonly facts: PaymentFacts;
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
    gatewayTransNo: facts.gatewayTransNo ?? refund.gatewayTransNo,
    failureCode: isSucceeded ? null : (facts.failureCode ?? refund.failureCode),
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

function answerEntry(evidence: RefundQueryEvidence, changes: OrderChanges): AuditDraft {
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

function replaced(
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

function anomaly(
  refund: Refund,
  at: string,
  kind: 'refund_stuck' | 'refund_mismatch',
  detail: string,
): AnomalyDraft {
  return { kind, at, detail: `refund ${refund.refundNo}: ${detail}` };
}
