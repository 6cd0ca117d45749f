import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueryAnswer } from '../../src/domain/evidence.js';
import type { Order } from '../../src/domain/order.js';
import { answerOf, MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { type GatewayScript, ScriptedGateway } from '../support/scripted-gateway.js';
import { gate, type RunningApi, startApi } from './api-environment.js';

const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;
/** A second process of the API over the same database and Temporal. */
let otherApi: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
  otherApi = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await otherApi.close();
  await orders.close();
});

interface PayersOrder {
  readonly path: string;
  readonly merchantOrderNo: string;
  readonly credential: string;
}

/** An order as the merchant made it, and what its payer holds. */
async function createOrder(
  answer: QueryAnswer['answer'],
  channel: 'pos' | 'hosted' = 'hosted',
): Promise<PayersOrder> {
  const merchantOrderNo = uniqueOrderNo();
  const key = { merchantNo: MERCHANT_NO, merchantOrderNo, currency: 'USD', amount: 1_050 };
  const script: GatewayScript = { query: () => answerOf(key, answer) };
  gateway.script(merchantOrderNo, script);
  const created = await api.call('POST', '/v1/orders', {
    body: { merchantOrderNo, channel, amount: 1_050, currency: 'USD' },
  });
  expect(created.status).toBe(201);
  const credential = String(created.body.verifyToken);
  return { path: `/v1/orders/${merchantOrderNo}`, merchantOrderNo, credential };
}

async function seed(changes: Partial<Order>): Promise<string> {
  const order = await orders.seed(orderRequest(), Date.now(), changes);
  return `/v1/orders/${order.merchantOrderNo}`;
}

describe('verify', () => {
  it.each([
    ['open', { paid: false, nextAction: 'keep_polling' }],
    ['paying', { paid: false, nextAction: 'keep_polling' }],
    ['closed', { paid: false, nextAction: 'pay_again' }],
    ['unknown', { paid: false, nextAction: 'check_later' }],
    ['paid', { paid: true, final: true, status: 'paid', nextAction: 'show_success' }],
  ] as const)('when the gateway says %s, then the payer is told so', async (answer, expected) => {
    const { path, credential } = await createOrder(answer);
    const verified = await api.call('GET', `${path}/verify`, { credential });
    expect(verified.status).toBe(200);
    expect(verified.headers.get('Cache-Control')).toBe('no-store');
    expect(verified.body).toMatchObject({ ...expected, pollAfterMs: 2_000, pollForMs: 60_000 });
  });

  it('when many pages ask two processes at once, then the gateway is asked once', async () => {
    const { path, merchantOrderNo, credential } = await createOrder('open');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? api : otherApi).call('GET', `${path}/verify`, { credential }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(gateway.operations(merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when the last answer is younger than two seconds, then the record answers', async () => {
    const { path, merchantOrderNo, credential } = await createOrder('open');
    await api.call('GET', `${path}/verify`, { credential });
    await otherApi.call('GET', `${path}/verify`, { credential });
    expect(gateway.operations(merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when the order is final, then the gateway is not asked', async () => {
    const path = await seed({ status: 'paid', paidAmount: 1_050 });
    expect((await api.call('GET', `${path}/verify`)).body.nextAction).toBe('show_success');
    expect(gateway.calls(path.split('/').at(-1) ?? '')).toEqual([]);
  });

  it('when the order was canceled, then the payer is told that it is closed', async () => {
    const path = await seed({ status: 'canceled' });
    expect((await api.call('GET', `${path}/verify`)).body).toMatchObject({
      final: true,
      nextAction: 'show_canceled',
    });
  });

  it('when the gateway does not answer in time, then the record answers after three seconds', async () => {
    const { path, merchantOrderNo, credential } = await createOrder('open');
    const { opened, open } = gate();
    gateway.script(merchantOrderNo, {
      query: async () => {
        await opened;
        return answerOf(orderRequest(), 'unknown');
      },
    });
    const startedMs = Date.now();
    const verified = await api.call('GET', `${path}/verify`, { credential });
    expect(Date.now() - startedMs).toBeLessThan(4_000);
    expect(verified.status).toBe(200);
    expect(verified.body).toMatchObject({ paid: false, nextAction: 'check_later' });
    open();
  });

  it('when there is no such order, then 404', async () => {
    expect((await api.call('GET', '/v1/orders/none/verify')).status).toBe(404);
  });
});

describe('pay', () => {
  it('when the order is open, then the payer gets the same payment address', async () => {
    const { path, credential, merchantOrderNo } = await createOrder('open');
    const answer = await api.call('POST', `${path}/pay`, { credential });
    expect(answer.status).toBe(200);
    expect(answer.body.paymentUrl).toBe('https://pay.example/p/1');
    expect(answer.body).not.toHaveProperty('verifyToken');
    expect(gateway.operations(merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when the gateway says that it is paid, then 409 order_final', async () => {
    const { path, credential } = await createOrder('paid');
    const answer = await api.call('POST', `${path}/pay`, { credential });
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('order_final');
  });

  it.each([
    ['paid', 'order_final'],
    ['partially_refunded', 'order_final'],
    ['refunded', 'order_final'],
    ['canceled', 'order_final'],
    ['canceling', 'order_not_payable'],
    ['review', 'order_not_payable'],
  ] as const)('when the order is %s, then 409 %s', async (status, code) => {
    const answer = await api.call('POST', `${await seed({ status })}/pay`);
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe(code);
  });

  it('when a payment is in progress, then 409: nobody pays a second time', async () => {
    const { path, credential } = await createOrder('paying');
    const answer = await api.call('POST', `${path}/pay`, { credential });
    expect(answer.body.code).toBe('order_not_payable');
  });
});

describe("the terminal's result", () => {
  it.each([
    ['000', 'Success'],
    ['112', 'Timeout'],
    ['110', '[K026] canceled'],
    ['garbage', ''],
  ])(
    'when it is %s %s, then the gateway is asked and its answer counts',
    async (responseCode, responseMsg) => {
      const { path, credential, merchantOrderNo } = await createOrder('paid', 'pos');
      const answer = await api.call('POST', `${path}/pos-result`, {
        credential,
        body: { responseCode, responseMsg, bizData: { pay_user_account_id: 'payer-4242' } },
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ paid: true, nextAction: 'show_success' });
      expect(gateway.operations(merchantOrderNo)).toEqual(['query']);
    },
  );

  it('when it says success and the gateway says open, then the order is not paid', async () => {
    const { path, credential } = await createOrder('open', 'pos');
    const answer = await api.call('POST', `${path}/pos-result`, {
      credential,
      body: { responseCode: '000', bizData: '{"trans_status":2}' },
    });
    expect(answer.body).toMatchObject({ status: 'pending', paid: false });
  });

  it('when it carries payer data, then neither log nor record keeps it', async () => {
    const { path, credential, merchantOrderNo } = await createOrder('open', 'pos');
    await api.call('POST', `${path}/pos-result`, {
      credential,
      body: { responseCode: '000', responseMsg: 'card 4111-secret', bizData: { card: '4111-x' } },
    });
    expect(api.log()).toContain('"hint":"success"');
    expect(api.log()).not.toContain('4111');
    const audit = await orders.audit({ merchantNo: MERCHANT_NO, merchantOrderNo });
    expect(JSON.stringify(audit)).not.toContain('4111');
  });

  it('when a field is unknown or missing, then 422 names it', async () => {
    const { path, credential } = await createOrder('open', 'pos');
    const answer = await api.call('POST', `${path}/pos-result`, {
      credential,
      body: { responsecode: '000' },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([
      { pointer: '/responseCode', code: 'required' },
      { pointer: '/responsecode', code: 'unknown_field' },
    ]);
  });
});
