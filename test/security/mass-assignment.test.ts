/** Attack: name fields that are ours to set, or that reach the prototype of every object. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, OPS_TOKEN, type RunningApi, startApi } from '../api/api-environment.js';
import { answerOf, MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

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

const wanted = (merchantOrderNo = uniqueOrderNo()) => ({
  merchantOrderNo,
  channel: 'hosted',
  amount: 1_050,
  currency: 'USD',
});

/** Every field of the record that a caller must not decide, and what is no field at all. */
const OURS: Readonly<Record<string, unknown>> = {
  status: 'paid',
  final: true,
  paidAmount: 1_050,
  refundedAmount: -1,
  gatewayTransNo: 'G-1',
  gatewayCreation: 'created',
  paymentUrl: 'https://evil.example.com/',
  verifyToken: 'verify_chosen-by-me',
  decidedBy: { source: 'operator', at: '2026-01-01T00:00:00.000Z' },
  merchantNo: 'M9999',
  workflowId: 'order/M9999/x',
  paidAt: '2026-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  policy: { latePaymentPolicy: 'accept' },
  latePaymentPolicy: 'accept',
  contentHash: 'x',
  version: 99,
  _id: 'M1001/other',
  notifyUrl: 'https://evil.example.com/',
  $set: { status: 'paid' },
  'order.status': 'paid',
};

describe('a new order that brings fields of ours', () => {
  it.each(Object.entries(OURS))(
    'when it brings %s, then it is refused and there is none',
    async (name, value) => {
      const body = { ...wanted(), [name]: value };
      const answer = await api.call('POST', '/v1/orders', { body });
      expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
      expect(answer.body.errors).toMatchObject([{ code: 'unknown_field' }]);
      expect(gateway.calls(body.merchantOrderNo)).toEqual([]);
      expect(await orders.stores.orders.find(`${MERCHANT_NO}/${body.merchantOrderNo}`)).toBeNull();
    },
  );

  it('when they stand in its checks, then it is refused', async () => {
    const checks = { strategy: 'progressive', schedule: ['5s'], done: 99, limit: 1 };
    const answer = await api.call('POST', '/v1/orders', { body: { ...wanted(), checks } });
    expect(answer.status).toBe(422);
  });

  it('when they stand in its metadata, then they are text of the merchant and decide nothing', async () => {
    const merchantOrderNo = uniqueOrderNo();
    gateway.script(merchantOrderNo, {
      query: () => answerOf({ ...wanted(merchantOrderNo), merchantNo: MERCHANT_NO }, 'open'),
    });
    const metadata = {
      status: 'paid',
      paidAmount: '1050',
      _id: 'x',
      toString: 'x',
      hasOwnProperty: 'x',
    };
    const body = { ...wanted(merchantOrderNo), metadata };
    const answer = await api.call('POST', '/v1/orders', { body });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: 'pending', paidAmount: 0, refundedAmount: 0 });
    const order = await orders.order({ merchantNo: MERCHANT_NO, merchantOrderNo });
    expect(order).toMatchObject({ status: 'pending', paidAmount: 0 });
    expect(order.metadata).toEqual(metadata);
  });

  it('when an amount is anything but a plain integer, then it is refused', async () => {
    const amounts = ['1050', 10.5, -1_050, 0, 1e21, [1_050], { valueOf: 1_050 }, true, null];
    for (const amount of amounts) {
      const answer = await api.call('POST', '/v1/orders', { body: { ...wanted(), amount } });
      expect([answer.status, answer.body.code], String(amount)).toEqual([422, 'validation_failed']);
    }
  });
});

describe('other calls that bring fields of ours', () => {
  it.each([
    ['POST', 'refunds', API_KEY, { refundNo: 'R-1', amount: 1, reason: 'x', status: 'succeeded' }],
    ['POST', 'refunds', API_KEY, { refundNo: 'R-1', amount: 1, reason: 'x', requestedBy: 'ann' }],
    ['POST', 'review', OPS_TOKEN, { to: 'paid', reason: 'x', actor: 'bob' }],
    ['POST', 'review', OPS_TOKEN, { to: 'paid', reason: 'x', paidAmount: 1 }],
    ['POST', 'cancel', API_KEY, { force: true }],
    ['POST', 'check', OPS_TOKEN, { answer: 'paid' }],
    ['POST', 'pay', API_KEY, { paymentUrl: 'https://evil.example.com/' }],
    ['POST', 'pos-result', API_KEY, { responseCode: '000', paid: true }],
  ] as const)(
    'when %s %s brings more than it may, then it is refused',
    async (method, action, credential, body) => {
      const order = await orders.seed(orderRequest(), Date.now(), { status: 'review' });
      const path = `/v1/orders/${order.merchantOrderNo}`;
      const answer = await api.call(method, `${path}/${action}`, { credential, body });
      expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
      expect((await orders.order(order)).status).toBe('review');
    },
  );
});

describe('prototype pollution', () => {
  const polluted = () => ({}) as Readonly<Record<string, unknown>>;

  it.each([
    '{"__proto__":{"status":"paid"},"channel":"hosted","amount":1,"currency":"USD"}',
    '{"constructor":{"prototype":{"status":"paid"}},"channel":"hosted","amount":1,"currency":"USD"}',
    '{"channel":"hosted","amount":1,"currency":"USD","metadata":{"__proto__":"x"}}',
    '{"channel":"hosted","amount":1,"currency":"USD","metadata":{"\\u005f_proto__":"x"}}',
    '{"channel":"hosted","amount":1,"currency":"USD","checks":{"__proto__":{"strategy":"scheduled"}}}',
    '[{"__proto__":{"status":"paid"}}]',
  ])('when a body is %s, then it is refused and no object has gained anything', async (rawBody) => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': uniqueOrderNo() };
    const answer = await api.call('POST', '/v1/orders', { rawBody, headers });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_body']);
    expect(polluted().status).toBeUndefined();
    expect(polluted().strategy).toBeUndefined();
  });

  it.each([
    '__proto__=x',
    '__proto__[status]=paid',
    'constructor[prototype][status]=paid',
    'status[__proto__]=x',
    'status[$ne]=paid',
    'status=paid&status=pending',
    'limit[]=1',
  ])('when a query is %s, then it is refused and no object has gained anything', async (query) => {
    const answer = await api.call('GET', `/v1/orders?${query}`);
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(polluted().status).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'when an order is asked for by the name %s, then there is none',
    async (name) => {
      for (const path of ['', '/audit', '/explain', '/verify', '/refunds']) {
        const answer = await api.call('GET', `/v1/orders/${name}${path}`);
        expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
      }
    },
  );
});
