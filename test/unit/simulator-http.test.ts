/** The simulator's addresses: the wire with its refusals, the control API, health. */
import { generateKeyPairSync } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSignedByAny } from '../../src/gateway/codepay/codepay-signature.js';
import { signedRequest } from '../../src/gateway/codepay/codepay-wire.js';
import { readJsonFields, writeJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';
import { isLoopback } from '../../src/gateway/simulator/simulator-control.routes.js';
import { startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import {
  clientOptions,
  type SimulatorSubject,
  simulatorSubject,
} from '../contract/simulator-subject.js';

let subject: SimulatorSubject;
beforeAll(async () => {
  subject = await simulatorSubject();
});
afterAll(async () => {
  await subject.close();
});
beforeEach(() => {
  subject.simulator.control.reset();
});

const http = () => request(subject.simulator.url);

type Method = Parameters<typeof signedRequest>[0];

function signed(method: string, fields: Record<string, string>, more: { nowMs?: number } = {}) {
  const { appId, merchantNo, privateKey } = clientOptions(subject.simulator, 'http://x.test/');
  const business = { merchant_no: merchantNo, ...fields };
  const sender = { appId, privateKey, nowMs: Date.now(), ...more };
  return signedRequest(method as Method, business, sender);
}

async function entry(body: string, contentType = 'application/json') {
  const response = await http().post('/api/entry').set('content-type', contentType).send(body);
  expect(response.status).toBe(200);
  const fields = readJsonFields(response.text) ?? new Map();
  expect(isSignedByAny(fields, [subject.simulator.gatewayPublicKey])).toBe(true);
  return response.body.code;
}

describe('the wire', () => {
  it('when a request is signed, then it is answered, as JSON and as a form', async () => {
    const fields = signed('order.query', { merchant_order_no: 'none' });
    expect(await entry(writeJsonFields(fields))).toBe('ORDER_NOT_FOUND');
    const form = new URLSearchParams();
    for (const [name, value] of fields) form.set(name, value ?? '');
    expect(await entry(form.toString(), 'application/x-www-form-urlencoded')).toBe(
      'ORDER_NOT_FOUND',
    );
  });

  it.each([
    ['an unknown method', () => signed('tip.adjustment', {}), 'METHOD_UNSUPPORTED'],
    [
      'a refund of no order',
      () => signed('order.refund.submit', sale({ trans_amount: '10.50' })),
      'PARAM_ERROR',
    ],
    [
      'a refund of two amounts',
      () => signed('order.refund.submit', sale({ orig_merchant_order_no: 'T', trans_amount: '1' })),
      'PARAM_ERROR',
    ],
    [
      'a void without a terminal',
      () =>
        signed('wisehub.cloud.pay.order', sale({ orig_merchant_order_no: 'T', trans_type: '2' })),
      'PARAM_ERROR',
    ],
    ['another merchant', () => signed('order.query', { merchant_no: 'M2' }), 'MERCHANT_UNKNOWN'],
    ['another app', () => new Map(signed('order.query', {})).set('app_id', 'B'), 'APP_UNKNOWN'],
    ['a changed field', () => new Map(signed('order.query', {})).set('x', '1'), 'SIGN_ERROR'],
    ['no signature', () => new Map(signed('order.query', {})).set('sign', ''), 'SIGN_ERROR'],
    [
      'another sign_type',
      () => new Map(signed('order.query', {})).set('sign_type', 'NONE'),
      'SIGN_ERROR',
    ],
    ['no version', () => new Map(signed('order.query', {})).set('version', ''), 'SYS011'],
    [
      'a time 16 minutes off',
      () => signed('order.query', {}, { nowMs: Date.now() - 16 * 60_000 }),
      'TIMESTAMP_ERROR',
    ],
    [
      'an amount of nothing',
      () => signed('pay.checkout', sale({ order_amount: '0.00' })),
      'PARAM_ERROR',
    ],
    ['half a cent', () => signed('pay.checkout', sale({ order_amount: '1.005' })), 'PARAM_ERROR'],
    [
      'a forbidden number',
      () => signed('pay.checkout', sale({ merchant_order_no: 'a b' })),
      'PARAM_ERROR',
    ],
    [
      'no terminal',
      () => signed('wisehub.cloud.pay.order', sale({ trans_type: '1' })),
      'PARAM_ERROR',
    ],
  ])('when a request has %s, then it is refused, signed', async (_, fields, code) => {
    expect(await entry(writeJsonFields(fields()))).toBe(code);
  });

  it('when a request is no object of fields, then it is refused, signed', async () => {
    for (const body of ['[]', '{"a":1,"a":2}', 'x']) {
      expect(await entry(body)).toBe('PARAM_ERROR');
    }
  });

  it('when a request is too large, then HTTP says so', async () => {
    const body = 'x'.repeat(70_000);
    const response = await http().post('/api/entry').type('json').send(body);
    expect(response.status).toBe(413);
  });

  const sale = (more: Record<string, string>) => ({
    merchant_order_no: newOrderNo(),
    price_currency: 'USD',
    order_amount: '1.00',
    ...more,
  });
});

describe('a number that is used again', () => {
  const states = ['open', 'paying', 'closed', 'paid', 'canceled'] as const;
  it.each(states.flatMap((state) => [[state, 'same'] as const, [state, 'error'] as const]))(
    'when its order is %s and the policy is %s, then the call is answered by it',
    async (state, policy) => {
      const { control } = subject.simulator;
      const order = subject.order(newOrderNo());
      const { merchantOrderNo } = order;
      if (state === 'paying') {
        control.setScenario(merchantOrderNo, 'paying_long', { payAfterMs: 0 });
      }
      const first = await subject.gateway.createOrder(order);
      if (state === 'closed') control.decline(merchantOrderNo);
      if (state === 'paid') control.pay(merchantOrderNo);
      if (state === 'canceled') await subject.gateway.cancelOrder({ ...order, method: 'revoke' });
      await expect.poll(() => control.order(merchantOrderNo).state).toBe(state);
      control.setPolicies({ reusedNumber: { [state]: policy } });
      const again = await subject.gateway.createOrder(order);
      if (policy === 'error') expect(again.outcome).toBe('refused');
      else expect(again).toMatchObject({ outcome: 'accepted', paymentUrl: first.paymentUrl });
      const isReopened = policy === 'same' && (state === 'closed' || state === 'canceled');
      expect(control.order(merchantOrderNo).state).toBe(isReopened ? 'open' : state);
    },
  );

  it('when it comes with another amount, then it is refused whatever the policy', async () => {
    const order = subject.order(newOrderNo());
    await subject.gateway.createOrder(order);
    const other = await subject.gateway.createOrder({ ...order, amount: order.amount + 1 });
    expect(other.outcome).toBe('refused');
  });
});

describe('faults of the whole gateway', () => {
  it('when it is down, erroneous or slow, then no answer says anything', async () => {
    const order = subject.order(newOrderNo());
    await subject.gateway.createOrder(order);
    const { control } = subject.simulator;
    control.setFaults({ isDown: true });
    expect(await subject.gateway.queryOrder(order)).toMatchObject({ cause: 'transport' });
    control.setFaults({ isDown: false, errorRate: 1 });
    expect(await subject.gateway.queryOrder(order)).toMatchObject({ cause: 'http_status' });
    control.setFaults({ errorRate: 0, latencyMs: 5_000 });
    expect(await subject.gateway.queryOrder(order)).toMatchObject({ cause: 'timeout' });
    control.setFaults({ latencyMs: 0 });
    expect((await subject.gateway.queryOrder(order)).answer).toBe('open');
  });
});

describe('the control API', () => {
  it('when a scenario is chosen before the order exists, then the order follows it', async () => {
    const number = `@${newOrderNo()}|*`;
    const path = `/control/orders/${encodeURIComponent(number)}`;
    const chosen = await http()
      .post(`${path}/scenario`)
      .send({ scenario: 'declined', payAfterMs: 0 });
    expect(chosen.status).toBe(200);
    expect((await http().get(path)).status).toBe(404);
    await subject.gateway.createOrder(subject.order(number));
    await expect.poll(async () => (await http().get(path)).body.state).toBe('closed');
    expect((await http().get('/control/orders')).body.data).toHaveLength(1);
  });

  it('when the till starts a sale, then it is an order whose result the till can read', async () => {
    const merchantOrderNo = newOrderNo();
    const sale = { merchantOrderNo, amount: 735, currency: 'USD', terminalSn: 'T9' };
    const started = await http().post('/control/pos-sales').send(sale);
    expect(started.status).toBe(201);
    expect(started.body).toMatchObject({ channel: 'pos', posResult: { responseCode: '112' } });
    const canceled = await http()
      .post(`/control/orders/${merchantOrderNo}/decline`)
      .send({ by: 'user' });
    expect(canceled.body.posResult).toEqual({
      responseCode: '110',
      responseMsg: '[K026] canceled by user',
    });
    expect((await http().post('/control/pos-sales').send(sale)).status).toBe(201);
    const paid = await http().post(`/control/orders/${merchantOrderNo}/pay`);
    expect(paid.body).toMatchObject({ state: 'paid', posResult: { responseCode: '000' } });
    expect((await subject.gateway.queryOrder(subject.order(merchantOrderNo))).answer).toBe('paid');
  });

  it('when an order cannot be changed so, then 409, and 404 for one that is not there', async () => {
    const order = subject.order(newOrderNo());
    await subject.gateway.createOrder(order);
    const path = `/control/orders/${order.merchantOrderNo}`;
    expect((await http().post(`${path}/expire`)).body.state).toBe('closed');
    expect((await http().post(`${path}/pay`)).body).toMatchObject({ code: 'ORDER_CLOSED' });
    expect((await http().post(`${path}/pay`)).status).toBe(409);
    expect((await http().post(`${path}/pay`).send({ isLate: true })).body.state).toBe('paid');
    expect((await http().post('/control/orders/none/pay')).status).toBe(404);
  });

  it.each([
    ['/control/orders/X/scenario', { scenario: 'nonsense' }],
    ['/control/orders/X/scenario', { scenario: 'waits', payAfter: 1 }],
    ['/control/pos-sales', { merchantOrderNo: 'X', amount: 1.5, currency: 'USD', terminalSn: 'T' }],
    ['/control/faults', { errorRate: 2 }],
    ['/control/policies', { reusedNumber: { open: 'maybe' } }],
    ['/control/callbacks', { signing: 'maybe' }],
  ])('when %s gets %j, then 400 says what is wrong', async (path, body) => {
    const response = await http().post(path).send(body);
    expect(response.status).toBe(400);
    expect(response.body.code).toBe('validation_failed');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.5', false],
    ['::ffff:192.168.0.9', false],
    ['fe80::1', false],
    [undefined, false],
  ])(
    'when the caller is at %s and the API is not opened, then allowed is %s',
    (address, expected) => {
      expect(isLoopback(address)).toBe(expected);
    },
  );

  it('when a page of another site calls it, then 403', async () => {
    const call = http().post('/control/reset').set('origin', 'https://evil.test');
    expect((await call).status).toBe(403);
  });

  it('when everything is reset, then nothing is left', async () => {
    await subject.gateway.createOrder(subject.order(newOrderNo()));
    subject.simulator.control.setFaults({ latencyMs: 1 });
    expect((await http().post('/control/reset')).status).toBe(204);
    expect((await http().get('/control/orders')).body.data).toEqual([]);
    expect(subject.simulator.control.setFaults({})).toMatchObject({ latencyMs: 0 });
  });
});

describe('health', () => {
  it('when asked, then it is up', async () => {
    expect((await http().get('/livez')).status).toBe(200);
    expect((await http().get('/readyz')).body).toEqual({ status: 'up' });
  });
});

describe('keys', () => {
  it('when the caller gives keys, then none is invented', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = await startSimulator({ privateKey, merchantPublicKeys: [publicKey] });
    await own.close();
    expect(own.merchantPrivateKey).toBeNull();
    expect(own.gatewayPublicKey.equals(publicKey)).toBe(true);
  });
});
