import { describe, expect, it } from 'vitest';
import { OVERVIEW_ANOMALIES_MAX, presentOverview } from '../../src/api/console/overview.js';
import type { AnomalyKind } from '../../src/domain/audit.js';
import {
  countDuration,
  emptyStatistics,
  type MinuteStatistics,
  noDurations,
} from '../../src/domain/statistics.js';
import type { AnomalyDocument } from '../../src/store/anomaly-store.js';

const NOW_MS = Date.parse('2026-11-21T09:30:42.000Z');
const NOTHING = {
  nowMs: NOW_MS,
  parts: { mongodb: 'up', temporal: 'up', worker: 'up' },
  anomalies: [],
  openAnomalies: 0,
  statusCounts: [],
  statistics: [],
} as const;

function minute(time: string, counts: Partial<MinuteStatistics>): MinuteStatistics {
  return { ...emptyStatistics(`2026-11-21T${time}:00.000Z`), ...counts };
}

function anomaly(
  kind: AnomalyKind,
  lastSeenAt: string,
  acknowledgedBy: string | null = null,
): AnomalyDocument {
  const orderId = `M1001/A-${lastSeenAt}`;
  return {
    _id: `${kind}:${orderId}`,
    kind,
    orderId,
    detail: 'seen',
    firstSeenAt: '2026-11-21T08:00:00.000Z',
    openedAt: '2026-11-21T08:00:00.000Z',
    lastSeenAt: `2026-11-21T${lastSeenAt}:00.000Z`,
    count: 1,
    lastTransitionId: 't',
    acknowledgedBy,
    healedAt: null,
  };
}

describe('the minutes of the overview', () => {
  it('when nothing was counted, then there are 60 of them, this one last, and no shares', () => {
    const { minutes, hour } = presentOverview(NOTHING);
    expect(minutes).toHaveLength(60);
    expect(minutes[0]?.minute).toBe('2026-11-21T08:31:00.000Z');
    expect(minutes.at(-1)?.minute).toBe('2026-11-21T09:30:00.000Z');
    expect(minutes[0]).toMatchObject({ ordersCreated: 0, timeToTruthP50Ms: null });
    expect(hour).toMatchObject({
      gatewayCalls: 0,
      gatewaySuccessShare: null,
      gatewayAvailabilityShare: null,
    });
  });

  it('when several processes counted a minute, then it is their sum, and what is older is left out', () => {
    const paid = { callback: 3, check: 2, verify: 1, operator: 1 };
    const { minutes, hour } = presentOverview({
      ...NOTHING,
      statistics: [
        minute('09:00', { ordersCreated: 4, ordersPaid: paid, callbacksAccepted: 3 }),
        minute('09:00', { ordersCreated: 1, callbacksRefused: 2, ordersCanceled: 1 }),
        minute('09:30', { ordersCreated: 2 }),
        minute('08:30', { ordersCreated: 100 }),
      ],
    });
    expect(minutes.find((one) => one.minute.includes('T09:00'))).toMatchObject({
      ordersCreated: 5,
      ordersCanceled: 1,
      paidByCallback: 3,
      paidByCheck: 2,
      paidByVerify: 1,
      paidByOperator: 1,
      callbacksAccepted: 3,
      callbacksRefused: 2,
    });
    expect(hour.ordersCreated).toBe(7);
  });

  it('when the gateway was away for one of three minutes, then it was there for two thirds of the time', () => {
    const { hour } = presentOverview({
      ...NOTHING,
      statistics: [
        minute('09:00', { gatewayCalls: 10, gatewayAnswered: 10 }),
        minute('09:01', { gatewayCalls: 10, gatewayAnswered: 5 }),
        minute('09:02', { gatewayCalls: 6, gatewayAnswered: 2 }),
        minute('09:02', { gatewayCalls: 4, gatewayAnswered: 0 }),
      ],
    });
    expect(hour.gatewaySuccessShare).toBeCloseTo(17 / 30);
    expect(hour.gatewayAvailabilityShare).toBeCloseTo(2 / 3);
  });

  it('when durations were counted, then the middle and the slow end of them are told', () => {
    const durations = [80, 80, 80, 9_000].reduce(countDuration, noDurations());
    const { minutes, hour } = presentOverview({
      ...NOTHING,
      statistics: [minute('09:30', { timeToTruth: durations, gatewayDuration: durations })],
    });
    for (const told of [minutes.at(-1), hour]) {
      expect(told?.timeToTruthP50Ms).toBeGreaterThan(75);
      expect(told?.timeToTruthP50Ms).toBeLessThanOrEqual(100);
      expect(told?.timeToTruthP95Ms).toBeGreaterThan(7_500);
      expect(told?.gatewayP95Ms).toBeLessThanOrEqual(10_000);
    }
  });
});

describe('the statuses of the overview', () => {
  it('when no order has it, then an open status is there with none, and a final one is not', () => {
    const { statuses } = presentOverview({
      ...NOTHING,
      statusCounts: [
        { status: 'paid', count: 7, oldestCreatedAt: '2026-01-01T00:00:00.000Z' },
        { status: 'pending', count: 2, oldestCreatedAt: '2026-11-21T09:00:00.000Z' },
      ],
    });
    expect(statuses).toEqual([
      { status: 'pending', count: 2, oldestCreatedAt: '2026-11-21T09:00:00.000Z' },
      { status: 'canceling', count: 0, oldestCreatedAt: null },
      { status: 'review', count: 0, oldestCreatedAt: null },
      { status: 'paid', count: 7, oldestCreatedAt: null },
    ]);
  });
});

describe('the anomalies of the overview', () => {
  it('when some wake somebody and nobody has them, then they come first, then the latest', () => {
    const { anomalies } = presentOverview({
      ...NOTHING,
      openAnomalies: 4,
      anomalies: [
        anomaly('drift', '09:10'),
        anomaly('closing_stuck', '09:29'),
        anomaly('late_payment', '09:05'),
        anomaly('amount_mismatch', '09:20', 'ann'),
        anomaly('unclosable', '09:07'),
        anomaly('late_payment', '09:05'),
      ],
    });
    expect(anomalies.map(({ kind }) => kind)).toEqual([
      'unclosable',
      'late_payment',
      'closing_stuck',
      'amount_mismatch',
      'drift',
    ]);
    expect(anomalies[0]).toEqual({
      id: Buffer.from('unclosable:M1001/A-09:07').toString('base64url'),
      kind: 'unclosable',
      severity: 'page',
      title: 'An order cannot be closed',
      meaning: expect.any(String),
      detail: 'seen',
      merchantOrderNo: 'A-09:07',
      firstSeenAt: '2026-11-21T08:00:00.000Z',
      openedAt: '2026-11-21T08:00:00.000Z',
      lastSeenAt: '2026-11-21T09:07:00.000Z',
      count: 1,
      acknowledgedBy: null,
      runbook: '/docs/runbooks/unclosable',
    });
  });

  it('when there are more than are listed, then those that nobody has are among the listed', () => {
    const many = Array.from({ length: OVERVIEW_ANOMALIES_MAX }, (_, index) =>
      anomaly('drift', `10:${String(index).padStart(2, '0')}`),
    );
    const { anomalies } = presentOverview({
      ...NOTHING,
      anomalies: [...many, anomaly('late_payment', '08:00')],
    });
    expect(anomalies).toHaveLength(OVERVIEW_ANOMALIES_MAX);
    expect(anomalies[0]?.kind).toBe('late_payment');
  });
});
