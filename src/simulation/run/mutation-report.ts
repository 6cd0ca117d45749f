/** Whether every broken variant is caught, and how soon. */
import { MUTATIONS, type MutationName } from '../mutations/active-mutation.js';
import type { BatchReport } from './seed-batch.js';

export interface MutationResult {
  readonly mutation: MutationName;
  readonly seeds: number;
  /** Seeds in which the invariant that must catch it did. */
  readonly caughtIn: number;
  /** Seeds in which any invariant was broken. */
  readonly failedIn: number;
  readonly firstSeed: number | null;
}

export function mutationResult(mutation: MutationName, report: BatchReport): MutationResult {
  const { breaks } = MUTATIONS[mutation];
  const caught = report.failed.filter(({ violations }) =>
    violations.some(({ invariant }) => invariant === breaks),
  );
  const seeds = caught.map(({ seed }) => seed);
  return {
    mutation,
    seeds: report.seeds,
    caughtIn: caught.length,
    failedIn: report.failed.length,
    firstSeed: seeds.length === 0 ? null : Math.min(...seeds),
  };
}

export function mutationText(result: MutationResult): string {
  const { mutation, seeds, caughtIn, failedIn, firstSeed } = result;
  const { breaks, what } = MUTATIONS[mutation];
  const verdict = caughtIn > 0 ? `caught by ${breaks}` : `NOT CAUGHT by ${breaks}`;
  const where = firstSeed === null ? '' : `, first in seed ${firstSeed}`;
  return `${verdict.padEnd(48)} ${mutation}: ${what}; ${caughtIn} of ${seeds} seeds (any invariant: ${failedIn})${where}`;
}
