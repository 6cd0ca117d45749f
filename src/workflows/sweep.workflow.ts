import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities, SweepReport } from '../activities/sweep.activities.js';

/** The next sweep does what this one could not: little is retried, and one never runs long. */
const sweepActivities = proxyActivities<SweepActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { maximumAttempts: 2 },
});

/** Brings in what fell by the way: callbacks that were never delivered, and orders whose workflow is gone or behind. */
export async function sweep(): Promise<SweepReport> {
  const callbacks = await sweepActivities.deliverWaitingCallbacks();
  const orders = await sweepActivities.wakeOverdueOrders();
  return { ...callbacks, ...orders };
}
