import { ApplicationFailure, isCancellation, patched, proxyActivities } from '@temporalio/workflow';
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

/** In this order; each may use what those before it found. */
const STEPS: readonly ((before: WholeReport) => Promise<Partial<WholeReport>>)[] = [
  async () => await sweepActivities.deliverWaitingCallbacks(),
  async () => await sweepActivities.wakeOverdueOrders(),
  // A sweep that a worker of the version before has begun goes on without this step.
  async () => (patched('catch-up-records') ? await sweepActivities.catchUpRecords() : {}),
  async () => await sweepActivities.runScheduledChecks(),
  async () => await sweepActivities.compareSample(),
  async () => await sweepActivities.publishWaitingEvents(),
  async () => await sweepActivities.makeCheckpoint(),
  async ({ ordersWoken }) =>
    // A sweep that a worker of the version before has begun does not watch.
    patched('watch-anomalies') ? await sweepActivities.watchAnomalies({ ordersWoken }) : {},
];

const NOTHING_FOUND: WholeReport = {
  callbacksFound: 0,
  callbacksFailed: 0,
  ordersWoken: 0,
  ordersFailed: 0,
  scheduledChecks: 0,
  compared: 0,
  recordsCaughtUp: 0,
  eventOrdersFound: 0,
  eventOrdersFailed: 0,
  checkpointsMade: 0,
  raised: [],
};

/**
 * Brings in what fell by the way: callbacks that were never delivered, and orders whose workflow is gone or behind.
 * What could not be healed, or had to be healed too often, is raised at its end. A step that fails keeps none of the
 * others from being taken; the sweep fails after the last.
 */
export async function sweep(): Promise<WholeReport> {
  let report = NOTHING_FOUND;
  const failures: unknown[] = [];
  for (const step of STEPS) {
    try {
      report = { ...report, ...(await step(report)) };
    } catch (error) {
      // A sweep that a worker of the version before has begun ends with its first failure.
      if (isCancellation(error) || !patched('sweep-steps-stand-alone')) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw incomplete(failures);
  return report;
}

function incomplete(failures: readonly unknown[]): ApplicationFailure {
  const [first] = failures;
  return ApplicationFailure.create({
    message: `${failures.length} of ${STEPS.length} steps failed`,
    type: 'SweepIncomplete',
    ...(first instanceof Error ? { cause: first } : {}),
  });
}
