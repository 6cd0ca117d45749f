/** How the SDK brings what happened to a workflow: in which order, and as which errors. */
import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
} from '@temporalio/common';
import type { ActivityOutcome, Job } from './history.js';

/** Thrown by `continueAsNew`, as the SDK does. */
export class ContinueAsNew extends Error {
  readonly args: readonly unknown[];

  constructor(args: readonly unknown[]) {
    super('continue as new');
    this.args = args;
  }
}

/** Signals and updates come before what else happened. */
export function ordered(jobs: readonly Job[]): readonly Job[] {
  const isMessage = ({ kind }: Job) => kind === 'signal' || kind === 'update';
  return [...jobs.filter(isMessage), ...jobs.filter((job) => !isMessage(job))];
}

/** As the SDK tells a workflow of an activity that did not succeed. */
export function activityFailure(
  type: string,
  sequence: number,
  outcome: Exclude<ActivityOutcome, { is: 'completed' }>,
): ActivityFailure {
  const cause =
    outcome.is === 'failed'
      ? ApplicationFailure.retryable(outcome.message)
      : new TimeoutFailure('timed out', undefined, outcome.timeout);
  return new ActivityFailure(
    'activity failed',
    type,
    String(sequence),
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'worker',
    cause,
  );
}
