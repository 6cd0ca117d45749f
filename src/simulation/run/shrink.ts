/** Makes a failing seed smaller while it still fails: fewer orders, fewer things that people do, fewer faults. */
import type { InvariantName } from '../invariants/findings.js';
import type { MutationName } from '../mutations/active-mutation.js';
import { partsOf } from '../plan/kept-parts.js';
import { drawPlan } from '../plan/simulation-plan.js';
import { runSeed, type SeedResult } from './run-seed.js';

const RUNS_MAX = 400;

export interface ShrunkSeed {
  readonly seed: number;
  readonly mutation: MutationName | null;
  readonly invariant: InvariantName;
  /** Ids of the parts and faults that are left. */
  readonly kept: readonly string[];
  /** How many there were. */
  readonly before: number;
  readonly runs: number;
  readonly result: SeedResult;
}

/**
 * @returns the smallest that was found; `null` when the seed does not fail
 */
export async function shrinkSeed(
  seed: number,
  mutation: MutationName | null = null,
): Promise<ShrunkSeed | null> {
  let result = await runSeed({ seed, mutation });
  const invariant = result.violations[0]?.invariant;
  if (invariant === undefined) return null;
  let kept = [...partsOf(drawPlan(seed)), ...result.faults.map(({ id }) => id)];
  const before = kept.length;
  let runs = 1;
  const failsWith = async (candidate: readonly string[]): Promise<boolean> => {
    runs += 1;
    const attempt = await runSeed({ seed, mutation, kept: new Set(candidate) });
    const isFailing = attempt.violations.some((violation) => violation.invariant === invariant);
    if (isFailing) result = attempt;
    return isFailing;
  };
  // Whole chunks first, then smaller ones, down to one by one; what went once may let others go.
  for (let size = Math.ceil(kept.length / 2); size >= 1 && runs < RUNS_MAX; ) {
    let hasShrunk = false;
    for (let from = 0; from < kept.length && runs < RUNS_MAX; ) {
      const candidate = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await failsWith(candidate)) {
        kept = candidate;
        hasShrunk = true;
      } else from += size;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (!hasShrunk) break;
  }
  return { seed, mutation, invariant, kept, before, runs, result };
}
