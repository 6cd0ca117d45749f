/** What the gateway's answers about a refund mean. Pure. */
import type { AnomalyDraft, AuditDraft } from './audit.js';
import { decidedAt } from './decision-context.js';
import type { PaymentFacts } from './evidence.js';
import type { Order } from './order.js';
import type { Refund, RefundQueryEvidence } from './refund.js';
import { answerEntry, replaced, settledEntry } from './refund-entries.js';
import { findRefund } from './refund-rules.js';
import { growingPauseMs } from './schedule.js';

/** From this question on a refund that does not settle is an anomaly. */
export const REFUND_STUCK_ROUNDS = 8;
/** After an error, this many answers that the number is not known prove that nothing was made. */
const REFUSED_FOR_SURE_ROUNDS = 2;
/** A refund that the gateway does not know is told again under the same number this often. */
const SUBMISSIONS_MAX = 3;

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
    // Marked as recorded all the same, so that a repeated write finds itself.
    const marked = replaced(order, evidence.refundNo, (settled) => ({
      ...settled,
      lastQueryId: evidence.queryId,
    }));
    return { drafts: [answerEntry(evidence, marked)], anomalies: [], submitsAgain: false };
  }
  const { result } = evidence;
  const at = decidedAt(context);
  if (result.answer === 'succeeded' || result.answer === 'failed') {
    const mismatch =
      result.answer === 'succeeded' && isMismatch(order, refund, result.facts)
        ? [anomaly(refund, at, 'refund_mismatch', 'the gateway refunded another amount')]
        : [];
    const answered = { ...refund, lastQueryId: evidence.queryId };
    const settled = settledEntry(order, answered, {
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
  if (isRefusedForSure(refund, evidence)) {
    const settled = settledEntry(
      order,
      { ...refund, lastQueryId: evidence.queryId },
      { isSucceeded: false, facts: null, at, sequence: context.sequence, source: 'query' },
    );
    return { drafts: [answerEntry(evidence, {}), settled], anomalies: [], submitsAgain: false };
  }
  return waitingDecision(order, refund, evidence, context.nowMs);
}

/** The gateway answered the call with an error, and again and again does not know the number: it was never made. */
function isRefusedForSure(refund: Refund, evidence: RefundQueryEvidence): boolean {
  return (
    evidence.result.answer === 'not_found' &&
    refund.status === 'unknown' &&
    refund.failureCode !== null &&
    refund.rounds >= REFUSED_FOR_SURE_ROUNDS
  );
}

/** Nothing is settled: asked again after a growing pause, and told again where the gateway never heard of it. */
function waitingDecision(
  order: Order,
  refund: Refund,
  evidence: RefundQueryEvidence,
  nowMs: number,
): RefundDecision {
  const { result } = evidence;
  const at = new Date(nowMs).toISOString();
  const submitsAgain =
    result.answer === 'not_found' &&
    refund.status === 'unknown' &&
    refund.failureCode === null &&
    refund.submissions < SUBMISSIONS_MAX;
  const rounds = refund.rounds + 1;
  const waiting: Refund = {
    ...refund,
    status: result.answer === 'pending' ? 'pending' : refund.status,
    rounds,
    submissions: refund.submissions + (submitsAgain ? 1 : 0),
    nextCheckAt: new Date(nowMs + growingPauseMs(rounds)).toISOString(),
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

/** A message about a refund whose amount or currency is not the refund's. */
export function isMismatch(order: Order, refund: Refund, facts: PaymentFacts): boolean {
  if (facts.currency !== null && facts.currency !== order.currency) return true;
  const amounts = [facts.amount, facts.transactionAmount].filter((amount) => amount !== null);
  return amounts.length > 0 && !amounts.includes(refund.amount);
}

function anomaly(
  refund: Refund,
  at: string,
  kind: 'refund_stuck' | 'refund_mismatch',
  detail: string,
): AnomalyDraft {
  return { kind, at, detail: `refund ${refund.refundNo}: ${detail}` };
}
