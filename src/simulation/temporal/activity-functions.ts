import { ApplicationFailure } from '@temporalio/common';
import type { ActivityOutcome } from './history.js';

export type ActivityFunctions = Readonly<
  Record<string, (...args: readonly unknown[]) => Promise<unknown>>
>;

export function failure(error: unknown): ActivityOutcome {
  return { is: 'failed', message: String(error), isNonRetryable: isNonRetryable(error) };
}

/** Whether an activity's error says that trying again is of no use. */
export function isNonRetryable(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}
