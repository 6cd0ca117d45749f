import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChainFault } from '../../src/store/audit-chain.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  MERCHANT_NO,
  orderRequest,
  uniqueOrderNo,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import {
  callbackFields,
  OPS_TOKEN,
  type RunningApi,
  sendCallback,
  signedBody,
  startApi,
} from './api-environment.js';

const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

async function asOperator(method: string, path: string, body?: object) {
  return await api.call(method, path, { credential: OPS_TOKEN, ...(body && { body }) });
}

async function becomes(merchantOrderNo: string, status: string): Promise<void> {
  await eventually(`${merchantOrderNo} is ${status}`, async () => {
    return (await api.call('GET', `/v1/orders/${merchantOrderNo}`)).body.status === status;
  });
}

/** An order that was paid with another amount. */
async function orderInReview(): Promise<string> {
  const request = orderRequest();
  await orders.messenger.createOrder(request, 10_000);
  const evidence = aCallback(factsOf(request, { amount: 1 }));
  await orders.messenger.callbackReceived(request, evidence, 10_000);
  await becomes(request.merchantOrderNo, 'review');
  return request.merchantOrderNo;
}

describe('resolving a review', () => {
  it('when an operator resolves it, then the order has the status, and the audit who and why', async () => {
    const merchantOrderNo = await orderInReview();
    const path = `/v1/orders/${merchantOrderNo}`;
    const body = { to: 'paid', reason: 'the bank shows the money' };
    const answer = await asOperator('POST', `${path}/review`, body);
    expect([answer.status, answer.body.status]).toEqual([200, 'paid']);
    expect(answer.body.decidedBy).toMatchObject({ source: 'operator' });
    const audit = await orders.audit({ merchantNo: MERCHANT_NO, merchantOrderNo });
    expect(audit.find(({ event }) => event === 'review.resolved')?.data).toMatchObject({
      actor: 'ann',
      ...body,
    });
    expect(findChainFault(`${MERCHANT_NO}/${merchantOrderNo}`, audit)).toBeNull();
    const explained = await api.call('GET', `${path}/explain`);
    expect(explained.body.because).toContain('ann resolved the review to paid');
  });

  it('when it was resolved already, or there was none, then 409', async () => {
    const merchantOrderNo = await orderInReview();
    const body = { to: 'canceled', reason: 'refunded by hand' };
    const path = `/v1/orders/${merchantOrderNo}/review`;
    expect((await asOperator('POST', path, body)).status).toBe(200);
    const again = await asOperator('POST', path, body);
    expect([again.status, again.body.code]).toEqual([409, 'order_not_in_review']);
  });

  it('when two operators resolve it at once, then one decision holds', async () => {
    const merchantOrderNo = await orderInReview();
    const path = `/v1/orders/${merchantOrderNo}/review`;
    const answers = await Promise.all(
      ['paid', 'canceled'].map((to) => asOperator('POST', path, { to, reason: 'mine' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it.each([
    [{ to: 'pending', reason: 'x' }, '/to'],
    [{ to: 'partially_refunded', reason: 'x' }, '/to'],
    [{ to: 'paid' }, '/reason'],
    [{ to: 'paid', reason: '' }, '/reason'],
  ])('when the body is %j, then 422 names %s', async (body, pointer) => {
    const answer = await asOperator('POST', `/v1/orders/${uniqueOrderNo()}/review`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });

  it('when there is no such order, then 404', async () => {
    const answer = await asOperator('POST', '/v1/orders/none/review', { to: 'paid', reason: 'x' });
    expect(answer.status).toBe(404);
  });
});

describe('asking for a check', () => {
  it('when an operator asks, then the gateway is asked and the audit names the operator', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    await orders.messenger.createOrder(request, 10_000);
    const path = `/v1/orders/${request.merchantOrderNo}`;
    expect((await asOperator('POST', `${path}/check`)).status).toBe(202);
    await becomes(request.merchantOrderNo, 'paid');
    const audit = await orders.audit(request);
    expect(audit.some(({ kind, data }) => kind === 'operator' && data.actor === 'ann')).toBe(true);
    expect((await orders.order(request)).checks.done).toBe(0);
  });

  it('when there is no such order, then 404', async () => {
    expect((await asOperator('POST', '/v1/orders/none/check')).status).toBe(404);
  });
});

describe('anomalies', () => {
  interface Listed {
    readonly id: string;
    readonly kind: string;
    readonly merchantOrderNo: string | null;
    readonly acknowledgedBy: string | null;
  }

  async function anomalyOf(merchantOrderNo: string, state = 'open'): Promise<Listed | undefined> {
    const about = new URLSearchParams({ state, merchantOrderNo, limit: '1' });
    const { body } = await asOperator('GET', `/v1/anomalies?${about}`);
    const [first] = body.data as Listed[];
    if (first !== undefined) expect(first.merchantOrderNo).toBe(merchantOrderNo);
    return first;
  }

  it('when an order needs a person, then it is listed, acknowledged, and ends with the review', async () => {
    const merchantOrderNo = await orderInReview();
    const anomaly = await eventually('it is listed', () => anomalyOf(merchantOrderNo));
    expect(anomaly).toMatchObject({ kind: 'amount_mismatch', acknowledgedBy: null });
    const path = `/v1/anomalies/${anomaly.id}/acknowledge`;
    const answer = await asOperator('POST', path);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: anomaly.id, acknowledgedBy: 'ann' });
    expect((await anomalyOf(merchantOrderNo))?.acknowledgedBy).toBe('ann');
    await asOperator('POST', `/v1/orders/${merchantOrderNo}/review`, { to: 'paid', reason: 'ok' });
    await eventually('it is healed', async () => !(await anomalyOf(merchantOrderNo)));
    expect(await anomalyOf(merchantOrderNo, 'all')).toMatchObject({
      healedAt: expect.any(String),
    });
  });

  it('when several orders have one, then a list of all has them, and that of one has its own alone', async () => {
    const orderNos = [await orderInReview(), await orderInReview()];
    for (const orderNo of orderNos) await eventually('it is listed', () => anomalyOf(orderNo));
    const { body } = await asOperator('GET', '/v1/anomalies?limit=100');
    const listed = (body.data as Listed[]).map(({ merchantOrderNo }) => merchantOrderNo);
    expect(listed).toEqual(expect.arrayContaining(orderNos));
  });

  it.each(['x', 'bm9uZQ', '%00'])('when %s is acknowledged, then 404', async (id) => {
    expect((await asOperator('POST', `/v1/anomalies/${id}/acknowledge`)).status).toBe(404);
  });

  it('when the query is not known, then 422', async () => {
    expect((await asOperator('GET', '/v1/anomalies?state=healed')).status).toBe(422);
    expect((await asOperator('GET', '/v1/anomalies?merchantOrderNo=')).status).toBe(422);
  });
});

describe('delivering a callback again', () => {
  const idOf = (body: string): string => createHash('sha256').update(body).digest('hex');

  it('when it waited for an order, then it is delivered, and again changes nothing', async () => {
    const request = orderRequest();
    await orders.messenger.createOrder(request, 10_000);
    const body = signedBody(callbackFields(request.merchantOrderNo, { trans_status: 1 }));
    await sendCallback(api, body);
    await api.background.settle(5_000);
    const path = `/v1/callbacks/${idOf(body)}/redeliver`;
    const recorded = async () => {
      const audit = await orders.audit(request);
      return audit.filter(({ kind }) => kind === 'callback').length;
    };
    await eventually('it is in the audit', async () => (await recorded()) === 1);
    const answer = await asOperator('POST', path);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ id: idOf(body), outcome: 'delivered' });
    await orders.messenger.verifyNow(request, 7, 10_000);
    expect(await recorded()).toBe(1);
  });

  it.each(['0'.repeat(64), 'none'])('when there is no callback %s, then 404', async (id) => {
    expect((await asOperator('POST', `/v1/callbacks/${id}/redeliver`)).status).toBe(404);
  });
});
