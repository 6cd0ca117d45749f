import { TimeoutType } from '@temporalio/common';
import { ActivityFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { type ClosingMove, closingEntry, decideClosing } from '../domain/closing.js';
import { isRecorded } from '../domain/decide.js';
import type { CancelEvidence, CancelMethod } from '../domain/evidence.js';
import { cancelEntry } from '../domain/evidence-entries.js';
import type { OrderClosing } from '../domain/order.js';
import { gatewayCancels } from './activity-options.js';
import { nowIso, type OrderRun } from './order-run.js';

/** A cancel is sent only on a signed `open` of this age. */
const OPEN_FRESH_MS = 5_000;

/** Moves the order to `canceling`. Nothing was sent yet. */
export async function beginClosing(
  run: OrderRun,
  requestedBy: OrderClosing['requestedBy'],
  actor: string | null,
): Promise<void> {
  const { order } = run;
  if (order === null) return;
  await run.record.write([closingEntry(order, requestedBy, actor, nowIso())]);
}

/**
 * One round: take in the callbacks that have arrived, ask, and only on a signed `open` cancel and ask again. Ends the
 * closing, or leaves in the record when the next round is due.
 */
export async function closeRound(run: OrderRun): Promise<void> {
  await run.load();
  await run.takeCallbacks();
  if (run.order?.status !== 'canceling') return;
  let answered = await askForClosing(run, { isAfterCancel: false });
  while (answered?.move?.do === 'cancel') {
    const { move, answeredAt: openAnsweredAt } = answered;
    // Not sent: the next round begins with a question, at once.
    if (!(await sendCancel(run, move.method, openAnsweredAt))) return;
    answered = await askForClosing(run, { isAfterCancel: true });
  }
}

async function askForClosing(
  run: OrderRun,
  { isAfterCancel }: { readonly isAfterCancel: boolean },
): Promise<{ readonly move: ClosingMove | null; readonly answeredAt: string } | null> {
  const evidence = await run.ask(isAfterCancel ? 'after_cancel' : 'closing');
  for (;;) {
    const { order } = run;
    // Written already, by an attempt of which this run learnt nothing: the next round asks again.
    if (order === null || isRecorded(order, evidence)) return null;
    const { decision, move } = decideClosing(order, evidence, { ...run.context, isAfterCancel });
    const { drafts, anomalies } = decision;
    if (await run.record.write(drafts, { anomalies })) {
      return { move, answeredAt: evidence.answeredAt };
    }
  }
}

/**
 * One attempt. That it may happen is in the record already. It is not sent when the signed `open` is no longer fresh, or
 * when a callback has arrived since: a revoke refunds what was paid meanwhile.
 * @returns whether it was sent, as far as known
 */
async function sendCancel(
  run: OrderRun,
  method: CancelMethod,
  openAnsweredAt: string,
): Promise<boolean> {
  const evidence = await attemptCancel(run, method, openAnsweredAt);
  await run.record.writeOnLatest((latest) => cancelEntry(latest, evidence));
  return evidence.outcome !== 'refused' || evidence.code !== null;
}

async function attemptCancel(
  run: OrderRun,
  method: CancelMethod,
  openAnsweredAt: string,
): Promise<CancelEvidence> {
  const sentAt = nowIso();
  const ended = (outcome: 'refused' | 'unknown', detail: string): CancelEvidence => {
    return { source: 'cancel', method, outcome, code: null, detail, sentAt, answeredAt: nowIso() };
  };
  const { order } = run;
  if (order === null) return ended('refused', 'the order is gone');
  if (run.mailbox.callbacks.length > 0) return ended('refused', 'a callback has arrived');
  const answeredMs = Date.parse(order.lastAnswer?.at ?? order.updatedAt);
  if (Date.now() - answeredMs > OPEN_FRESH_MS) return ended('refused', 'the answer is old by now');
  try {
    const request = { ...run.key, method, terminalSn: order.terminalSn };
    const call = gatewayCancels(`cancel by ${method}`).cancelOrder(request, { openAnsweredAt });
    return await run.whileTakingCallbacks(call);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return isNeverStarted(error)
      ? ended('refused', 'no worker took it in time')
      : ended('unknown', 'the call ended without an answer');
  }
}

/** It waited for a worker and found none: nothing was sent. */
function isNeverStarted(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
