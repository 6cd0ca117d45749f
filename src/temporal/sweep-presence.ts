import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import type { sweep } from '../workflows/sweep.workflow.js';
import { SWEEP_SCHEDULE_ID } from './sweep-schedule.js';

const WORKFLOW_TYPE = 'sweep' satisfies (typeof sweep)['name'] | 'sweep';

/** Four sweeps at their longest pause, or one that each of its steps kept for long. */
const SEEN_WITHIN_MS = 120_000;

/** A Temporal that does not answer is not a missing sweep: whoever asks must not wait for it. */
const ASK_DEADLINE_MS = 3_000;

/** Whether the sweep does what it is for. */
export interface SweepPresence {
  /**
   * Whether one ended well lately. Temporal's list of runs is asked, which is behind by moments.
   * @throws {Error} when Temporal does not answer: then nothing is known
   */
  isSweepEnding(): Promise<boolean>;
  /** @returns what was written by whoever paused the schedule; `null` when it is not paused, or not there */
  sweepPausedBecause(): Promise<string | null>;
}

/** @param seenWithinMs how long ago the latest sweep may have ended */
export function createSweepPresence(
  client: Client,
  taskQueue: string,
  seenWithinMs = SEEN_WITHIN_MS,
): SweepPresence {
  const ask = async <T>(question: () => Promise<T>): Promise<T> =>
    await client.withDeadline(Date.now() + ASK_DEADLINE_MS, question);
  return {
    async isSweepEnding() {
      const since = new Date(Date.now() - seenWithinMs).toISOString();
      const { count } = await ask(
        async () =>
          await client.workflow.count(
            `WorkflowType = "${WORKFLOW_TYPE}" AND TaskQueue = "${taskQueue}" AND ExecutionStatus = "Completed" AND CloseTime > "${since}"`,
          ),
      );
      return count > 0;
    },
    async sweepPausedBecause() {
      try {
        const schedule = client.schedule.getHandle(SWEEP_SCHEDULE_ID);
        const { state } = await ask(async () => await schedule.describe());
        return state.paused ? (state.note ?? 'no reason was given') : null;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return null;
        throw error;
      }
    },
  };
}
