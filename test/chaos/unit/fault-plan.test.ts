import { describe, expect, it } from 'vitest';
import { faultPlan, type PlannedFaults } from '../../../src/chaos/fault-plan.js';
import { STORIES, storyAt } from '../../../src/chaos/stories.js';
import {
  behaviourOf,
  scenarioOfAmount,
} from '../../../src/gateway/simulator/simulator-scenarios.js';

function planOf(seed: number, count: number, canReach = (_name: string) => true): PlannedFaults[] {
  const plan = faultPlan(seed, canReach);
  return Array.from({ length: count }, () => plan.next().value as PlannedFaults);
}

describe('the plan of faults', () => {
  it('when the seed is the same, then so is the plan, and another seed has another one', () => {
    expect(planOf(7, 60)).toEqual(planOf(7, 60));
    expect(planOf(7, 60)).not.toEqual(planOf(8, 60));
  });

  it('when as many faults have come as there are kinds, then every kind was among them', () => {
    const kinds = planOf(3, 200).flatMap(({ faults }) => faults.map(({ kind }) => kind));
    const all = new Set(kinds);
    expect(new Set(kinds.slice(0, all.size))).toEqual(all);
    expect(all).toContain('kill Temporal');
    expect(all).toContain('silent line to mongodb');
  });

  it('when a process cannot be reached, then no fault names it, and its lines have theirs', () => {
    const faults = planOf(3, 200, (name) => name !== 'mongodb').flatMap((one) => one.faults);
    expect(faults.filter((one) => 'names' in one && one.names.includes('mongodb'))).toEqual([]);
    expect(faults.some((one) => 'to' in one && one.to === 'mongodb')).toBe(true);
  });
});

describe('the stories', () => {
  it('when the simulator could not be told, then the amount chooses the very same scenario', () => {
    for (const { scenario, magicDigits } of STORIES) {
      expect(scenarioOfAmount(magicDigits + 120_000)).toBe(scenario);
    }
  });

  it('when chances are drawn evenly, then every story has its turn', () => {
    const drawn = new Set(Array.from({ length: 2_000 }, (_, index) => storyAt(index / 2_000).name));
    expect(drawn).toEqual(new Set(STORIES.map(({ name }) => name)));
  });

  it('when a request is held, then the gateway lets go of it before the run would wait for it', () => {
    for (const { scenario, parameters } of STORIES) {
      const { queryFault, createFault, cancelFault, refundFault, holdMs } = behaviourOf({
        scenario: scenario as Parameters<typeof behaviourOf>[0]['scenario'],
        parameters,
      });
      const holds = [queryFault, createFault, cancelFault, refundFault].some((fault) =>
        fault?.startsWith('held'),
      );
      if (holds) expect(holdMs, scenario).toBeLessThan(5_000);
    }
  });
});
