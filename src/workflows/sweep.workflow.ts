import { proxyActivities } from '@temporalio/workflow';
import type { AuditActivities, CheckpointReport } from '../activities/audit.activities.js';
import type { EventActivities, EventReport } from '../activities/event.activities.js';
import type { SweepActivities, SweepReport } from '../activities/sweep.activities.js';

/** The next sweep does what this one could not: little is retried, and one never runs long. */
const sweepActivities = proxyActivities<SweepActivities & EventActivities & AuditActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { maximumAttempts: 2 },
});

/** Brings in what fell by the way: callbacks that were never delivered, and orders whose workflow is gone or behind. */
export async function sweep(): Promise<SweepReport & EventReport & CheckpointReport> {
  const callbacks = await sweepActivities.deliverWaitingCallbacks();
  const orders = await sweepActivities.wakeOverdueOrders();
  const scheduled = await sweepActivities.runScheduledChecks();
  const compared = await sweepActivities.compareSample();
  const events = await sweepActivities.publishWaitingEvents();
  const audit = await sweepActivities.makeCheckpoint();
  return { ...callbacks, ...orders, ...scheduled, ...compared, ...events, ...audit };
}
