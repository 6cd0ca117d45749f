import { isCancellation, patched } from '@temporalio/workflow';
import type { RefundQueryEvidence, RefundRequest, RefundSubmission } from '../domain/refund.js';
import { decideRefund, isRefundRecorded } from '../domain/refund-decisions.js';
import {
  lateRefundRefusedEntry,
  refundRequestedEntry,
  refundSubmittedEntry,
} from '../domain/refund-entries.js';
import {
  findRefund,
  LATE_PAYMENT_POLICY,
  nextRefundCheck,
  refundableAmount,
  refundRefusal,
} from '../domain/refund-rules.js';
import { gatewayCommands, gatewayQueries, orderRecord } from './activity-options.js';
import type { RefundResult } from './order-messages.js';
import { nowIso, type OrderRun } from './order-run.js';

/** Reserves the amount, tells the gateway once, and leaves the rest to the refund's own checks. */
export async function requestRefund(run: OrderRun, request: RefundRequest): Promise<RefundResult> {
  for (;;) {
    const { order } = run;
    if (order === null) return { outcome: 'not_refundable', refund: null };
    const present = findRefund(order, request.refundNo);
    const refusal = refundRefusal(order, request);
    if (refusal !== null) return { outcome: refusal, refund: null };
    if (present !== null) return { outcome: 'existing', refund: present };
    const isOurs = await orderRecord.reserveRefundNo({
      ...run.key,
      refundNo: request.refundNo,
      contentHash: request.contentHash,
    });
    if (!isOurs) return { outcome: 'conflict', refund: null };
    const isWritten = await run.record.write([refundRequestedEntry(order, request, nowIso())]);
    // Written by this very step before its worker died: the gateway was not told yet.
    if (isWritten || run.record.wasWrittenBefore) break;
  }
  await submitRefund(run, request.refundNo);
  return { outcome: 'accepted', refund: run.order && findRefund(run.order, request.refundNo) };
}

/** The whole of late money goes back, under a number that follows from the order and the payment. */
export async function refundLateMoney(run: OrderRun): Promise<void> {
  const { order } = run;
  if (order?.lateMoney == null) return;
  const { refundNo, contentHash } = await orderRecord.lateRefundNo(
    run.key.merchantNo,
    run.key.merchantOrderNo,
    order.lateMoney.gatewayTransNo,
  );
  const { outcome } = await requestRefund(run, {
    refundNo,
    contentHash,
    amount: refundableAmount(order),
    reason: 'paid after the order was closed',
    method: 'refund',
    requestedBy: LATE_PAYMENT_POLICY,
  });
  if (outcome === 'accepted' || outcome === 'existing') return;
  const current = run.order;
  if (current?.status !== 'canceled') return;
  await run.record.write([lateRefundRefusedEntry(current, outcome, run.context)]);
}

/** Asks about the refund that is due, and does what the answer decides. */
export async function checkDueRefund(run: OrderRun): Promise<void> {
  const due = run.order === null ? null : nextRefundCheck(run.order);
  if (due !== null) await checkRefund(run, due.refundNo);
}

/** Asks about one refund. One that never reached the gateway is told again, under the same number. */
export async function checkRefund(run: OrderRun, refundNo: string): Promise<void> {
  const evidence = await askRefund(run, refundNo);
  for (;;) {
    const { order } = run;
    if (order === null || isRefundRecorded(order, evidence)) return;
    const decision = decideRefund(order, evidence, run.context);
    const { drafts, anomalies, submitsAgain } = decision;
    const isWritten = await run.record.write(drafts, { anomalies });
    if (submitsAgain && (isWritten || wasInterrupted(run)))
      return await submitRefund(run, refundNo);
    if (isWritten) return;
  }
}

/** This very step was written before its worker died, and what it was about to do was not done. */
function wasInterrupted(run: OrderRun): boolean {
  return run.record.wasWrittenBefore && patched('refund-told-after-interruption');
}

async function askRefund(run: OrderRun, refundNo: string): Promise<RefundQueryEvidence> {
  const askedAt = nowIso();
  const queryId = run.nextQueryId();
  try {
    const { merchantNo } = run.key;
    const call = gatewayQueries('scheduled', `what became of refund ${refundNo}?`).queryRefund(
      { merchantNo, refundNo },
      queryId,
    );
    return await run.whileTakingCallbacks(call);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const detail = 'the query could not be made';
    const result = { answer: 'unknown' as const, code: null, detail, reply: {} };
    return { queryId, refundNo, askedAt, answeredAt: nowIso(), result };
  }
}

/** One call. That the gateway may have been told is in the record already. */
async function submitRefund(run: OrderRun, refundNo: string): Promise<void> {
  const { order } = run;
  const refund = order === null ? null : findRefund(order, refundNo);
  if (order === null || refund === null) return;
  let submission: RefundSubmission;
  try {
    submission = await run.whileTakingCallbacks(
      gatewayCommands(`${refund.method} ${refundNo}`).refundOrder({
        ...run.key,
        refundNo,
        method: refund.method,
        terminalSn: order.terminalSn,
        amount: refund.amount,
        currency: order.currency,
        reason: refund.reason,
      }),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    submission = {
      refundNo,
      outcome: 'unknown',
      code: null,
      detail: 'the call ended without an answer',
      gatewayTransNo: null,
      answeredAt: nowIso(),
    };
  }
  await run.record.writeOnLatest((latest) => refundSubmittedEntry(latest, submission));
}
