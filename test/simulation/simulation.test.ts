import { describe, expect, it } from 'vitest';
import { MUTATIONS, type MutationName } from '../../src/simulation/mutations/active-mutation.js';
import { partsOf } from '../../src/simulation/plan/kept-parts.js';
import { drawPlan } from '../../src/simulation/plan/simulation-plan.js';
import { replayCommand } from '../../src/simulation/run/report-text.js';
import { runSeed } from '../../src/simulation/run/run-seed.js';
import { shrinkSeed } from '../../src/simulation/run/shrink.js';

/** Has crashes, a lost namespace and a gateway in trouble. */
const HOSTILE_SEEDS = [11, 23, 42, 107, 300];

describe('one seed', () => {
  it('when a seed runs twice, then the same happens at the same time, to the letter', async () => {
    for (const seed of HOSTILE_SEEDS) {
      const first = await runSeed({ seed, isTraced: true });
      const second = await runSeed({ seed, isTraced: true });
      expect(first.trace.length).toBeGreaterThan(20);
      expect(second.trace).toEqual(first.trace);
      expect(second.faults).toEqual(first.faults);
    }
  });

  it('when another seed ran in between, then nothing of it is left', async () => {
    const alone = await runSeed({ seed: 42, isTraced: true });
    await runSeed({ seed: 43, mutation: 'unknown_closes' });
    expect((await runSeed({ seed: 42, isTraced: true })).trace).toEqual(alone.trace);
  });

  it('when all parts and faults of a seed are named, then naming them changes nothing', async () => {
    const whole = await runSeed({ seed: 107, isTraced: true });
    const kept = new Set([...partsOf(drawPlan(107)), ...whole.faults.map(({ id }) => id)]);
    expect((await runSeed({ seed: 107, kept, isTraced: true })).trace).toEqual(whole.trace);
  });

  it('when a seed has run, then the clock is the real one again', async () => {
    const before = Date.now();
    await runSeed({ seed: 1 });
    expect(Date.now() - before).toBeLessThan(60_000);
    expect(Date.now()).toBeGreaterThanOrEqual(before);
  });
});

describe('a failing seed', () => {
  it('when it is made smaller, then it still fails in the same way, with less', async () => {
    const mutation: MutationName = 'late_money_ignored';
    const seed = await firstCaught(mutation);
    const shrunk = await shrinkSeed(seed, mutation);
    expect(shrunk?.invariant).toBe(MUTATIONS[mutation].breaks);
    expect(shrunk?.kept.length).toBeLessThan(shrunk?.before ?? 0);
    const kept = new Set(shrunk?.kept);
    const { violations } = await runSeed({ seed, mutation, kept });
    expect(violations.map(({ invariant }) => invariant)).toContain(shrunk?.invariant);
    // What is left is needed: without any one of the parts it does not fail.
    for (const part of kept) {
      const without = new Set([...kept].filter((each) => each !== part));
      const attempt = await runSeed({ seed, mutation, kept: without });
      expect(attempt.violations.map(({ invariant }) => invariant)).not.toContain(shrunk?.invariant);
    }
  });

  it('when it is printed, then the command names the seed and what is left of it', () => {
    const command = replayCommand({
      seed: 5,
      mutation: 'unknown_closes',
      kept: ['order:0', 'x#1'],
    });
    expect(command).toBe(
      "npm run simulate -- --seed 5 --mutation unknown_closes --keep 'order:0,x#1' --trace",
    );
  });
});

async function firstCaught(mutation: MutationName): Promise<number> {
  for (let seed = 1; seed < 200; seed += 1) {
    const { violations } = await runSeed({ seed, mutation });
    if (violations[0]?.invariant === MUTATIONS[mutation].breaks) return seed;
  }
  throw new Error(`${mutation} is not caught`);
}
