/** Refunds, exports and operators' calls while MongoDB, Temporal or the worker is away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { orderRequest } from '../support/order-builder.js';
import { OPS_TOKEN, startApi } from './api-environment.js';
import { type Outages, outages, type Ports } from './outage-environment.js';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;
let without: Outages;

beforeAll(async () => {
  stage = await refundStage();
  without = await outages();
});

afterAll(async () => {
  await without.close();
  await stage.close();
});

type Call = readonly [method: string, path: string, body?: object];

async function expectUnavailable(ports: Ports, calls: readonly Call[]): Promise<void> {
  const api = await startApi({ ...ports.stores, messenger: ports.messenger });
  try {
    const answers = await Promise.all(
      calls.map(([method, path, body]) => api.call(method, path, { body, credential: OPS_TOKEN })),
    );
    for (const [index, answer] of answers.entries()) {
      expect([answer.status, answer.body.code], calls[index]?.join(' ')).toEqual([
        503,
        'unavailable',
      ]);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
  } finally {
    await api.close();
  }
}

it.each(['away', 'silent'] as const)(
  'when MongoDB is %s, then every call says so and nothing else',
  async (how) => {
    const review = { to: 'paid', reason: 'x' };
    await expectUnavailable({ ...without[how], messenger: stage.orders.messenger }, [
      ['POST', '/v1/orders/A-1/refunds', aRefund()],
      ['GET', '/v1/orders/A-1/refunds'],
      ['GET', '/v1/orders/A-1/explain'],
      ['GET', '/v1/refunds'],
      ['GET', '/v1/refunds.csv'],
      ['GET', '/v1/orders.csv'],
      ['POST', '/v1/orders/A-1/review', review],
      ['POST', '/v1/orders/A-1/check'],
      ['GET', '/v1/anomalies'],
      ['POST', '/v1/anomalies/x/acknowledge'],
      ['POST', `/v1/callbacks/${'0'.repeat(64)}/redeliver`],
      ['GET', '/v1/events'],
      ['POST', '/v1/events/x/redeliver'],
    ]);
  },
);

it('when Temporal is away, then what needs an order’s workflow is 503', async () => {
  const paid = await stage.paidOrder();
  const inReview = await stage.orders.seed(orderRequest(), Date.now(), { status: 'review' });
  await expectUnavailable({ stores: stage.orders.stores, messenger: without.away.messenger }, [
    ['POST', `/v1/orders/${paid.merchantOrderNo}/refunds`, aRefund()],
    ['POST', `/v1/orders/${paid.merchantOrderNo}/check`],
    ['POST', `/v1/orders/${inReview.merchantOrderNo}/review`, { to: 'paid', reason: 'x' }],
  ]);
  expect((await stage.orders.order(paid)).refunds).toEqual([]);
});

describe('when no worker answers in time', () => {
  it('then 503, and the same call afterwards finds the one refund that was made', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.orders.stopWorker();
    const lost = await stage.refund(order, refund);
    expect([lost.status, lost.body.code]).toEqual([503, 'unavailable']);
    await stage.orders.startWorker();
    const again = await eventually('the same call is answered', async () => {
      const answer = await stage.refund(order, refund);
      return answer.status === 202 ? answer : null;
    });
    expect(again.body.refundNo).toBe(refund.refundNo);
    expect((await stage.orders.order(order)).refunds).toHaveLength(1);
    const told = stage.gateway.operations(order.merchantOrderNo);
    expect(told.filter((each) => each.startsWith('refund'))).toHaveLength(1);
  });
});
