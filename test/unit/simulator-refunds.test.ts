/** Refunds and voids as the merchant's side sees them: over the wire, in the callbacks, and through the control API. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/gateway/simulator/start-simulator.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';
import { eventually } from '../support/eventually.js';
import {
  ask,
  becomes,
  oneCallback,
  paidOrder,
  refunded,
  refundOf,
  SOON,
} from './simulator-refund-steps.js';

const TERMINAL = { channel: 'cloud', terminalSn: 'TERMINAL-1' } as const;

let subject: SimulatorSubject;
beforeAll(async () => {
  subject = await simulatorSubject();
});
afterAll(async () => {
  await subject.close();
});
beforeEach(() => {
  subject.simulator.control.reset();
  subject.received.length = 0;
});

describe('refunds', () => {
  it('when one succeeds, then it is pending first, its callback has its number, and the sale stays paid', async () => {
    const { order, refund, submission } = await refunded(subject, 'waits', { refundAfterMs: 300 });
    expect(submission).toMatchObject({ outcome: 'accepted', gatewayTransNo: expect.any(String) });
    expect((await ask(subject, refund)).answer).toBe('pending');
    const { gatewayTransNo } = submission;
    expect(await becomes(subject, refund, 'succeeded')).toMatchObject({
      facts: { amount: 350, currency: 'USD', gatewayTransNo },
    });
    expect(await oneCallback(subject)).toMatchObject({
      subject: 'refund',
      merchantOrderNo: refund.refundNo,
      facts: { transactionKind: 'refund', state: 'paid', amount: 350, gatewayTransNo },
    });
    expect(subject.received[0]?.body).toContain(order.merchantOrderNo);
    expect((await subject.gateway.queryOrder(order)).answer).toBe('paid');
  });

  it('when a refund is asked for as an order, then it is never taken for a payment', async () => {
    const { order, refund } = await refunded(subject, 'refund_succeeds_after');
    await becomes(subject, refund, 'succeeded');
    const result = await subject.gateway.queryOrder({ ...order, merchantOrderNo: refund.refundNo });
    expect(result).toMatchObject({ answer: 'unknown', cause: 'not_a_sale' });
    expect((await ask(subject, { ...refund, refundNo: order.merchantOrderNo })).answer).toBe(
      'not_found',
    );
  });

  it('when several are asked for, then never more than was paid, and a failed one frees its amount', async () => {
    const order = await paidOrder(subject);
    const failing = refundOf(order, { amount: 1_000 });
    subject.simulator.control.setScenario(failing.refundNo, 'refund_fails', {
      refundAfterMs: 60_000,
    });
    expect((await subject.gateway.refundOrder(failing)).outcome).toBe('accepted');
    const more = refundOf(order, { amount: 51 });
    const exceeding = { outcome: 'refused', code: 'REFUND_EXCEEDS' };
    expect(await subject.gateway.refundOrder(more)).toMatchObject(exceeding);
    expect((await ask(subject, more)).answer).toBe('not_found');
    const rest = refundOf(order, { amount: 50 });
    expect((await subject.gateway.refundOrder(rest)).outcome).toBe('accepted');
    subject.simulator.control.settleRefund(failing.refundNo, 'failed');
    expect((await subject.gateway.refundOrder(more)).outcome).toBe('accepted');
  });

  it('when a discount was given, then what the payer paid is the most', async () => {
    const number = newOrderNo();
    const discount = { payAfterMs: 60_000 };
    subject.simulator.control.setScenario(number, 'paid_with_discount', discount);
    const order = subject.order(number);
    await subject.gateway.createOrder(order);
    subject.simulator.control.pay(number);
    const { gateway } = subject;
    expect((await gateway.refundOrder(refundOf(order, { amount: 946 }))).outcome).toBe('refused');
    expect((await gateway.refundOrder(refundOf(order, { amount: 945 }))).outcome).toBe('accepted');
  });

  it('when the same is told again, then it is one refund, and other content is refused', async () => {
    const { order, refund, submission } = await refunded(subject, 'waits');
    expect(await subject.gateway.refundOrder(refund)).toEqual(submission);
    const other = { ...refund, amount: 351 };
    expect(await subject.gateway.refundOrder(other)).toMatchObject({ code: 'ORDER_EXISTS' });
    const taken = refundOf(order, { refundNo: order.merchantOrderNo });
    expect(await subject.gateway.refundOrder(taken)).toMatchObject({ code: 'ORDER_EXISTS' });
    const sale = subject.order(refund.refundNo);
    expect(await subject.gateway.createOrder(sale)).toMatchObject({ code: 'ORDER_EXISTS' });
    expect(subject.simulator.control.order(order.merchantOrderNo).refunds).toHaveLength(1);
    subject.simulator.control.setPolicies({ reusedRefundNumber: 'error' });
    expect(await subject.gateway.refundOrder(refund)).toMatchObject({ code: 'ORDER_EXISTS' });
    await becomes(subject, refund, 'succeeded');
  });

  it('when an order is not paid, or is revoked, then it cannot be refunded; nor revoked after a refund', async () => {
    const open = subject.order(newOrderNo());
    await subject.gateway.createOrder(open);
    const refusal = { outcome: 'refused', code: 'REFUND_NOT_ALLOWED' };
    expect(await subject.gateway.refundOrder(refundOf(open))).toMatchObject(refusal);
    const { order } = await refunded(subject, 'waits');
    const revoke = { ...order, method: 'revoke' } as const;
    expect(await subject.gateway.cancelOrder(revoke)).toMatchObject({ code: 'ORDER_REFUNDED' });
    expect((await subject.gateway.queryOrder(order)).answer).toBe('paid');
  });
});

describe('voids', () => {
  it('when a whole payment on a terminal is voided, then it succeeds and its callback is a void', async () => {
    const order = await paidOrder(subject, TERMINAL);
    const refund = refundOf(order, { method: 'void', amount: order.amount });
    subject.simulator.control.setScenario(refund.refundNo, 'waits', SOON);
    expect((await subject.gateway.refundOrder(refund)).outcome).toBe('accepted');
    await becomes(subject, refund, 'succeeded');
    expect(await oneCallback(subject)).toMatchObject({
      subject: 'refund',
      merchantOrderNo: refund.refundNo,
      facts: { transactionKind: 'void', state: 'paid' },
    });
  });

  it('when it is settled, only a part, or not of a terminal, then it is refused', async () => {
    const order = await paidOrder(subject, TERMINAL);
    const part = refundOf(order, { method: 'void' });
    const whole = refundOf(order, { method: 'void', amount: order.amount });
    subject.simulator.control.setScenario(whole.refundNo, 'void_not_allowed');
    const hosted = {
      ...refundOf(await paidOrder(subject)),
      method: 'void',
      terminalSn: 'T',
    } as const;
    for (const refund of [part, whole, { ...hosted, amount: 1050 }]) {
      const submission = await subject.gateway.refundOrder(refund);
      expect(submission).toMatchObject({ outcome: 'refused', code: 'VOID_NOT_ALLOWED' });
      expect((await ask(subject, refund)).answer).toBe('not_found');
    }
  });
});

describe('the control API of refunds', () => {
  const http = () => request(subject.simulator.url);

  it('when one is chosen, shown and settled over HTTP, then it is as told', async () => {
    const order = await paidOrder(subject);
    const refund = refundOf(order);
    const path = `/control/refunds/${encodeURIComponent(refund.refundNo)}`;
    const choice = { scenario: 'refund_stays_pending' };
    expect((await http().post(`${path}/scenario`).send(choice)).status).toBe(200);
    expect((await http().get(path)).status).toBe(404);
    await subject.gateway.refundOrder(refund);
    expect((await http().get(path)).body).toMatchObject({ state: 'pending', amountMinor: 350 });
    expect((await http().get('/control/refunds')).body.data).toHaveLength(1);
    const settled = await http().post(`${path}/settle`).send({ outcome: 'failed' });
    expect(settled.body).toMatchObject({ state: 'failed', merchantOrderNo: order.merchantOrderNo });
    expect((await http().post(`${path}/settle`)).status).toBe(409);
    expect((await http().post(`${path}/settle`).send({ outcome: 'lost' })).status).toBe(400);
  });
});

describe('a restart', () => {
  it('when the simulator comes back, then a pending refund goes on', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'simulator-'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const first = await simulatorSubject({ dataDir, privateKey });
    const order = first.order(newOrderNo());
    await first.gateway.createOrder(order);
    first.simulator.control.pay(order.merchantOrderNo);
    const refund = refundOf(order);
    first.simulator.control.setScenario(refund.refundNo, 'refund_fails', { refundAfterMs: 700 });
    await first.gateway.refundOrder(refund);
    expect(first.simulator.control.refund(refund.refundNo).state).toBe('pending');
    await first.close();
    const second = await startSimulator({ dataDir, privateKey });
    try {
      await eventually('the refund failed', () => {
        return second.control.refund(refund.refundNo).state === 'failed';
      });
      expect(second.control.order(order.merchantOrderNo).refunds).toHaveLength(1);
    } finally {
      await second.close();
      await rm(dataDir, { recursive: true });
    }
  });
});
