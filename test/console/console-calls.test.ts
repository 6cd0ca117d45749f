/** What operators do at the console, each once, over real parts: the very calls of /v1, under the session's name. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callbackFields, sendCallback, signedBody } from '../api/api-environment.js';
import { type RefundStage, refundStage } from '../api/refund-stage.js';
import { eventually } from '../support/eventually.js';
import { aCallback, answerOf, factsOf, orderRequest } from '../support/order-builder.js';
import { ACCEPTED } from '../support/scripted-gateway.js';
import { ConsoleCaller } from './console-caller.js';

let stage: RefundStage;
let operator: ConsoleCaller;

beforeAll(async () => {
  stage = await refundStage();
  operator = await ConsoleCaller.login(stage.api);
});

afterAll(async () => await stage.close());

async function becomes(merchantOrderNo: string, status: string): Promise<void> {
  await eventually(`${merchantOrderNo} is ${status}`, async () => {
    const { body } = await operator.call('GET', `/v1/orders/${merchantOrderNo}`);
    return body.status === status;
  });
}

async function actorsOf(merchantOrderNo: string): Promise<readonly unknown[]> {
  const { body } = await operator.call('GET', `/v1/orders/${merchantOrderNo}/audit`);
  return (body.data as { data: { actor?: string } }[]).map(({ data }) => data.actor);
}

describe('reading', () => {
  it('when an order is read, then with its audit and its explanation', async () => {
    const { merchantOrderNo } = await stage.paidOrder();
    const order = `/v1/orders/${merchantOrderNo}`;
    const read = await operator.call('GET', order);
    expect(read.body).toMatchObject({ merchantOrderNo, status: 'paid' });
    const audit = await operator.call('GET', `${order}/audit`);
    expect((audit.body.data as unknown[]).length).toBeGreaterThan(1);
    const explained = await operator.call('GET', `${order}/explain`);
    expect(explained.body.because).toEqual(expect.any(String));
    const refunds = await operator.call('GET', `${order}/refunds`);
    expect(refunds.body).toEqual({ data: [] });
  });

  it('when the list is filtered, then the file of the same filter holds the same orders', async () => {
    const orders = await Promise.all([300, 700].map(async (amount) => stage.paidOrder({ amount })));
    await stage.paidOrder({ amount: 701 });
    const filter = 'status=paid&amountFrom=300&amountTo=700&currency=USD';
    const list = await operator.call('GET', `/v1/orders?${filter}&limit=100`);
    const listed = (list.body.data as { merchantOrderNo: string }[]).map(
      (order) => order.merchantOrderNo,
    );
    expect(listed.sort()).toEqual(orders.map((order) => order.merchantOrderNo).sort());
    const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };
    const csv = await operator.call('GET', `/v1/orders.csv?${filter}`, { headers });
    expect(csv.headers.get('Content-Disposition')).toBe('attachment; filename="orders.csv"');
    const rows = csv.text.trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',', 1)[0]).sort()).toEqual(listed.sort());
  });
});

describe('acting', () => {
  it('when a check is asked for, then the gateway is asked and the audit names the operator', async () => {
    const request = orderRequest();
    stage.gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    await stage.orders.messenger.createOrder(request, 10_000);
    const answer = await operator.call('POST', `/v1/orders/${request.merchantOrderNo}/check`);
    expect(answer.status).toBe(202);
    await becomes(request.merchantOrderNo, 'paid');
    expect(await actorsOf(request.merchantOrderNo)).toContain('ann');
  });

  it('when an order is canceled, then it closes and the audit names the operator', async () => {
    const request = orderRequest();
    stage.gateway.script(request.merchantOrderNo, {
      cancel: () => ACCEPTED,
      query: () => answerOf(request, 'closed'),
    });
    await stage.orders.messenger.createOrder(request, 10_000);
    const answer = await operator.call('POST', `/v1/orders/${request.merchantOrderNo}/cancel`);
    expect([200, 202]).toContain(answer.status);
    await becomes(request.merchantOrderNo, 'canceled');
    expect(await actorsOf(request.merchantOrderNo)).toContain('ann');
  });

  it('when a refund is asked for, twice with one key, then there is one, in the operator’s name', async () => {
    const { merchantOrderNo } = await stage.paidOrder();
    const path = `/v1/orders/${merchantOrderNo}/refunds`;
    const ask = async () =>
      await operator.call('POST', path, {
        body: { amount: 250, reason: 'one cup was cold' },
        headers: { 'Idempotency-Key': `console-${merchantOrderNo}` },
      });
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    const { body } = await operator.call('GET', path);
    expect(body.data).toMatchObject([{ amount: 250, requestedBy: 'ann' }]);
  });

  it('when a review is resolved and its anomaly acknowledged, then both name the operator', async () => {
    const request = orderRequest();
    await stage.orders.messenger.createOrder(request, 10_000);
    const evidence = aCallback(factsOf(request, { amount: 1 }));
    await stage.orders.messenger.callbackReceived(request, evidence, 10_000);
    await becomes(request.merchantOrderNo, 'review');
    const list = await operator.call('GET', '/v1/anomalies?limit=100');
    const anomaly = (list.body.data as { id: string; merchantOrderNo: string }[]).find(
      ({ merchantOrderNo }) => merchantOrderNo === request.merchantOrderNo,
    );
    const seen = await operator.call('POST', `/v1/anomalies/${anomaly?.id}/acknowledge`);
    expect([seen.status, seen.body.acknowledgedBy]).toEqual([200, 'ann']);
    const body = { to: 'paid', reason: 'the bank shows the money' };
    const path = `/v1/orders/${request.merchantOrderNo}`;
    const resolved = await operator.call('POST', `${path}/review`, { body });
    expect([resolved.status, resolved.body.status]).toEqual([200, 'paid']);
    expect(await actorsOf(request.merchantOrderNo)).toContain('ann');
  });
});

describe('a stored callback', () => {
  it('when the audit names it, then it is shown without the payer, and delivered again', async () => {
    const request = orderRequest();
    await stage.orders.messenger.createOrder(request, 10_000);
    const body = signedBody(callbackFields(request.merchantOrderNo));
    await sendCallback(stage.api, body);
    await becomes(request.merchantOrderNo, 'paid');
    const audit = await operator.call('GET', `/v1/orders/${request.merchantOrderNo}/audit`);
    const entries = audit.body.data as { kind: string; data: { callbackId?: string } }[];
    const callbackId = entries.find(({ kind }) => kind === 'callback')?.data.callbackId;
    expect(callbackId).toBe(createHash('sha256').update(body).digest('hex'));

    const path = `/v1/callbacks/${callbackId}`;
    const stored = await eventually('the inbox knows that it is recorded', async () => {
      const read = await operator.call('GET', path);
      return read.body.processedAt === null ? null : read;
    });
    expect(stored.status).toBe(200);
    expect(stored.body).toMatchObject({
      id: callbackId,
      merchantOrderNo: request.merchantOrderNo,
      count: 1,
      outcome: 'recorded',
      redeliveredBy: null,
      fields: { paid_amount: '10.50', trans_status: '2', pay_user_account_id: '•••', sign: '•••' },
    });
    expect(stored.text).not.toContain('4242');

    const again = await operator.call('POST', `${path}/redeliver`);
    expect([again.status, again.body.outcome]).toEqual([202, 'already_decided']);
    expect((await operator.call('GET', path)).body).toMatchObject({
      redeliveredBy: 'ann',
      redeliveredAt: expect.any(String),
    });
  });

  it('when there is none of that id, then 404', async () => {
    for (const id of ['0'.repeat(64), 'none']) {
      const answer = await operator.call('GET', `/v1/callbacks/${id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  });
});
