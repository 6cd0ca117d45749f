import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOrder } from '../../src/domain/new-order.js';
import { emptyStatistics, type MinuteStatistics, minuteOf } from '../../src/domain/statistics.js';
import {
  driftVerdict,
  gatewayVerdict,
  isStuck,
  latestGatewayCalls,
  signatureVerdict,
  stuckDetail,
  sweepVerdict,
  workerVerdict,
} from '../../src/domain/watch-rules.js';
import { anOrder, CREATED_MS, orderRequest } from '../support/order-builder.js';

const HOUR_MS = 3_600_000;

function minuteWith(
  minuteOfHour: number,
  gatewayAnswered: number,
  gatewayCalls: number,
): MinuteStatistics {
  const minute = minuteOf(CREATED_MS + minuteOfHour * 60_000);
  return { ...emptyStatistics(minute), gatewayAnswered, gatewayCalls };
}

describe('signature failures', () => {
  it('when ten were refused in 5 minutes, then it is raised; nine are no verdict', () => {
    expect(signatureVerdict(10, 10).verdict).toBe('raise');
    expect(signatureVerdict(9, 9).verdict).toBe('keep');
  });

  it('when there were two at most in 10 minutes, then it is over: a stranger tries now and then', () => {
    expect(signatureVerdict(0, 0).verdict).toBe('heal');
    expect(signatureVerdict(2, 2).verdict).toBe('heal');
    expect(signatureVerdict(0, 3).verdict).toBe('keep');
  });
});

describe('trouble with the gateway', () => {
  const verdictOf = (gatewayAnswered: number, gatewayCalls: number) => {
    const counts = { gatewayAnswered, gatewayCalls };
    return gatewayVerdict(counts, counts).verdict;
  };

  it('when less than half of ten calls were answered, then it is raised; half is no verdict', () => {
    expect(verdictOf(4, 10)).toBe('raise');
    expect(verdictOf(5, 10)).toBe('keep');
    expect(verdictOf(0, 9)).toBe('keep');
  });

  it('when four of five calls are answered, then it is over; fewer answers or no call are no verdict', () => {
    expect(verdictOf(4, 5)).toBe('heal');
    expect(verdictOf(3, 4)).toBe('keep');
    expect(verdictOf(7, 9)).toBe('keep');
    expect(verdictOf(0, 0)).toBe('keep');
  });

  it('when a small shop makes a call every ten minutes, then the five since the outage end it', () => {
    const outage = [minuteWith(0, 0, 6), minuteWith(1, 0, 6)];
    const since = (calls: number) =>
      Array.from({ length: calls }, (_, index) => minuteWith(5 + 10 * index, 1, 1));
    const none = { gatewayCalls: 0, gatewayAnswered: 0 };
    const verdictAfter = (minutes: readonly MinuteStatistics[]) =>
      gatewayVerdict(none, latestGatewayCalls(minutes)).verdict;
    expect(verdictAfter([...outage, ...since(4)])).toBe('keep');
    expect(verdictAfter([...since(5), ...outage])).toBe('heal');
    // The outage is no longer in the hour that is looked at.
    expect(verdictAfter(since(1))).toBe('heal');
    expect(verdictAfter([])).toBe('keep');
  });

  it('when it is raised, then one more answer never makes it worse', () => {
    const severity = { heal: 0, keep: 1, raise: 2 } as const;
    const calls = fc.nat(1_000).chain((all) => fc.tuple(fc.constant(all + 1), fc.nat(all)));
    fc.assert(
      fc.property(calls, ([all, answered]) => {
        expect(severity[verdictOf(answered + 1, all)]).toBeLessThanOrEqual(
          severity[verdictOf(answered, all)],
        );
      }),
    );
  });
});

describe('drift', () => {
  const seen = { ordersWoken: 0, contradicted: 0, quietMs: null };

  it('when one sweep woke five orders, then it is raised; four are no verdict', () => {
    expect(driftVerdict({ ...seen, ordersWoken: 5 }).verdict).toBe('raise');
    expect(driftVerdict({ ...seen, ordersWoken: 4 }).verdict).toBe('keep');
  });

  it('when a final record was contradicted, then it is raised', () => {
    expect(driftVerdict({ ...seen, contradicted: 1 })).toEqual({
      verdict: 'raise',
      detail: '1 final record contradicted by the gateway',
    });
  });

  it('when it was quiet for an hour, then it is over; a moment less is no verdict', () => {
    expect(driftVerdict({ ...seen, quietMs: HOUR_MS }).verdict).toBe('heal');
    expect(driftVerdict({ ...seen, quietMs: HOUR_MS - 1 }).verdict).toBe('keep');
  });

  it('when it happens again after a quiet hour, then it is raised and not healed', () => {
    expect(driftVerdict({ ...seen, ordersWoken: 5, quietMs: HOUR_MS }).verdict).toBe('raise');
  });
});

describe('a stuck order', () => {
  // Its first check is due 5 s after creation.
  const order = newOrder(orderRequest(), CREATED_MS);
  const dueMs = CREATED_MS + 5_000;

  it('when its step is overdue by more than 5 minutes, then it is stuck; by 5 minutes it is not', () => {
    expect(isStuck(order, dueMs + 300_001)).toBe(true);
    expect(isStuck(order, dueMs + 300_000)).toBe(false);
  });

  it('when nothing is due any more, then it is not', () => {
    expect(isStuck(anOrder({ status: 'paid' }), CREATED_MS + 100 * HOUR_MS)).toBe(false);
  });

  it('when somebody is told, then they hear of the step and since when it is due', () => {
    expect(stuckDetail(order)).toBe('the step check is due since 2026-01-01T00:00:05.000Z');
  });
});

describe('no worker', () => {
  it('when none was seen for 45 s, then it is raised; a moment less is no verdict', () => {
    expect(workerVerdict(45_000).verdict).toBe('raise');
    expect(workerVerdict(44_999).verdict).toBe('keep');
  });

  it('when one is seen, then it is over', () => {
    expect(workerVerdict(null).verdict).toBe('heal');
  });
});

describe('no sweep', () => {
  it('when none ended well for five minutes, then it is raised; a moment less is no verdict', () => {
    expect(sweepVerdict(300_000, null).verdict).toBe('raise');
    expect(sweepVerdict(299_999, null).verdict).toBe('keep');
  });

  it('when somebody has paused it, then their reason is told', () => {
    expect(sweepVerdict(300_000, 'orders are being recovered')).toMatchObject({
      detail:
        'no sweep has ended well for some minutes; its schedule is paused: orders are being recovered',
    });
  });

  it('when one has ended well, then it is over', () => {
    expect(sweepVerdict(null, null).verdict).toBe('heal');
  });
});
