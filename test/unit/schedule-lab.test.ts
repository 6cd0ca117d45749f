/** What a schedule would have asked and when it would have known: worked out by hand here. */
import { describe, expect, it } from 'vitest';
import { closingEntry } from '../../src/domain/closing.js';
import { labOrder } from '../../src/schedule-lab/lab-order.js';
import { renderReport } from '../../src/schedule-lab/report-table.js';
import {
  compareSchedules,
  type LabOrder,
  ORDERS_MIN,
  percentile,
  simulateOrder,
} from '../../src/schedule-lab/simulate-schedule.js';
import { AuditedLife } from '../support/audit-builder.js';
import {
  aCallback,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
  orderRequest,
} from '../support/order-builder.js';

const S = 1_000;

function order(overrides: Partial<LabOrder> = {}): LabOrder {
  return {
    orderId: 'M1/1',
    createdAtMs: 0,
    scheduleMs: [5 * S, 30 * S, 60 * S],
    truth: { is: 'paid', atMs: 20 * S },
    callbackAtMs: null,
    checksMade: 2,
    ...overrides,
  };
}

describe('one order under a schedule', () => {
  it('when it was paid between two checks, then the later one learns it', () => {
    // Checks at 5 s and 35 s; paid at 20 s.
    expect(simulateOrder(order(), [5 * S, 30 * S], 'lost')).toEqual({
      queries: 2,
      delayMs: 15 * S,
      isPaymentMissed: false,
    });
  });

  it('when it was paid at the very moment of a check, then that check learns it', () => {
    expect(simulateOrder(order(), [20 * S, 10 * S], 'lost')).toMatchObject({
      queries: 1,
      delayMs: 0,
    });
  });

  it('when the callback came before the check, then it ends the checks, unless it is taken as lost', () => {
    const called = order({ callbackAtMs: 22 * S });
    expect(simulateOrder(called, [5 * S, 30 * S], 'as_they_came')).toEqual({
      queries: 1,
      delayMs: 2 * S,
      isPaymentMissed: false,
    });
    expect(simulateOrder(called, [5 * S, 30 * S], 'lost')).toMatchObject({
      queries: 2,
      delayMs: 15 * S,
    });
  });

  it('when the callback came after the check that learns it, then it changes nothing', () => {
    const called = order({ callbackAtMs: 40 * S });
    expect(simulateOrder(called, [5 * S, 30 * S], 'as_they_came')).toMatchObject({
      queries: 2,
      delayMs: 15 * S,
    });
  });

  it('when the schedule is over before the payment, then the payment is missed and has no delay', () => {
    expect(simulateOrder(order(), [5 * S, 10 * S], 'as_they_came')).toEqual({
      queries: 2,
      delayMs: null,
      isPaymentMissed: true,
    });
  });

  it('when nobody paid, then every check is asked', () => {
    const unpaid = order({ truth: { is: 'unpaid' } });
    expect(simulateOrder(unpaid, [S, S, S, S], 'lost')).toMatchObject({
      queries: 4,
      delayMs: null,
    });
  });

  it('when the merchant canceled it, then only the checks before that are asked', () => {
    const stopped = order({ truth: { is: 'stopped', atMs: 36 * S } });
    expect(simulateOrder(stopped, [5 * S, 30 * S, 60 * S], 'lost').queries).toBe(2);
  });
});

describe('the comparison', () => {
  // Paid at 1 s, 2 s … 40 s.
  const orders = Array.from({ length: 40 }, (_, index) =>
    order({ orderId: `M1/${index}`, truth: { is: 'paid', atMs: (index + 1) * S }, checksMade: 1 }),
  );

  it('when a schedule asks once later, then it saves queries and costs delay, by these figures', () => {
    const { comparisons, ...counts } = compareSchedules(orders, [40 * S]);
    expect(counts).toEqual({ orders: 40, paidOrders: 40, checksMade: 40, isConclusive: true });
    const [lost] = comparisons;
    // In force: 5 orders are known at 5 s by one check, 30 at 35 s by two, 5 at 95 s by three.
    expect(lost?.inForce.queries).toBe(5 * 1 + 30 * 2 + 5 * 3);
    expect(lost?.proposed.queries).toBe(40);
    expect(lost?.queriesAdded).toBe(-40);
    expect(lost?.queriesAddedPerOrder).toBe(-1);
    expect(lost?.proposed.delay).toEqual({ medianMs: 19 * S, p95Ms: 37 * S, maxMs: 39 * S });
    expect(lost?.inForce.delay.maxMs).toBe(59 * S);
  });

  it('when there are fewer orders than the least, then it does not conclude, and says so', () => {
    const few = compareSchedules(orders.slice(0, ORDERS_MIN - 1), [40 * S]);
    expect(few.isConclusive).toBe(false);
    expect(compareSchedules(orders.slice(0, ORDERS_MIN), [40 * S]).isConclusive).toBe(true);
    const context = { proposedMs: [40 * S], skipped: { not_finished: 3 } };
    expect(renderReport(few, context)).toContain('WARNING: 29 paid orders are too few');
    expect(renderReport(few, context)).not.toContain('saves');
  });

  it('when there are enough, then the table says what it is based on and what would change', () => {
    const text = renderReport(compareSchedules(orders, [40 * S]), {
      proposedMs: [40 * S],
      skipped: { not_finished: 3 },
    });
    expect(text).toContain('Based on 40 orders, 40 of them paid');
    expect(text).toContain('Left out: 3 not_finished.');
    expect(text).toMatch(/queries +80 +40\n/);
    expect(text).toContain('If every callback were lost, it saves 40 queries (1.00 per order)');
    expect(text).not.toContain('WARNING');
  });

  it('when there are no orders, then nothing is divided by nothing', () => {
    const [lost] = compareSchedules([], [S]).comparisons;
    expect(lost?.proposed).toMatchObject({ queries: 0, queriesPerOrder: 0 });
    expect(lost?.proposed.delay).toEqual({ medianMs: null, p95Ms: null, maxMs: null });
  });

  it.each([
    [[7], 0.5, 7],
    [[1, 2], 0.5, 1],
    [[1, 2, 3], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
  ])('when the delays are %j, then the nearest rank of %d is %d', (sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected);
  });
});

describe('an order read from its audit', () => {
  const at = (afterMs: number) => new Date(CREATED_MS + afterMs).toISOString();

  it('when a check found it paid, then truth is the gateway’s time, and the checks are counted', () => {
    const life = new AuditedLife();
    life.learn(aQuery(answerOf(life.order, 'open')), CREATED_MS + 5 * S);
    life.learn(aQuery(answerOf(life.order, 'open'), { reason: 'verify' }), CREATED_MS + 9 * S);
    const paid = answerOf(life.order, 'paid', { endedAt: at(20 * S) });
    life.learn(aQuery(paid), CREATED_MS + 35 * S);
    expect(labOrder(life.entries)).toEqual({
      orderId: life.orderId,
      createdAtMs: CREATED_MS,
      scheduleMs: life.order.checks.scheduleMs,
      truth: { is: 'paid', atMs: CREATED_MS + 20 * S },
      callbackAtMs: null,
      checksMade: 2,
    });
  });

  it('when the gateway’s clock is ahead of ours, then truth is not after we knew it', () => {
    const life = new AuditedLife();
    const facts = factsOf(life.order, { endedAt: at(50 * S) });
    life.learn(aCallback(facts, { receivedAt: at(3 * S) }), CREATED_MS + 3 * S);
    expect(labOrder(life.entries)).toMatchObject({
      truth: { is: 'paid', atMs: CREATED_MS + 3 * S },
      callbackAtMs: CREATED_MS + 3 * S,
    });
  });

  it('when the merchant canceled it, then it is stopped from then on', () => {
    const life = new AuditedLife();
    life.write(closingEntry(life.order, 'merchant', 'shop', at(7 * S)));
    life.learn(aQuery(answerOf(life.order, 'closed'), { reason: 'closing' }), CREATED_MS + 8 * S);
    expect(life.order.status).toBe('canceled');
    expect(labOrder(life.entries)).toMatchObject({
      truth: { is: 'stopped', atMs: CREATED_MS + 7 * S },
    });
  });

  it('when the schedule closed it, then it is unpaid; when money came late, then it is left out', () => {
    const life = new AuditedLife();
    life.write(closingEntry(life.order, 'schedule', null, at(9_000 * S)));
    life.learn(
      aQuery(answerOf(life.order, 'closed'), { reason: 'closing' }),
      CREATED_MS + 9_001 * S,
    );
    expect(labOrder(life.entries)).toMatchObject({ truth: { is: 'unpaid' } });
    life.learn(aCallback(factsOf(life.order)), CREATED_MS + 9_500 * S);
    expect(labOrder(life.entries)).toBe('late_or_reviewed');
  });

  it('when its strategy is the scheduled one, then its schedule is the interval as often as the limit', () => {
    const checks = { strategy: 'scheduled', scheduleMs: [], intervalMs: 30 * S, limit: 3 } as const;
    const life = new AuditedLife(orderRequest({ checks }));
    expect(labOrder(life.entries)).toBe('not_finished');
    life.learn(aCallback(factsOf(life.order)), CREATED_MS + 3 * S);
    expect(labOrder(life.entries)).toMatchObject({ scheduleMs: [30 * S, 30 * S, 30 * S] });
  });
});
