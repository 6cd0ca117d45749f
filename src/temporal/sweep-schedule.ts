import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { sweep } from '../workflows/sweep.workflow.js';

export const SWEEP_SCHEDULE_ID = 'sweep';

/** One schedule for all orders; made when it is not there, corrected when it differs. */
export async function ensureSweepSchedule(
  client: Client,
  options: { readonly taskQueue: string; readonly intervalMs: number },
): Promise<void> {
  const spec = { intervals: [{ every: options.intervalMs }] };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'sweep' satisfies (typeof sweep)['name'] | 'sweep',
    workflowId: SWEEP_SCHEDULE_ID,
    taskQueue: options.taskQueue,
    args: [],
    staticSummary: 'brings in what fell by the way',
  };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const };
  try {
    await client.schedule.create({ scheduleId: SWEEP_SCHEDULE_ID, spec, action, policies });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(SWEEP_SCHEDULE_ID).update((previous) => ({
      ...previous,
      spec,
      action,
      policies: { ...previous.policies, ...policies },
    }));
  }
}

/**
 * Keeps the sweep from waking orders for as long as something takes. Runs that are woken write to records, and a record
 * that was written to is not brought back any more.
 */
export async function withSweepPaused<T>(client: Client, task: () => Promise<T>): Promise<T> {
  const schedule = client.schedule.getHandle(SWEEP_SCHEDULE_ID);
  const unlessMissing = (error: unknown) => {
    // A Temporal that was lost has none yet; the next worker makes it.
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  };
  await schedule.pause('orders are being recovered').catch(unlessMissing);
  try {
    return await task();
  } finally {
    await schedule.unpause('orders were recovered').catch(unlessMissing);
  }
}
