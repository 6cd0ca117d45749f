import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { sweep } from '../workflows/sweep.workflow.js';

const SCHEDULE_ID = 'sweep';

/** One schedule for all orders; made when it is not there, corrected when it differs. */
export async function ensureSweepSchedule(
  client: Client,
  options: { readonly taskQueue: string; readonly intervalMs: number },
): Promise<void> {
  const spec = { intervals: [{ every: options.intervalMs }] };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'sweep' satisfies (typeof sweep)['name'] | 'sweep',
    workflowId: SCHEDULE_ID,
    taskQueue: options.taskQueue,
    args: [],
    staticSummary: 'brings in what fell by the way',
  };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const };
  try {
    await client.schedule.create({ scheduleId: SCHEDULE_ID, spec, action, policies });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(SCHEDULE_ID).update((previous) => ({
      ...previous,
      spec,
      action,
      policies: { ...previous.policies, ...policies },
    }));
  }
}
