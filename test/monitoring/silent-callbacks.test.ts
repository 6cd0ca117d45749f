/** Callbacks are lost and come back: what the watch makes of real orders, and what new orders are given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteOf, sumStatistics } from '../../src/domain/statistics.js';
import { MinuteRecorder } from '../../src/monitoring/minute-recorder.js';
import { countGatewayCalls, countTransitions } from '../../src/monitoring/process-counts.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import {
  callbackFields,
  type RunningApi,
  sendCallback,
  signedBody,
  startApi,
} from '../api/api-environment.js';
import { eventually } from '../support/eventually.js';
import { answerOf, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const gateway = new ScriptedGateway();
const clock = { recorderMs: 0, apiMs: 0 };
const USUAL_SCHEDULE = ['5s', '30s', '1m', '3m', '5m', '10m', '30m'];
const startMs = Date.now();
let orders: OrderEnvironment;
let api: RunningApi;
let recorder: MinuteRecorder;

beforeAll(async () => {
  // The recorder is made with the stores, which the environment makes: it is told of nothing before.
  orders = await devEnvironment(gateway, {
    observers: {
      observeCall: (...call) => countGatewayCalls(recorder)(...call),
      observeTransition: (request) => countTransitions(recorder)(request),
    },
  });
  recorder = new MinuteRecorder({
    store: orders.stores.statistics,
    processId: uniqueOrderNo(),
    now: () => Date.now() + clock.recorderMs,
    logger: { warn() {}, info() {} } as never,
  });
  api = await startApi(
    { ...orders.stores, messenger: orders.messenger },
    { now: () => Date.now() + clock.apiMs },
  );
}, 60_000);
afterAll(async () => {
  await api?.close();
  await orders?.close();
});

async function create(body: object = {}) {
  // The API knows for 5 s whether callbacks are silent.
  clock.apiMs += 5_001;
  const order = { channel: 'pos', amount: 1_050, currency: 'USD', ...body };
  return await api.call('POST', '/v1/orders', {
    body: { merchantOrderNo: uniqueOrderNo(), ...order },
  });
}

async function becomesPaid(merchantOrderNo: string): Promise<void> {
  await eventually('the order is paid', async () => {
    const { body } = await api.call('GET', `/v1/orders/${merchantOrderNo}`, {});
    return (body as { status: string }).status === 'paid';
  });
}

/** The gateway says paid, when it is asked. */
function scriptPaid(merchantOrderNo: string): void {
  const order = { ...orderRequest(), merchantOrderNo };
  // The number that callbacks have as well: another one would be a second payment.
  const gatewayTransNo = `G${merchantOrderNo}`.slice(0, 32);
  gateway.script(merchantOrderNo, { query: () => answerOf(order, 'paid', { gatewayTransNo }) });
}

async function payWithoutCallback(): Promise<void> {
  const merchantOrderNo = uniqueOrderNo();
  scriptPaid(merchantOrderNo);
  await create({ merchantOrderNo, checks: { strategy: 'progressive', schedule: ['1s', '10m'] } });
  await becomesPaid(merchantOrderNo);
}

async function payWithCallback(): Promise<void> {
  const merchantOrderNo = uniqueOrderNo();
  scriptPaid(merchantOrderNo);
  await create({ merchantOrderNo });
  const timestamp = String(Date.now() + clock.apiMs);
  await sendCallback(api, signedBody(callbackFields(merchantOrderNo, { timestamp })));
  await becomesPaid(merchantOrderNo);
}

/** The record shows a payment a moment before its process counts it. */
async function paymentsAreCounted(count: number): Promise<void> {
  await eventually(`${count} payments are counted`, async () => {
    await recorder.flush();
    const { timeToTruth } = sumStatistics(await orders.stores.statistics.since(minuteOf(startMs)));
    return timeToTruth.reduce((sum, each) => sum + each, 0) === count;
  });
}

async function watch() {
  const report = await orders.sweep();
  const anomaly = await orders.stores.anomalies.find(anomalyId('callbacks_silent', 'callbacks'));
  return { report, anomaly };
}

function scheduleOf({ body }: Awaited<ReturnType<typeof create>>): readonly string[] {
  return (body as { checks: { schedule: readonly string[] } }).checks.schedule;
}

describe('callbacks that are lost', () => {
  const asked = { merchantOrderNo: uniqueOrderNo() };
  const own = { checks: { strategy: 'progressive', schedule: ['10s', '1m'] } };

  it('when nothing is known, then nothing is raised and an order has its usual checks', async () => {
    expect((await watch()).anomaly).toBeNull();
    expect(scheduleOf(await create())).toEqual(USUAL_SCHEDULE);
  });

  it('when twelve orders are learnt by asking, then callbacks count as silent', async () => {
    await Promise.all(Array.from({ length: 12 }, payWithoutCallback));
    await paymentsAreCounted(12);
    const { anomaly, report } = await watch();
    expect(report.raised).toEqual(['callbacks_silent']);
    expect(anomaly).toMatchObject({ healedAt: null, orderId: 'callbacks', count: 1 });
    expect(anomaly?.detail).toContain('12 of the last 12 payments');
  });

  it('when they are still silent at the next sweep, then it is the same one', async () => {
    const { anomaly: before } = await watch();
    const { anomaly: after } = await watch();
    expect(after).toMatchObject({ count: 1, openedAt: before?.openedAt, healedAt: null });
  });

  it('when an order is created meanwhile, then it is asked about more often, its own checks as well', async () => {
    const schedule = scheduleOf(await create(asked));
    expect(schedule).toHaveLength(47);
    expect(schedule.slice(0, 3)).toEqual(['5s', '5s', '5s']);
    expect(scheduleOf(await create(own))).toEqual([
      ...new Array(2).fill('5s'),
      ...new Array(12).fill('5s'),
    ]);
  });

  it('when the same order is asked for again while they are silent, then it is the same order', async () => {
    const again = await create(asked);
    expect(again.status).toBe(200);
    expect(scheduleOf(again)).toHaveLength(47);
  });

  it('when five callbacks in a row have come, then it is over', async () => {
    clock.recorderMs = 60_000;
    for (let callback = 0; callback < 5; callback += 1) await payWithCallback();
    await paymentsAreCounted(17);
    const { anomaly, report } = await watch();
    expect(report.raised).toEqual([]);
    expect(anomaly?.healedAt).not.toBeNull();
  });

  it('when one payment is then learnt by asking, then the silence before is not counted again', async () => {
    await payWithoutCallback();
    await paymentsAreCounted(18);
    const { anomaly } = await watch();
    expect(anomaly?.healedAt).not.toBeNull();
  });

  it('when they are back, then a new order has its usual checks, and the order from before is still the same', async () => {
    expect(scheduleOf(await create())).toEqual(USUAL_SCHEDULE);
    const again = await create(asked);
    expect(again.status).toBe(200);
    expect(scheduleOf(again)).toHaveLength(47);
  });

  it('when all of it is counted, then each payment is there once, by the way it was learnt', async () => {
    const merchantOrderNo = uniqueOrderNo();
    scriptPaid(merchantOrderNo);
    await create({ merchantOrderNo });
    await api.call('GET', `/v1/orders/${merchantOrderNo}/verify`, {});
    await becomesPaid(merchantOrderNo);
    await paymentsAreCounted(19);
    const counted = sumStatistics(await orders.stores.statistics.since(minuteOf(startMs)));
    expect(counted.ordersPaid).toEqual({ callback: 5, check: 13, verify: 1, operator: 0 });
    expect(counted.ordersCreated).toBe(23);
    // 13 checks and the page's question; orders of this test that nobody pays may be asked about as well.
    expect(counted.gatewayAnswered).toBeGreaterThanOrEqual(14);
    expect(counted.gatewayCalls).toBeGreaterThanOrEqual(counted.gatewayAnswered);
  });
});
