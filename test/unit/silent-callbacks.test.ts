import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areCallbacksBackInARow,
  type PaidCounts,
  silenceVerdict,
  usualAskedShare,
} from '../../src/domain/silent-callbacks.js';
import { emptyStatistics, type MinuteStatistics } from '../../src/domain/statistics.js';

const NOBODY: PaidCounts = { callback: 0, check: 0, verify: 0, operator: 0 };
/** 10 % of a hundred payments were learnt by asking. */
const USUAL: PaidCounts = { ...NOBODY, callback: 90, check: 6, verify: 4 };

function counts(callback: number, asked: number): PaidCounts {
  return { ...NOBODY, callback, check: asked };
}

function verdictOf(recent: PaidCounts, usual: PaidCounts = USUAL, isBackInARow = false): string {
  return silenceVerdict({ recent, usual, isBackInARow }).verdict;
}

describe('the share that was learnt by asking', () => {
  it('when it lies 30 points above the usual level, then callbacks are silent; a little less is no verdict', () => {
    expect(verdictOf(counts(60, 40))).toBe('raise');
    expect(verdictOf(counts(61, 39))).toBe('keep');
  });

  it('when it is within 10 points of the usual level, then callbacks are back; a little more is no verdict', () => {
    expect(verdictOf(counts(80, 20))).toBe('heal');
    expect(verdictOf(counts(79, 21))).toBe('keep');
  });

  it('when a payer’s page learnt it, then it was learnt by asking as well', () => {
    expect(verdictOf({ ...NOBODY, verify: 10 })).toBe('raise');
  });

  it('when fewer than ten payments are known, then nothing is said; with ten it is', () => {
    expect(verdictOf(counts(0, 9))).toBe('keep');
    expect(verdictOf(counts(0, 10))).toBe('raise');
  });

  it('when operators decided, then it says nothing about callbacks', () => {
    expect(verdictOf({ ...counts(0, 9), operator: 100 })).toBe('keep');
    expect(verdictOf({ ...counts(10, 0), operator: 100 })).toBe('heal');
  });

  it('when most payments are usually learnt by asking, then that is not silence', () => {
    expect(verdictOf(counts(30, 70), counts(40, 60))).toBe('heal');
    expect(verdictOf(counts(0, 100), counts(40, 60))).toBe('raise');
  });

  it('when the day before has fewer than 20 payments, then 10 % is taken as usual', () => {
    expect(usualAskedShare(counts(0, 19))).toBe(0.1);
    expect(usualAskedShare(counts(0, 20))).toBe(1);
    expect(usualAskedShare(NOBODY)).toBe(0.1);
  });

  it('when callbacks came in a row, then they are back, whatever the last ten minutes hold', () => {
    expect(verdictOf(counts(5, 95), USUAL, true)).toBe('heal');
  });

  it('when one more payment was told by a callback, then no silence begins that was not there', () => {
    const severity = { heal: 0, keep: 1, raise: 2 } as const;
    const count = fc.integer({ min: 10, max: 500 });
    fc.assert(
      fc.property(count, count, (callback, asked) => {
        const before = silenceVerdict({
          ...{ recent: counts(callback, asked), usual: USUAL, isBackInARow: false },
        });
        const after = silenceVerdict({
          ...{ recent: counts(callback + 1, asked), usual: USUAL, isBackInARow: false },
        });
        expect(severity[after.verdict]).toBeLessThanOrEqual(severity[before.verdict]);
      }),
    );
  });

  it('when it is raised, then it says how many of how many', () => {
    expect(silenceVerdict({ recent: counts(2, 10), usual: USUAL, isBackInARow: false })).toEqual({
      verdict: 'raise',
      detail: '10 of the last 12 payments were learnt by asking (83 %, usual 10 %)',
    });
  });
});

describe('callbacks in a row', () => {
  const minute = (number: number, paid: Partial<PaidCounts>): MinuteStatistics => ({
    ...emptyStatistics(`2026-01-01T10:0${number}:00.000Z`),
    ordersPaid: { ...NOBODY, ...paid },
  });

  it('when the latest five payments were told by callbacks, then it is a row', () => {
    const minutes = [
      minute(1, { check: 9 }),
      minute(2, { callback: 2 }),
      minute(3, { callback: 3 }),
    ];
    expect(areCallbacksBackInARow(minutes)).toBe(true);
    expect(areCallbacksBackInARow(minutes.slice(0, 2))).toBe(false);
  });

  it('when one among them was learnt by asking, then it is none', () => {
    expect(areCallbacksBackInARow([minute(2, { callback: 9 }), minute(3, { verify: 1 })])).toBe(
      false,
    );
  });

  it('when several processes counted one minute, then all of them must have heard callbacks', () => {
    const one = minute(3, { callback: 5 });
    expect(areCallbacksBackInARow([one, minute(3, { check: 1 })])).toBe(false);
    expect(areCallbacksBackInARow([minute(3, { check: 1 }), one])).toBe(false);
    expect(areCallbacksBackInARow([one, minute(3, { operator: 1 })])).toBe(true);
  });

  it('when fewer than five payments are known at all, then it is none', () => {
    expect(areCallbacksBackInARow([minute(3, { callback: 4 })])).toBe(false);
    expect(areCallbacksBackInARow([])).toBe(false);
  });
});
