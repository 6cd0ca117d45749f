import { patched, proxyActivities } from '@temporalio/workflow';
import type { AuditActivities, CheckpointReport } from '../activities/audit.activities.js';
import type { EventActivities, EventReport } from '../activities/event.activities.js';
import type { SweepActivities, SweepReport } from '../activities/sweep.activities.js';
import type { WatchActivities, WatchReport } from '../activities/watch.activities.js';

/** The next sweep does what this one could not: little is retried, and one never runs long. */
const sweepActivities = proxyActivities<
  SweepActivities & EventActivities & AuditActivities & WatchActivities
>({
  startToCloseTimeout: '60 seconds',
  retry: { maximumAttempts: 2 },
});

type WholeReport = SweepReport & EventReport & CheckpointReport & WatchReport;

/**
 * Brings in what fell by the way: callbacks that were never delivered, and orders whose workflow is gone or behind.
 * What could not be healed, or had to be healed too often, is raised at its end.
 */
export async function sweep(): Promise<WholeReport> {
  const callbacks = await sweepActivities.deliverWaitingCallbacks();
  const orders = await sweepActivities.wakeOverdueOrders();
  const scheduled = await sweepActivities.runScheduledChecks();
  const compared = await sweepActivities.compareSample();
  const events = await sweepActivities.publishWaitingEvents();
  const audit = await sweepActivities.makeCheckpoint();
  // A sweep that a worker of the version before has begun does not watch.
  const watch = patched('watch-anomalies')
    ? await sweepActivities.watchAnomalies({ ordersWoken: orders.ordersWoken })
    : { raised: [] };
  return { ...callbacks, ...orders, ...scheduled, ...compared, ...events, ...audit, ...watch };
}
