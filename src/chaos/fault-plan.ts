/** Which fault comes next: every kind once in random order, then again, so that a long run has them all. */
import { RandomStream } from '../simulation/kernel/random.js';
import { everyFault, type Fault, type Reach } from './faults.js';

const GAP_MIN_MS = 1_000;
const GAP_MAX_MS = 4_000;
const SECOND_FAULT_SHARE = 0.15;

export interface PlannedFaults {
  /** Quiet time before. */
  readonly gapMs: number;
  /** One, or two that begin together. */
  readonly faults: readonly [Fault, ...Fault[]];
}

/** The plan of a seed, without an end. */
export function* faultPlan(seed: number, canReach: Reach): Generator<PlannedFaults> {
  const random = new RandomStream(seed, 'faults');
  const deck: Fault[] = [];
  const draw = (): Fault => {
    if (deck.length === 0) deck.push(...shuffled(everyFault(random, canReach), random));
    return deck.pop() as Fault;
  };
  for (;;) {
    const gapMs = random.integer(GAP_MIN_MS, GAP_MAX_MS);
    const first = draw();
    yield { gapMs, faults: random.chance(SECOND_FAULT_SHARE) ? [first, draw()] : [first] };
  }
}

function shuffled(faults: readonly Fault[], random: RandomStream): Fault[] {
  const result = [...faults];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = random.integer(0, last);
    [result[last], result[other]] = [result[other] as Fault, result[last] as Fault];
  }
  return result;
}
