import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.js';
import {
  expiryMs,
  growingPauseMs,
  isExhausted,
  lateWatchAt,
  nextCheck,
  nextStep,
  scheduleTotalMs,
} from '../../src/domain/schedule.js';
import { anOrder, CREATED_MS } from '../support/order-builder.js';

describe('the schedule of the guide', () => {
  it('when every check is on time, then they fall at 5, 35, 95, 275, 575, 1175 and 2975 seconds', () => {
    let { checks } = anOrder();
    const secondsAt: number[] = [];
    while (checks.nextAt !== null) {
      const dueMs = Date.parse(checks.nextAt);
      secondsAt.push((dueMs - CREATED_MS) / 1_000);
      // A second of slack on every timer must not add up.
      checks = nextCheck(checks, dueMs + 1_000);
    }
    expect(secondsAt).toEqual([5, 35, 95, 275, 575, 1_175, 2_975]);
    expect(isExhausted(checks)).toBe(true);
  });

  it('when the service was down for an hour, then one check comes at once and the gaps go on from it', () => {
    const { checks } = anOrder();
    const nowMs = CREATED_MS + 3_600_000;
    expect(nextCheck(checks, nowMs).nextAt).toBe(new Date(nowMs + 30_000).toISOString());
  });

  it('when the gateway is told how long it may take money, then that ends before the last check', () => {
    const { checks } = anOrder();
    expect(scheduleTotalMs(checks)).toBe(2_975_000);
    expect(expiryMs(checks)).toBe(2_915_000);
    expect(expiryMs({ ...checks, scheduleMs: [1_000] })).toBe(1_000);
  });
});

describe('what is due, from the record alone', () => {
  const due = (overrides: Partial<Order>) => nextStep(anOrder(overrides));

  it('when the order is pending, then its next check is due', () => {
    expect(due({})).toEqual({ do: 'check', atMs: CREATED_MS + 5_000 });
  });

  it('when the schedule is exhausted, then closing is due at once', () => {
    const { checks } = anOrder();
    expect(due({ checks: { ...checks, done: 7, nextAt: null } })).toMatchObject({ do: 'close' });
  });

  it('when the order is paid, refunded or waits for a person, then nothing is due', () => {
    for (const status of ['paid', 'partially_refunded', 'refunded', 'review'] as const) {
      expect(due({ status })).toEqual({ do: 'finish' });
    }
  });

  it('when the order is canceled, then late money is watched for and then nothing is due', () => {
    const watch = { until: 'x', done: 1, nextAt: '2026-01-01T01:00:00.000Z' };
    expect(due({ status: 'canceled', lateWatch: watch })).toMatchObject({ do: 'watch' });
    expect(due({ status: 'canceled', lateWatch: { ...watch, nextAt: null } })).toEqual({
      do: 'finish',
    });
  });
});

describe('pauses', () => {
  it('when closing does not end, then its pauses grow to half an hour and no further', () => {
    expect([0, 1, 2, 3].map(growingPauseMs)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(growingPauseMs(50)).toBe(1_800_000);
  });

  it('when an order is watched for a day, then the gateway is asked after 10 min, 1 h, 6 h and 24 h', () => {
    const minutes = [0, 1, 2, 3, 4].map((done) => {
      const at = lateWatchAt(CREATED_MS, 86_400_000, done);
      return at === null ? null : (Date.parse(at) - CREATED_MS) / 60_000;
    });
    expect(minutes).toEqual([10, 60, 360, 1_440, null]);
  });
});
