import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverCallback } from '../../src/delivery/deliver-callback.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import { eventually } from '../support/eventually.js';
import { answerOf, MERCHANT_NO, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import {
  callbackFields,
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

const keyOf = (merchantOrderNo: string) => ({
  merchantNo: MERCHANT_NO,
  merchantOrderNo,
  currency: 'USD',
  amount: 1_050,
});

async function createOrder(merchantOrderNo = uniqueOrderNo()): Promise<string> {
  gateway.script(merchantOrderNo, { query: () => answerOf(keyOf(merchantOrderNo), 'open') });
  const created = await api.call('POST', '/v1/orders', {
    body: { merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
  });
  expect(created.status).toBe(201);
  return merchantOrderNo;
}

async function untilStatus(merchantOrderNo: string, status: string): Promise<void> {
  await eventually(`${merchantOrderNo} is ${status}`, async () => {
    return (await api.call('GET', `/v1/orders/${merchantOrderNo}`)).body.status === status;
  });
}

const idOf = (body: string): string => createHash('sha256').update(body).digest('hex');

async function inboxEntry(body: string) {
  return await orders.stores.callbacks.find(idOf(body));
}

async function callbacksInAudit(merchantOrderNo: string): Promise<number> {
  const audit = await orders.audit(keyOf(merchantOrderNo));
  return audit.filter(({ kind }) => kind === 'callback').length;
}

function expectAcknowledged(answer: Awaited<ReturnType<typeof sendCallback>>): void {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toContain('text/plain');
  expect(answer.text).toBe('success');
}

describe('a callback that says paid', () => {
  it('when it is signed and fits, then it is acknowledged and the order is paid by it', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo));
    expectAcknowledged(await sendCallback(api, body));
    await untilStatus(merchantOrderNo, 'paid');
    const order = await orders.order(keyOf(merchantOrderNo));
    expect(order).toMatchObject({ paidAmount: 1_050, decidedBy: { source: 'callback' } });
    const entry = await eventually('the inbox is done with it', async () => {
      const kept = await inboxEntry(body);
      return kept?.outcome === 'recorded' ? kept : null;
    });
    const ports = { ...orders.stores, messenger: orders.messenger, now: Date.now };
    expect(await deliverCallback(entry, ports)).toBe('already_processed');
  });

  it('when the same bytes come again, then the answer is the same and they count once', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo));
    for (let time = 0; time < 3; time += 1) expectAcknowledged(await sendCallback(api, body));
    await untilStatus(merchantOrderNo, 'paid');
    expectAcknowledged(await sendCallback(api, body));
    expect((await inboxEntry(body))?.count).toBe(4);
    expect(await callbacksInAudit(merchantOrderNo)).toBe(1);
  });

  it('when ten of the same bytes race, then they count once', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo));
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendCallback(api, body)));
    answers.forEach(expectAcknowledged);
    await untilStatus(merchantOrderNo, 'paid');
    expect((await inboxEntry(body))?.count).toBe(10);
    expect(await callbacksInAudit(merchantOrderNo)).toBe(1);
  });

  it('when another message tells the same fact, then it is kept and decides nothing', async () => {
    const merchantOrderNo = await createOrder();
    await sendCallback(api, signedBody(callbackFields(merchantOrderNo)));
    await untilStatus(merchantOrderNo, 'paid');
    const again = signedBody(callbackFields(merchantOrderNo, { http_request_id: 'resent' }));
    expectAcknowledged(await sendCallback(api, again));
    await eventually('the inbox is done with it', async () => {
      return (await inboxEntry(again))?.outcome === 'already_decided';
    });
    expect(await callbacksInAudit(merchantOrderNo)).toBe(1);
  });

  it('when its order is not known, then it is kept, and settles the order that appears', async () => {
    const merchantOrderNo = uniqueOrderNo();
    const body = signedBody(callbackFields(merchantOrderNo));
    expectAcknowledged(await sendCallback(api, body));
    await api.background.settle(5_000);
    expect(await inboxEntry(body)).toMatchObject({ deliveredAt: null, processedAt: null });
    await createOrder(merchantOrderNo);
    await untilStatus(merchantOrderNo, 'paid');
  });

  it.each([
    ['amount', { order_amount: '10.51' }],
    ['currency', { price_currency: 'EUR' }],
    ['merchant', { merchant_no: 'M9999' }],
  ])(
    'when its %s is not the order’s, then it is acknowledged and never paid',
    async (_name, wrong) => {
      const merchantOrderNo = await createOrder();
      const body = signedBody(callbackFields(merchantOrderNo, wrong));
      expectAcknowledged(await sendCallback(api, body));
      await untilStatus(merchantOrderNo, 'review');
    },
  );

  it('when it is old, then it only makes the service ask', async () => {
    const merchantOrderNo = await createOrder();
    const timestamp = String(Date.now() - 6 * 3_600_000);
    expectAcknowledged(
      await sendCallback(api, signedBody(callbackFields(merchantOrderNo, { timestamp }))),
    );
    await eventually('the gateway was asked', () =>
      gateway.operations(merchantOrderNo).includes('query'),
    );
    expect((await orders.order(keyOf(merchantOrderNo))).status).toBe('pending');
  });
});

describe('other callbacks', () => {
  it('when the status is not paid, then it is acknowledged and the gateway is asked', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo, { trans_status: 1 }));
    expectAcknowledged(await sendCallback(api, body));
    await eventually('the gateway was asked', () =>
      gateway.operations(merchantOrderNo).includes('query'),
    );
    expect((await orders.order(keyOf(merchantOrderNo))).status).toBe('pending');
  });

  it('when it is about a refund, then it is kept and the order of that number hears nothing', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo, { trans_type: 3 }));
    expectAcknowledged(await sendCallback(api, body));
    await eventually('the inbox is done with it', async () => {
      return (await inboxEntry(body))?.outcome === 'not_an_order';
    });
    expect(await callbacksInAudit(merchantOrderNo)).toBe(0);
  });

  it('when it is a form, then it is read like JSON', async () => {
    const merchantOrderNo = await createOrder();
    const fields = JSON.parse(signedBody(callbackFields(merchantOrderNo))) as object;
    const form = new URLSearchParams(
      Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expectAcknowledged(await sendCallback(api, form, headers));
    await untilStatus(merchantOrderNo, 'paid');
  });

  it('when it holds payer data, then it is stored sealed and never logged', async () => {
    const merchantOrderNo = await createOrder();
    const body = signedBody(callbackFields(merchantOrderNo));
    await sendCallback(api, body);
    await untilStatus(merchantOrderNo, 'paid');
    const entry = await inboxEntry(body);
    expect(JSON.stringify(entry)).not.toContain('payer-4242');
    const opened = createBodySealer(api.config.verifyTokenSecret).open(entry?.sealedBody ?? '');
    expect(opened.toString()).toBe(body);
    expect(api.log()).not.toContain('payer-4242');
    expect(JSON.stringify(await orders.audit(keyOf(merchantOrderNo)))).not.toContain('payer-4242');
  });
});
