/** Attack: send again what the gateway has signed, in the hope that it counts twice or takes something back. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apiConfig,
  callbackFields,
  type RunningApi,
  sendCallback,
  startApi,
} from '../api/api-environment.js';
import { eventually } from '../support/eventually.js';
import { answerOf, MERCHANT_NO, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { asForm, FORM, genuine, newKeyPair, signatureOf, withSignature } from './gateway-forger.js';

const DAY_MS = 86_400_000;
const codepay = newKeyPair();
const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  const config = apiConfig({ CODEPAY_PUBLIC_KEY: codepay.publicPem });
  api = await startApi({ ...orders.stores, messenger: orders.messenger }, { config });
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

async function createOrder(): Promise<string> {
  const merchantOrderNo = uniqueOrderNo();
  gateway.script(merchantOrderNo, { query: () => answerOf(keyOf(merchantOrderNo), 'open') });
  const created = await api.call('POST', '/v1/orders', {
    body: { merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
  });
  expect(created.status).toBe(201);
  return merchantOrderNo;
}

async function payOrder(): Promise<{ merchantOrderNo: string; body: string }> {
  const merchantOrderNo = await createOrder();
  const body = genuine(merchantOrderNo, codepay.privateKey);
  await expectTaken(body);
  await untilStatus(merchantOrderNo, 'paid');
  return { merchantOrderNo, body };
}

async function expectTaken(body: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await sendCallback(api, body, headers);
  expect([answer.status, answer.text]).toEqual([200, 'success']);
  await api.background.settle(5_000);
}

async function untilStatus(merchantOrderNo: string, status: string): Promise<void> {
  await eventually(`${merchantOrderNo} is ${status}`, async () => {
    return (await orders.order(keyOf(merchantOrderNo))).status === status;
  });
}

/** What the order's audit says was decided, in order. */
async function callbacksInAudit(merchantOrderNo: string): Promise<number> {
  const audit = await orders.audit(keyOf(merchantOrderNo));
  return audit.filter(({ kind }) => kind === 'callback').length;
}

async function expectUnharmed(merchantOrderNo: string): Promise<void> {
  const order = await orders.order(keyOf(merchantOrderNo));
  expect(order).toMatchObject({ status: 'paid', paidAmount: 1_050, refundedAmount: 0 });
  expect(await orders.fault(keyOf(merchantOrderNo))).toBeNull();
}

describe('a replay of what made an order paid', () => {
  it('when the same bytes come with other headers, then they are the same message', async () => {
    const { merchantOrderNo, body } = await payOrder();
    for (const headers of [
      { 'X-Request-Id': 'another' },
      { 'Content-Type': 'application/json; charset=utf-8' },
      { 'User-Agent': 'somebody', 'X-Forwarded-For': '203.0.113.9' },
      { Authorization: 'Bearer nonsense-nonsense-nonsense' },
    ]) {
      await expectTaken(body, headers);
    }
    expect(await callbacksInAudit(merchantOrderNo)).toBe(1);
    await expectUnharmed(merchantOrderNo);
  });

  it('when its signed fields are wrapped anew, then they are acknowledged and count once', async () => {
    const { merchantOrderNo, body } = await payOrder();
    const fields = JSON.parse(body) as Record<string, string | number>;
    const texts = Object.fromEntries(Object.entries(fields).map(([n, v]) => [n, String(v)]));
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(fields).reverse()));
    // What is empty is not signed, so anybody may add it.
    const padded = JSON.stringify({ ...fields, attach: '', tip_amount: null });
    await expectTaken(`  ${body}\n`);
    await expectTaken(reversed);
    await expectTaken(padded);
    await expectTaken(asForm(texts), FORM);
    expect(await callbacksInAudit(merchantOrderNo)).toBe(1);
    await expectUnharmed(merchantOrderNo);
  });

  it('when it is sent to a service with another number of ours in the headers, then only the signed number counts', async () => {
    const { merchantOrderNo, body } = await payOrder();
    const other = await createOrder();
    const path = `/v1/webhooks/codepay?merchant_order_no=${other}`;
    const answer = await api.call('POST', path, {
      rawBody: body,
      credential: null,
      headers: { 'Content-Type': 'application/json', 'X-Merchant-Order-No': other },
    });
    expect(answer.status).toBe(200);
    await api.background.settle(5_000);
    expect(await callbacksInAudit(other)).toBe(0);
    await expectUnharmed(merchantOrderNo);
  });
});

describe('an old signed message', () => {
  it('when one from before the payment comes after it, then paid stays paid', async () => {
    const merchantOrderNo = await createOrder();
    const timestamp = String(Date.now() - 60_000);
    const before = ['0', '1', '3', '4', '5'].map((trans_status) =>
      genuine(merchantOrderNo, codepay.privateKey, { timestamp, trans_status }),
    );
    await expectTaken(genuine(merchantOrderNo, codepay.privateKey));
    await untilStatus(merchantOrderNo, 'paid');
    for (const body of before) await expectTaken(body);
    await eventually('all of them were looked at', async () => {
      const { callbacks } = orders.stores;
      const found = await Promise.all(
        before.map((body) => callbacks.find(createHash('sha256').update(body).digest('hex'))),
      );
      return found.every((entry) => entry?.processedAt != null);
    });
    await expectUnharmed(merchantOrderNo);
  });

  it('when a paid message is days old and the gateway says open, then it makes nothing paid', async () => {
    const merchantOrderNo = await createOrder();
    const asked = () => gateway.operations(merchantOrderNo).filter((one) => one === 'query').length;
    const before = asked();
    const timestamp = String(Date.now() - 2 * DAY_MS);
    await expectTaken(genuine(merchantOrderNo, codepay.privateKey, { timestamp }));
    await eventually('the gateway was asked instead', async () => asked() > before);
    expect(await orders.order(keyOf(merchantOrderNo))).toMatchObject({ status: 'pending' });
  });

  it('when it claims to be from the future, then it is not believed either', async () => {
    const merchantOrderNo = await createOrder();
    const timestamp = String(Date.now() + 2 * DAY_MS);
    const asked = () => gateway.operations(merchantOrderNo).filter((one) => one === 'query').length;
    const before = asked();
    await expectTaken(genuine(merchantOrderNo, codepay.privateKey, { timestamp }));
    await eventually('the gateway was asked instead', async () => asked() > before);
    expect(await orders.order(keyOf(merchantOrderNo))).toMatchObject({ status: 'pending' });
  });
});

describe('a genuine message for something else', () => {
  it.each([
    ['another merchant', { merchant_no: 'M9999' }],
    ['another currency', { price_currency: 'JPY' }],
    ['a smaller amount', { order_amount: '0.01', trans_amount: '0.01', paid_amount: '0.01' }],
  ])('when it is signed about %s, then it does not make the order paid', async (_what, changes) => {
    const merchantOrderNo = await createOrder();
    await expectTaken(genuine(merchantOrderNo, codepay.privateKey, changes));
    const order = await eventually('it was looked at', async () => {
      const seen = await orders.order(keyOf(merchantOrderNo));
      return (await callbacksInAudit(merchantOrderNo)) > 0 ? seen : null;
    });
    expect(order.status).not.toBe('paid');
  });

  it('when the signature is another order’s, then the order stays as it is', async () => {
    const { body } = await payOrder();
    const victim = await createOrder();
    const donor = JSON.parse(body) as Record<string, string>;
    const swapped = withSignature({ ...donor, merchant_order_no: victim }, donor.sign);
    expect((await sendCallback(api, swapped)).status).toBe(401);
    const own = callbackFields(victim);
    const crossed = withSignature(own, signatureOf(callbackFields('T-x'), codepay.privateKey));
    expect((await sendCallback(api, crossed)).status).toBe(401);
    expect(await callbacksInAudit(victim)).toBe(0);
  });
});
