import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS_MAX, denserChecks } from '../../src/domain/denser-checks.js';
import type { OrderChecks } from '../../src/domain/order.js';
import { expiryMs, firstCheck, scheduleTotalMs } from '../../src/domain/schedule.js';

type CheckPlan = Omit<OrderChecks, 'done' | 'nextAt'>;

const GUIDE_SCHEDULE_MS = [5, 30, 60, 180, 300, 600, 1_800].map((seconds) => seconds * 1_000);
const wholeSeconds = (min: number, max: number) =>
  fc.integer({ min, max }).map((seconds) => seconds * 1_000);

const progressive: fc.Arbitrary<CheckPlan> = fc
  .array(wholeSeconds(1, 86_400), { minLength: 1, maxLength: CHECKS_MAX })
  .map((scheduleMs) => ({
    strategy: 'progressive',
    scheduleMs,
    intervalMs: 30_000,
    limit: 10,
  }));
const scheduled: fc.Arbitrary<CheckPlan> = fc
  .record({ intervalMs: wholeSeconds(5, 3_600), limit: fc.integer({ min: 1, max: 1_000 }) })
  .map(({ intervalMs, limit }) => ({ strategy: 'scheduled', scheduleMs: [], intervalMs, limit }));

function checkTimesMs({ scheduleMs }: CheckPlan): readonly number[] {
  let atMs = 0;
  return scheduleMs.map((gapMs) => {
    atMs += gapMs;
    return atMs;
  });
}

function totalMs(checks: CheckPlan): number {
  return scheduleTotalMs(firstCheck(checks, 0));
}

describe('a denser schedule', () => {
  it('when a schedule is made denser, then the last check falls when it did, and so does the end of taking money', () => {
    fc.assert(
      fc.property(progressive, (checks) => {
        const denser = denserChecks(checks);
        expect(totalMs(denser)).toBe(totalMs(checks));
        expect(expiryMs(firstCheck(denser, 0))).toBe(expiryMs(firstCheck(checks, 0)));
      }),
    );
  });

  it('when a schedule is made denser, then every check of it is still made when it was due', () => {
    fc.assert(
      fc.property(progressive, (checks) => {
        expect(checkTimesMs(denserChecks(checks))).toEqual(
          expect.arrayContaining([...checkTimesMs(checks)]),
        );
      }),
    );
  });

  it('when a schedule is made denser, then it stays within what a merchant may ask for', () => {
    fc.assert(
      fc.property(progressive, (checks) => {
        const { scheduleMs } = denserChecks(checks);
        expect(scheduleMs.length).toBeLessThanOrEqual(CHECKS_MAX);
        expect(scheduleMs.length).toBeGreaterThanOrEqual(checks.scheduleMs.length);
        for (const gapMs of scheduleMs) expect(gapMs % 1_000).toBe(0);
      }),
    );
  });

  it('when a gap was 5 s or longer, then the new ones are too; shorter ones are left alone', () => {
    fc.assert(
      fc.property(progressive, (checks) => {
        const shortBefore = checks.scheduleMs.filter((gapMs) => gapMs < 5_000);
        const shortAfter = denserChecks(checks).scheduleMs.filter((gapMs) => gapMs < 5_000);
        expect(shortAfter).toEqual(shortBefore);
      }),
    );
  });

  it("when the guide's own schedule is made denser, then it has so many more questions, the early ones 5 s apart", () => {
    const { scheduleMs } = denserChecks({
      ...{ strategy: 'progressive', scheduleMs: GUIDE_SCHEDULE_MS },
      ...{ intervalMs: 30_000, limit: 10 },
    });
    expect(scheduleMs).toHaveLength(47);
    expect(scheduleMs.slice(0, 8)).toEqual([
      5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 7_000,
    ]);
  });
});

describe('a denser scheduled task', () => {
  it('when its pause is halved, then the closing comes no sooner', () => {
    fc.assert(
      fc.property(scheduled, (checks) => {
        const denser = denserChecks(checks);
        expect(totalMs(denser)).toBeGreaterThanOrEqual(totalMs(checks));
        expect(denser.limit).toBeLessThanOrEqual(1_000);
        expect(denser.intervalMs).toBeGreaterThanOrEqual(5_000);
        expect(denser.intervalMs).toBeLessThanOrEqual(checks.intervalMs);
        expect(denser.intervalMs % 1_000).toBe(0);
      }),
    );
  });

  it('when the task comes every 30 s for ten checks, then it comes every 15 s for twenty', () => {
    const checks: CheckPlan = {
      ...{ strategy: 'scheduled', scheduleMs: [], intervalMs: 30_000, limit: 10 },
    };
    expect(denserChecks(checks)).toMatchObject({ intervalMs: 15_000, limit: 20 });
  });

  it('when the task comes every 5 s already, then nothing changes', () => {
    const checks: CheckPlan = {
      ...{ strategy: 'scheduled', scheduleMs: [], intervalMs: 5_000, limit: 10 },
    };
    expect(denserChecks(checks)).toEqual(checks);
  });
});
