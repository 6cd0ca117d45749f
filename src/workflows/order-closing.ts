import { isCancellation } from '@temporalio/workflow';
import { type ClosingMove, closingEntry, decideClosing } from '../domain/closing.js';
import { isRecorded } from '../domain/decide.js';
import type { CancelEvidence, CancelMethod } from '../domain/evidence.js';
import { cancelEntry } from '../domain/evidence-entries.js';
import type { OrderClosing } from '../domain/order.js';
import { gatewayCommands } from './activity-options.js';
import { nowIso, type OrderRun } from './order-run.js';

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
  let move = await askForClosing(run, { isAfterCancel: false });
  while (move?.do === 'cancel') {
    await sendCancel(run, move.method);
    move = await askForClosing(run, { isAfterCancel: true });
  }
}

async function askForClosing(
  run: OrderRun,
  { isAfterCancel }: { readonly isAfterCancel: boolean },
): Promise<ClosingMove | null> {
  const evidence = await run.ask(isAfterCancel ? 'after_cancel' : 'closing');
  for (;;) {
    const { order } = run;
    // Written already, by an attempt of which this run learnt nothing: the next round asks again.
    if (order === null || isRecorded(order, evidence)) return null;
    const { decision, move } = decideClosing(order, evidence, { ...run.context, isAfterCancel });
    const { drafts, anomalies } = decision;
    if (await run.record.write(drafts, { anomalies })) return move;
  }
}

/** One attempt. That it may happen is in the record already. */
async function sendCancel(run: OrderRun, method: CancelMethod): Promise<void> {
  const { order } = run;
  if (order === null) return;
  const sentAt = nowIso();
  let evidence: CancelEvidence;
  try {
    evidence = await run.whileTakingCallbacks(
      gatewayCommands(`cancel by ${method}`).cancelOrder({
        ...run.key,
        method,
        terminalSn: order.terminalSn,
      }),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    evidence = {
      source: 'cancel',
      method,
      outcome: 'unknown',
      code: null,
      detail: 'the call ended without an answer',
      sentAt,
      answeredAt: nowIso(),
    };
  }
  while (run.order !== null && !(await run.record.write([cancelEntry(run.order, evidence)]))) {
    // Somebody else wrote: the entry is made again on what is there now.
  }
}
