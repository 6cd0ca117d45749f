/**
 * How often and from which seed the tests of this folder try. FUZZ_RUNS multiplies the tries (1 in `npm test`), FUZZ_SEED
 * and FUZZ_PREFIX repeat what was printed.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';

const SEED_MAX = 2 ** 31;
const ROUNDS_MAX = 10;

export const FUZZ_FACTOR = positive(process.env.FUZZ_RUNS) ?? 1;
export const FUZZ_SEED = positive(process.env.FUZZ_SEED) ?? randomInt(1, SEED_MAX);

/** Of the order numbers: runs after one another share the parts that they are tested with. */
const FUZZ_PREFIX = process.env.FUZZ_PREFIX ?? randomBytes(3).toString('hex');
let numbersGiven = 0;

/** The next order number: of a seed and a prefix always the same ones, one after another. */
export function fuzzOrderNo(): string {
  numbersGiven += 1;
  const digest = createHash('sha256').update(`${FUZZ_SEED}/${numbersGiven}`).digest('hex');
  return `F-${FUZZ_PREFIX.slice(0, 8)}-${digest.slice(0, 16)}`;
}

/** One try must end within this time, whatever was sent. */
export const TRY_DEADLINE_MS = 10_000;

/** Beyond this a longer run would be cut off by the test's own time limit. */
export const FUZZ_TIMEOUT_MS = 30_000 * Math.max(1, FUZZ_FACTOR);

/**
 * Tries a promise with `runs` random inputs, of which a failing one is shrunk and shown with its seed.
 * @param runs tries at FUZZ_RUNS=1
 * @param round others are tried in each round
 */
export async function holdsForAll<T>(
  inputs: fc.Arbitrary<T>,
  runs: number,
  promise: (input: T) => Promise<void> | void,
  round = 0,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      await promise(input);
    }),
    {
      seed: FUZZ_SEED + round,
      numRuns: Math.ceil(runs * FUZZ_FACTOR),
      interruptAfterTimeLimit: FUZZ_TIMEOUT_MS - 5_000,
      // A request that hangs is a finding, not a reason to wait on.
      timeout: TRY_DEADLINE_MS,
    },
  );
}

/**
 * As {@link holdsForAll}, and again with others while all were answered alike: inputs that are all refused, or all
 * accepted, would test nothing behind the first check, and a few may be so by chance.
 * @returns the statuses that came
 */
export async function statusesOfAll<T>(
  inputs: fc.Arbitrary<T>,
  runs: number,
  statusOf: (input: T) => Promise<number>,
): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (let round = 0; seen.size < 2 && round < ROUNDS_MAX; round += 1) {
    const tryOne = async (input: T) => {
      seen.add(await statusOf(input));
    };
    await holdsForAll(inputs, runs, tryOne, round);
  }
  return seen;
}

/** Printed once for each file, so that a run in a log can be repeated. */
export function announceSeed(file: string): void {
  process.stdout.write(
    `fuzz ${file}: FUZZ_SEED=${FUZZ_SEED} FUZZ_PREFIX=${FUZZ_PREFIX} FUZZ_RUNS=${FUZZ_FACTOR}\n`,
  );
}

function positive(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}
