import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countDuration,
  DURATION_BUCKETS_MS,
  durationPercentileMs,
  emptyStatistics,
  minuteOf,
  noDurations,
  sumStatistics,
} from '../../src/domain/statistics.js';

const MINUTE = '2026-01-01T10:00:00.000Z';
const LONGEST_MS = DURATION_BUCKETS_MS.at(-1) ?? 0;

function countsOf(durationsMs: readonly number[]) {
  return durationsMs.reduce((counts, ms) => countDuration(counts, ms), noDurations());
}

describe('durations', () => {
  it('when durations are counted, then each is in one bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -10, max: 1e8, noNaN: true })), (durations) => {
        expect(countsOf(durations).reduce((sum, count) => sum + count, 0)).toBe(durations.length);
      }),
    );
  });

  it('when nothing was counted, then there is no percentile', () => {
    expect(durationPercentileMs(noDurations(), 0.5)).toBeNull();
  });

  it('when a duration is longer than all bounds, then the percentile says the greatest bound', () => {
    expect(durationPercentileMs(countsOf([LONGEST_MS * 5]), 0.95)).toBe(LONGEST_MS);
  });

  it('when one duration was counted, then every percentile lies in its bucket', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: LONGEST_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ms, share) => {
          const upper = DURATION_BUCKETS_MS.findIndex((boundMs) => ms <= boundMs);
          const percentileMs = durationPercentileMs(countsOf([ms]), share) ?? Number.NaN;
          expect(percentileMs).toBeLessThanOrEqual(DURATION_BUCKETS_MS[upper] ?? 0);
          expect(percentileMs).toBeGreaterThanOrEqual(DURATION_BUCKETS_MS[upper - 1] ?? 0);
        },
      ),
    );
  });

  it('when the share grows, then the percentile does not shrink', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1 }),
        share,
        share,
        (durations, one, other) => {
          const counts = countsOf(durations);
          const lower = durationPercentileMs(counts, Math.min(one, other)) ?? Number.NaN;
          const upper = durationPercentileMs(counts, Math.max(one, other)) ?? Number.NaN;
          expect(upper).toBeGreaterThanOrEqual(lower);
        },
      ),
    );
  });

  it('when a bucket holds ten, then the percentile is interpolated within it', () => {
    // Between 100 and 150 ms.
    expect(durationPercentileMs(countsOf(new Array(10).fill(120)), 0.5)).toBe(125);
  });
});

describe('sums', () => {
  it('when nothing is summed, then everything is zero', () => {
    expect(sumStatistics([])).toMatchObject({ ordersCreated: 0, gatewayCalls: 0 });
  });

  it('when minutes are summed, then each count is the sum of theirs, by source and by bucket', () => {
    const one = {
      ...emptyStatistics(MINUTE),
      ordersPaid: { callback: 2, check: 1, verify: 0, operator: 0 },
      timeToTruth: countsOf([10, 70]),
      callbacksRefused: 3,
    };
    const other = {
      ...emptyStatistics(MINUTE),
      ordersPaid: { callback: 1, check: 0, verify: 4, operator: 1 },
      timeToTruth: countsOf([70]),
      signatureFailures: 2,
    };
    expect(sumStatistics([one, other])).toEqual({
      ...sumStatistics([]),
      ordersPaid: { callback: 3, check: 1, verify: 4, operator: 1 },
      timeToTruth: countsOf([10, 70, 70]),
      callbacksRefused: 3,
      signatureFailures: 2,
    });
  });

  it('when another version wrote fewer buckets, then they are summed all the same', () => {
    const older = { ...emptyStatistics(MINUTE), timeToTruth: [1, 2] };
    expect(sumStatistics([older]).timeToTruth).toEqual([1, 2, ...noDurations().slice(2)]);
  });
});

describe('minutes', () => {
  it('when a time is given, then its minute begins at it or before, and less than a minute before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
        const beginMs = Date.parse(minuteOf(atMs));
        expect(beginMs % 60_000).toBe(0);
        expect(atMs - beginMs).toBeGreaterThanOrEqual(0);
        expect(atMs - beginMs).toBeLessThan(60_000);
      }),
    );
  });
});
