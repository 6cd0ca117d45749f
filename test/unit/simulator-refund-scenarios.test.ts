/** Each refund scenario as the merchant's side sees it: over the wire, and in the callbacks that come. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';
import {
  ask,
  becomes,
  oneCallback,
  paidOrder,
  refunded,
  refundOf,
  SOON,
} from './simulator-refund-steps.js';

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

describe('refund scenarios', () => {
  it('when it fails, then the query and the callback say so with a code', async () => {
    const { refund } = await refunded(subject, 'refund_fails');
    expect(await becomes(subject, refund, 'failed')).toMatchObject({
      facts: { failureCode: 'R01' },
    });
    expect(await oneCallback(subject)).toMatchObject({
      subject: 'refund',
      facts: { state: 'closed' },
    });
  });

  it('when it stays pending, then only a person ends it', async () => {
    const { refund } = await refunded(subject, 'refund_stays_pending');
    expect((await ask(subject, refund)).answer).toBe('pending');
    expect(subject.simulator.control.refund(refund.refundNo).settlesAtMs).toBeNull();
    subject.simulator.control.settleRefund(refund.refundNo, 'succeeded');
    expect((await ask(subject, refund)).answer).toBe('succeeded');
    expect(() => subject.simulator.control.settleRefund(refund.refundNo, 'failed')).toThrow();
  });

  it('when another scenario is chosen for a pending one, then it follows that', async () => {
    const { refund } = await refunded(subject, 'refund_stays_pending');
    subject.simulator.control.setScenario(refund.refundNo, 'refund_fails', SOON);
    await becomes(subject, refund, 'failed');
  });

  it('when it is not answered but done, then asking finds it, and telling again changes nothing', async () => {
    const { order, refund, submission } = await refunded(subject, 'refund_timeout_but_done');
    expect(submission).toMatchObject({ outcome: 'unknown', gatewayTransNo: null });
    await becomes(subject, refund, 'succeeded');
    expect((await subject.gateway.refundOrder(refund)).outcome).toBe('accepted');
    expect(subject.simulator.control.order(order.merchantOrderNo).refunds).toHaveLength(1);
  });

  it('when it is neither answered nor done, then it is not found until it is told again', async () => {
    const { refund, submission } = await refunded(subject, 'refund_timeout_not_done');
    expect(submission.outcome).toBe('unknown');
    expect((await ask(subject, refund)).answer).toBe('not_found');
    expect((await subject.gateway.refundOrder(refund)).outcome).toBe('accepted');
    await becomes(subject, refund, 'succeeded');
  });

  it('when the callback is lost, then only asking tells', async () => {
    const { refund } = await refunded(subject, 'refund_callback_lost');
    await becomes(subject, refund, 'succeeded');
    expect(subject.simulator.control.refund(refund.refundNo).callbacks).toEqual([]);
  });

  it('when it is refused, then with a code, and nothing is there', async () => {
    const { refund, submission } = await refunded(subject, 'refund_refused');
    expect(submission).toMatchObject({ outcome: 'refused', code: 'REFUND_REFUSED' });
    expect((await ask(subject, refund)).answer).toBe('not_found');
  });

  it('when queries say nothing, then a later one is true', async () => {
    const { refund } = await refunded(subject, 'refund_query_unknown', { times: 1 });
    expect(await ask(subject, refund)).toMatchObject({ answer: 'unknown', code: 'SYSTEM_BUSY' });
    await becomes(subject, refund, 'succeeded');
  });

  it('when chosen for the order, then each refund follows it by itself', async () => {
    const order = await paidOrder(subject);
    subject.simulator.control.setScenario(order.merchantOrderNo, 'refund_timeout_not_done', SOON);
    for (const refund of [refundOf(order), refundOf(order)]) {
      expect((await subject.gateway.refundOrder(refund)).outcome).toBe('unknown');
      expect((await subject.gateway.refundOrder(refund)).outcome).toBe('accepted');
    }
  });

  it('when the amount of a refund is a magic one, then it chooses', async () => {
    const order = await paidOrder(subject, { amount: 20_000 });
    const refund = refundOf(order, { amount: 9_034 });
    await subject.gateway.refundOrder(refund);
    const { scenario } = subject.simulator.control.refund(refund.refundNo);
    expect(scenario).toBe('refund_fails');
  });
});
