import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/chaos/observations.js';
import { recoveryTable } from '../../../src/chaos/report.js';

function observed(...successes: readonly boolean[]): Observations {
  const observations = new Observations();
  for (const [index, isSuccess] of successes.entries()) {
    const startedAtMs = 1_000 + index * 100;
    observations.add('create', { startedAtMs, endedAtMs: startedAtMs + 30, isSuccess });
  }
  return observations;
}

describe('when calls work again', () => {
  it('when five in a row succeed, then the first of them is the moment', () => {
    const observations = observed(false, true, false, true, true, true, true, true);
    expect(observations.recoveredAfterMs('create', 1_000)).toBe(330);
  });

  it('when the row is broken before its fifth, then they do not work yet', () => {
    expect(observed(true, true, true, true, false).recoveredAfterMs('create', 1_000)).toBeNull();
  });

  it('when a call began before the fault was over, then it does not count', () => {
    const observations = observed(true, true, true, true, true, false, false);
    expect(observations.recoveredAfterMs('create', 1_050)).toBeNull();
  });
});

describe('the table', () => {
  it('when something did not work again in time, then it is the longest of its kind, and never left out', () => {
    const recovery = { create: 1_000, verify: 2_000, callback: 3_000, backlog: 4_000 };
    const fault = { kind: 'kill a worker', text: '', beganAtMs: 0, endedAtMs: 1, recovery };
    const late = { ...fault, recovery: { ...recovery, backlog: null } };
    const table = recoveryTable([late, fault]);
    expect(table.at(2)).toBe(
      '| kill a worker | 2 | 1.0 / 1.0 | 2.0 / 2.0 | 3.0 / 3.0 | 4.0 / > 60 |',
    );
  });
});
