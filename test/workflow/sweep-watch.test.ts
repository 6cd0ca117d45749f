/** What the sweep raises and heals beside orders' own rules, with the real store and the real workflow. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnomalyKind } from '../../src/domain/audit.js';
import { orderId } from '../../src/domain/order.js';
import { emptyStatistics, type MinuteStatistics, minuteOf } from '../../src/domain/statistics.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import { gate } from '../api/api-environment.js';
import { eventually } from '../support/eventually.js';
import { answerOf, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const gateway = new ScriptedGateway();
const MINUTE_MS = 60_000;
const SWEEP_INTERVAL_MS = 500;
let environment: OrderEnvironment;
/** Minutes are counted back from here: what is written again replaces, even when a minute ends between. */
let testBegunMs: number;

beforeAll(async () => {
  environment = await devEnvironment(gateway, { sweepIntervalMs: SWEEP_INTERVAL_MS });
}, 60_000);
afterAll(async () => {
  await environment?.close();
});
beforeEach(() => {
  testBegunMs = Date.now();
});

/** As a process that counted this many minutes ago. @param processId the same one replaces what it wrote */
async function counted(
  processId: string,
  minutesAgo: number,
  counts: Partial<MinuteStatistics>,
): Promise<void> {
  const minute = minuteOf(testBegunMs - minutesAgo * MINUTE_MS);
  await environment.stores.statistics.write(processId, { ...emptyStatistics(minute), ...counts });
}

async function anomaly(kind: AnomalyKind, subject: string) {
  return await environment.stores.anomalies.find(anomalyId(kind, subject));
}

async function isOpen(kind: AnomalyKind, subject: string): Promise<boolean> {
  const found = await anomaly(kind, subject);
  return found !== null && found.healedAt === null;
}

describe('signatures that fail', () => {
  it('when ten fail in some minutes, then it is raised, kept while some still fail, and over when two at most do', async () => {
    const [process, later] = [uniqueOrderNo(), uniqueOrderNo()];
    await counted(process, 1, { signatureFailures: 9, callbacksRefused: 30 });
    await environment.sweep();
    expect(await isOpen('signature_failures', 'callbacks')).toBe(false);
    await counted(process, 1, { signatureFailures: 10, callbacksRefused: 30 });
    await environment.sweep();
    expect(await isOpen('signature_failures', 'callbacks')).toBe(true);
    await counted(process, 1, { signatureFailures: 0 });
    await counted(later, 8, { signatureFailures: 3 });
    await environment.sweep();
    expect(await isOpen('signature_failures', 'callbacks')).toBe(true);
    await counted(later, 8, { signatureFailures: 2 });
    await counted(later, 11, { signatureFailures: 50 });
    await environment.sweep();
    expect(await isOpen('signature_failures', 'callbacks')).toBe(false);
  });
});

describe('a gateway that does not answer', () => {
  it('when most calls of several workers fail, then it is raised, and over when they succeed again', async () => {
    const workers = [uniqueOrderNo(), uniqueOrderNo()];
    const callsOf = async (gatewayAnswered: number) => {
      for (const worker of workers) await counted(worker, 1, { gatewayCalls: 5, gatewayAnswered });
      await environment.sweep();
    };
    await callsOf(2);
    expect(await isOpen('gateway_trouble', 'gateway')).toBe(true);
    await callsOf(3);
    expect(await isOpen('gateway_trouble', 'gateway')).toBe(true);
    await callsOf(4);
    expect(await isOpen('gateway_trouble', 'gateway')).toBe(false);
  });
});

describe('an order that does not move', () => {
  it('when two sweeps find the same step long overdue, then it is raised; when it moves on, then it is over', async () => {
    const answering = gate();
    let isAsked = false;
    const order = orderRequest();
    const subject = orderId(order.merchantNo, order.merchantOrderNo);
    gateway.script(order.merchantOrderNo, {
      query: async () => {
        isAsked = true;
        await answering.opened;
        return answerOf(order, 'paid');
      },
    });
    await environment.seed(order, Date.now() - 400_000);
    await environment.sweep();
    expect(await anomaly('order_stuck', subject)).toBeNull();
    await eventually('a later sweep raises it', async () => {
      await environment.sweep();
      return await isOpen('order_stuck', subject);
    });
    expect(await anomaly('order_stuck', subject)).toMatchObject({
      count: 1,
      detail: expect.stringContaining('the step check is due since'),
    });
    await eventually('the gateway is asked', () => isAsked);
    answering.open();
    await eventually('it moves on', async () => {
      await environment.sweep();
      return !(await isOpen('order_stuck', subject));
    });
    expect(await environment.order(order)).toMatchObject({ status: 'paid' });
  });
});

describe('drift', () => {
  it('when one sweep has to wake five orders, then it is raised, and a retry or the next sweep does not count again', async () => {
    const orders = Array.from({ length: 5 }, () => orderRequest());
    for (const order of orders) {
      gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid') });
      await environment.seed(order, Date.now() - 60_000);
    }
    const report = await environment.sweep();
    expect(report.ordersWoken).toBeGreaterThanOrEqual(5);
    expect(report.raised).toContain('drift');
    await environment.sweep();
    expect(await anomaly('drift', 'sweep')).toMatchObject({ count: 1, healedAt: null });
  });

  it('when a final record is contradicted by the gateway, then the comparison is told of', async () => {
    await environment.stores.anomalies.heal('sweep', ['drift'], new Date().toISOString());
    const order = orderRequest();
    const decidedBy = { source: 'query', at: new Date().toISOString(), auditSequence: 1 } as const;
    await environment.seed(order, Date.now(), { status: 'canceled', lateWatch: null, decidedBy });
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid') });
    await eventually('the sample finds it', async () => {
      const { raised } = await environment.sweep();
      return raised.includes('drift');
    });
    expect(await anomaly('drift', 'sweep')).toMatchObject({
      detail: expect.stringContaining('contradicted by the gateway'),
    });
  });
});
