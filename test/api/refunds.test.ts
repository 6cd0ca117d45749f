import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { NO_ANSWER } from '../support/scripted-gateway.js';
import { OPS_TOKEN } from './api-environment.js';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;

beforeAll(async () => {
  stage = await refundStage();
});

afterAll(async () => {
  await stage.close();
});

const timesTold = (merchantOrderNo: string): number =>
  stage.gateway.operations(merchantOrderNo).filter((each) => each.startsWith('refund')).length;

describe('asking for a refund', () => {
  it('when a part is asked for, then 202 at once, and later it has succeeded', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    stage.settlesAs(order, refund, 'succeeded');
    const answer = await stage.refund(order, refund);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      refundNo: refund.refundNo,
      merchantOrderNo: order.merchantOrderNo,
      amount: 300,
      currency: 'USD',
      status: 'pending',
      requestedBy: 'shop',
    });
    await stage.untilRefundIs(order, refund.refundNo, 'succeeded');
    const read = await stage.api.call('GET', `/v1/orders/${order.merchantOrderNo}`);
    expect(read.body).toMatchObject({ status: 'partially_refunded', refundedAmount: 300 });
  });

  it('when no amount is given, then all that is left', async () => {
    const order = await stage.paidOrder();
    await stage.refund(order, aRefund());
    const { amount: _, ...rest } = aRefund();
    const answer = await stage.refund(order, rest);
    expect([answer.status, answer.body.amount]).toEqual([202, 750]);
  });

  it('when the same call is repeated, then the same answer, and the gateway is told once', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    const first = await stage.refund(order, refund);
    const again = await stage.refund(order, refund);
    expect(again.status).toBe(202);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(timesTold(order.merchantOrderNo)).toBe(1);
  });

  it('when ten of the same call race, then one refund is made', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stage.refund(order, refund)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect((await stage.orders.order(order)).refunds).toHaveLength(1);
    expect(timesTold(order.merchantOrderNo)).toBe(1);
  });

  it('when only a key is given, then the key decides the number', async () => {
    const order = await stage.paidOrder();
    const headers = { 'Idempotency-Key': uniqueOrderNo() };
    const { refundNo: _, ...body } = aRefund();
    const first = await stage.refund(order, body, headers);
    const again = await stage.refund(order, body, headers);
    expect(first.body.refundNo).toMatch(/^R[0-9A-V]{31}$/);
    expect(again.body.refundNo).toBe(first.body.refundNo);
    expect((await stage.orders.order(order)).refunds).toHaveLength(1);
  });

  it('when neither number nor key is given, then 400', async () => {
    const order = await stage.paidOrder();
    const answer = await stage.refund(order, { reason: 'cold' });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_required']);
  });

  it('when the gateway does not answer, then it is unknown, and its amount stays reserved', async () => {
    const order = await stage.paidOrder();
    stage.gateway.script(order.merchantOrderNo, {
      refund: () => ({ ...NO_ANSWER, gatewayTransNo: null }),
    });
    const answer = await stage.refund(order, aRefund({ amount: 1_000 }));
    expect([answer.status, answer.body.status]).toEqual([202, 'unknown']);
    const more = await stage.refund(order, aRefund({ amount: 51 }));
    expect([more.status, more.body.code]).toEqual([409, 'refund_exceeds_paid']);
  });

  it('when an operator asks, then the refund names the operator', async () => {
    const order = await stage.paidOrder();
    const path = `/v1/orders/${order.merchantOrderNo}/refunds`;
    const answer = await stage.api.call('POST', path, { body: aRefund(), credential: OPS_TOKEN });
    expect([answer.status, answer.body.requestedBy]).toEqual([202, 'ann']);
  });
});

describe('a refund that cannot be', () => {
  it('when the content differs under one number, then 422 and nothing changes', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(order, refund);
    for (const other of [{ amount: 301 }, { reason: 'other' }]) {
      const answer = await stage.refund(order, { ...refund, ...other });
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_conflict']);
    }
    expect((await stage.orders.order(order)).refunds).toHaveLength(1);
  });

  it('when the number is an order’s or another order’s refund’s, then 422', async () => {
    const order = await stage.paidOrder();
    const other = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(other, refund);
    for (const refundNo of [refund.refundNo, other.merchantOrderNo, order.merchantOrderNo]) {
      const answer = await stage.refund(order, aRefund({ refundNo }));
      expect([answer.status, answer.body.code], refundNo).toEqual([422, 'idempotency_conflict']);
    }
  });

  it('when an order is created under a refund’s number, then 422', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(order, refund);
    const body = {
      merchantOrderNo: refund.refundNo,
      channel: 'pos',
      amount: 1_050,
      currency: 'USD',
    };
    const answer = await stage.api.call('POST', '/v1/orders', { body });
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_conflict']);
  });

  it.each(['pending', 'canceling', 'review', 'canceled', 'refunded'] as const)(
    'when the order is %s, then 409',
    async (status) => {
      const order = await stage.orders.seed(orderRequest(), Date.now(), { status });
      const path = `/v1/orders/${order.merchantOrderNo}/refunds`;
      const answer = await stage.api.call('POST', path, { body: aRefund() });
      expect([answer.status, answer.body.code]).toEqual([409, 'order_not_refundable']);
    },
  );

  it('when more is asked for than was paid, or nothing is left, then 409', async () => {
    const order = await stage.paidOrder();
    const tooMuch = await stage.refund(order, aRefund({ amount: 1_051 }));
    expect([tooMuch.status, tooMuch.body.code]).toEqual([409, 'refund_exceeds_paid']);
    expect((await stage.refund(order, aRefund({ amount: 1_050 }))).status).toBe(202);
    const nothing = await stage.refund(order, aRefund({ amount: 1 }));
    expect([nothing.status, nothing.body.code]).toEqual([409, 'order_not_refundable']);
  });

  it.each([
    [{ amount: 0 }, '/amount'],
    [{ amount: 1.5 }, '/amount'],
    [{ amount: '300' }, '/amount'],
    [{ reason: '' }, '/reason'],
    [{ reason: 'a\nb' }, '/reason'],
    [{ refundNo: 'a/b' }, '/refundNo'],
    [{ method: 'chargeback' }, '/method'],
    [{ method: 'void' }, '/amount'],
    [{ color: 'red' }, '/color'],
  ])('when the body has %j, then 422 names %s', async (wrong, pointer) => {
    const answer = await stage.refund(orderRequest(), aRefund(wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });

  it('when there is no such order, then 404', async () => {
    const answer = await stage.refund(orderRequest(), aRefund());
    expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
  });
});

describe('a void', () => {
  const aVoid = () => ({ refundNo: uniqueOrderNo(), reason: 'wrong table', method: 'void' });

  it('when the payment was made on a terminal, then it is taken back whole', async () => {
    const order = await stage.paidOrder({ channel: 'cloud', terminalSn: 'TERMINAL-1' });
    const answer = await stage.refund(order, aVoid());
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ method: 'void', amount: 1_050 });
  });

  it('when there is no terminal, or a part was refunded, then 409', async () => {
    const hosted = await stage.paidOrder();
    const partly = await stage.paidOrder({ channel: 'cloud', terminalSn: 'TERMINAL-1' });
    await stage.refund(partly, aRefund());
    for (const order of [hosted, partly]) {
      const answer = await stage.refund(order, aVoid());
      expect([answer.status, answer.body.code]).toEqual([409, 'order_not_refundable']);
    }
  });
});
