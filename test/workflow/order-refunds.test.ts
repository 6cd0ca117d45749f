import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import type { RefundAnswer, RefundRequest } from '../../src/domain/refund.js';
import { findChainFault } from '../../src/store/audit-chain.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  orderRequest,
  uniqueOrderNo,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, NO_ANSWER, REFUSED, ScriptedGateway } from '../support/scripted-gateway.js';

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
const DEADLINE_MS = 10_000;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});
/** Whatever a test did, the orders of it must be what their audits say. */
const touched: NewOrder[] = [];
afterEach(async () => {
  for (const order of touched.splice(0)) {
    await eventually(
      'order and audit agree',
      async () => (await environment.fault(order)) === null,
    );
  }
});

async function paidOrder(overrides: Partial<NewOrder> = {}): Promise<NewOrder> {
  const request = orderRequest(overrides);
  gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
  await environment.messenger.createOrder(request, DEADLINE_MS);
  await environment.messenger.verifyNow(request, 1, DEADLINE_MS);
  expect((await environment.order(request)).status).toBe('paid');
  touched.push(request);
  return request;
}

function refundOf(overrides: Partial<RefundRequest> = {}): RefundRequest {
  return {
    refundNo: uniqueOrderNo(),
    amount: null,
    reason: 'returned goods',
    method: 'refund',
    requestedBy: 'shop',
    contentHash: 'content',
    ...overrides,
  };
}

function answered(
  order: NewOrder,
  refund: RefundRequest,
  answer: RefundAnswer['answer'],
): RefundAnswer {
  if (answer === 'not_found') return { answer, code: 'ORDER_NOT_FOUND', reply: {} };
  if (answer === 'unknown') return { answer, code: null, detail: 'timeout', reply: {} };
  const amount = refund.amount ?? order.amount;
  const facts = factsOf(order, {
    merchantOrderNo: refund.refundNo,
    transactionKind: 'refund',
    state: answer === 'succeeded' ? 'paid' : answer === 'failed' ? 'closed' : 'paying',
    amount,
    transactionAmount: amount,
    gatewayTransNo: `G-${refund.refundNo}`,
  });
  return { answer, facts, reply: {} };
}

/** The gateway never hears of the refund the first time, and takes it the second. @returns how often it was told */
function takeSecondTelling(order: NewOrder, request: RefundRequest): () => number {
  let tellings = 0;
  gateway.script(order.merchantOrderNo, {
    refund: () => {
      tellings += 1;
      return tellings === 1
        ? { ...NO_ANSWER, gatewayTransNo: null }
        : { ...ACCEPTED, gatewayTransNo: 'G-1' };
    },
  });
  gateway.scriptRefund(request.refundNo, () =>
    answered(order, request, tellings === 1 ? 'not_found' : 'succeeded'),
  );
  return () => tellings;
}

async function refund(order: NewOrder, request: RefundRequest) {
  return await environment.messenger.refund(order, request, DEADLINE_MS);
}

async function statusBecomes(order: NewOrder, status: string): Promise<void> {
  await eventually(
    `the order becomes ${status}`,
    async () => (await environment.order(order)).status === status,
  );
}

describe('refunds', () => {
  it('when all of it is refunded and the gateway says so later, then the order is refunded', async () => {
    const order = await paidOrder();
    const request = refundOf();
    let asked = 0;
    gateway.scriptRefund(request.refundNo, () => {
      asked += 1;
      return answered(order, request, asked === 1 ? 'pending' : 'succeeded');
    });
    const result = await refund(order, request);
    expect(result).toMatchObject({
      outcome: 'accepted',
      refund: { amount: 1_050, status: 'pending' },
    });
    await statusBecomes(order, 'refunded');
    expect(await environment.order(order)).toMatchObject({ refundedAmount: 1_050 });
    expect(await environment.stores.refunds.find(order.merchantNo, request.refundNo)).toMatchObject(
      {
        status: 'succeeded',
        merchantOrderNo: order.merchantOrderNo,
      },
    );
    const id = `${order.merchantNo}/${order.merchantOrderNo}`;
    expect(findChainFault(id, await environment.audit(order))).toBeNull();
  });

  it('when parts are refunded, then never more than was paid, pending and unknown ones counted', async () => {
    const order = await paidOrder();
    const first = refundOf({ amount: 400 });
    gateway.scriptRefund(first.refundNo, () => answered(order, first, 'succeeded'));
    await refund(order, first);
    await statusBecomes(order, 'partially_refunded');

    const unknown = refundOf({ amount: 500 });
    gateway.script(order.merchantOrderNo, {
      refund: () => ({ ...NO_ANSWER, gatewayTransNo: null }),
    });
    expect(await refund(order, unknown)).toMatchObject({
      outcome: 'accepted',
      refund: { status: 'unknown' },
    });
    expect(await refund(order, refundOf({ amount: 151 }))).toMatchObject({
      outcome: 'exceeds_paid',
    });
    const rest = refundOf();
    expect(await refund(order, rest)).toMatchObject({
      outcome: 'accepted',
      refund: { amount: 150 },
    });
    expect(await refund(order, refundOf())).toMatchObject({ outcome: 'nothing_left' });
  });

  it('when many ask for the whole at once, then one refund is made', async () => {
    const order = await paidOrder();
    const requests = Array.from({ length: 5 }, () => refundOf());
    const results = await Promise.all(requests.map((request) => refund(order, request)));
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    const told = gateway
      .operations(order.merchantOrderNo)
      .filter((each) => each.startsWith('refund'));
    expect(told).toHaveLength(1);
  });

  it('when the same number is asked for again, then it is one refund; with other content it is refused', async () => {
    const order = await paidOrder();
    const request = refundOf({ amount: 100 });
    expect((await refund(order, request)).outcome).toBe('accepted');
    expect((await refund(order, request)).outcome).toBe('existing');
    expect((await refund(order, { ...request, contentHash: 'other' })).outcome).toBe('conflict');
    const other = await paidOrder();
    expect((await refund(other, request)).outcome).toBe('conflict');
    expect((await refund(other, refundOf({ refundNo: order.merchantOrderNo }))).outcome).toBe(
      'conflict',
    );
  });

  it('when the gateway never heard of it, then it is told again under the same number and no other', async () => {
    const order = await paidOrder();
    const request = refundOf();
    takeSecondTelling(order, request);
    await refund(order, request);
    await statusBecomes(order, 'refunded');
    const told = gateway
      .operations(order.merchantOrderNo)
      .filter((each) => each.startsWith('refund'));
    expect(told).toEqual([`refund:${request.refundNo}`, `refund:${request.refundNo}`]);
  });

  // The worker died after it had written that it would tell it again; the next one took that for done.
  it('when a crash comes between deciding to tell it again and telling it, then it is told again', async () => {
    const order = await paidOrder();
    const request = refundOf();
    const tellings = takeSecondTelling(order, request);
    const { orders } = environment.stores;
    const record = orders.record.bind(orders);
    let crashes = 0;
    const spy = vi.spyOn(orders, 'record').mockImplementation(async (written) => {
      const isTheAnswer = written.drafts.some(
        ({ event, changes }) =>
          event === 'refund.query.answered' &&
          changes.refunds?.some(({ refundNo }) => refundNo === request.refundNo),
      );
      if (isTheAnswer && crashes === 0) {
        crashes += 1;
        // The same step in a task that was lost: by its clock it was a moment earlier.
        const earlier = written.drafts.map((draft) => ({
          ...draft,
          at: new Date(Date.parse(draft.at) - 1).toISOString(),
        }));
        await record({ ...written, drafts: earlier });
      }
      return await record(written);
    });
    try {
      await refund(order, request);
      await statusBecomes(order, 'refunded');
    } finally {
      spy.mockRestore();
    }
    expect(crashes).toBe(1);
    expect(tellings()).toBe(2);
    const [stored] = (await environment.order(order)).refunds;
    expect(stored?.submissions).toBe(2);
  });

  it('when the gateway refuses it and then says that it failed, then its amount is free again', async () => {
    const order = await paidOrder();
    const request = refundOf();
    gateway.script(order.merchantOrderNo, {
      refund: (call) => ({ ...(call === 1 ? REFUSED : ACCEPTED), gatewayTransNo: null }),
    });
    gateway.scriptRefund(request.refundNo, () => answered(order, request, 'failed'));
    await refund(order, request);
    await eventually('it failed', async () => {
      const [stored] = (await environment.order(order)).refunds;
      return stored?.status === 'failed';
    });
    expect((await environment.order(order)).status).toBe('paid');
    expect((await refund(order, refundOf())).outcome).toBe('accepted');
  });

  it('when the gateway answers with an error and then never knows the number, then the refund failed and is not told again', async () => {
    const order = await paidOrder();
    const request = refundOf();
    gateway.script(order.merchantOrderNo, { refund: () => ({ ...REFUSED, gatewayTransNo: null }) });
    gateway.scriptRefund(request.refundNo, () => answered(order, request, 'not_found'));
    await refund(order, request);
    await eventually(
      'it failed',
      async () => {
        const [stored] = (await environment.order(order)).refunds;
        return stored?.status === 'failed';
      },
      25_000,
    );
    const told = gateway
      .operations(order.merchantOrderNo)
      .filter((each) => each.startsWith('refund'));
    expect(told).toHaveLength(1);
  });

  it('when a payment is not on a terminal, or something of it was refunded, then it is not voided', async () => {
    const hosted = await paidOrder();
    expect((await refund(hosted, refundOf({ method: 'void' }))).outcome).toBe('not_voidable');
    const cloud = await paidOrder({ channel: 'cloud', terminalSn: 'TERMINAL-1' });
    expect((await refund(cloud, refundOf({ amount: 1 }))).outcome).toBe('accepted');
    expect((await refund(cloud, refundOf({ method: 'void' }))).outcome).toBe('not_voidable');
  });

  it('when nothing could be sent, then the refund failed at once', async () => {
    const order = await paidOrder();
    const request = refundOf();
    const neverSent = { outcome: 'refused', code: null, detail: 'no terminal' } as const;
    gateway.script(order.merchantOrderNo, {
      refund: () => ({ ...neverSent, gatewayTransNo: null }),
    });
    expect(await refund(order, request)).toMatchObject({ refund: { status: 'failed' } });
    expect((await refund(order, refundOf())).outcome).toBe('accepted');
  });

  it('when a verified callback tells of the refund, then it is settled by it without a question', async () => {
    const order = await paidOrder();
    const request = refundOf();
    let asked = 0;
    gateway.scriptRefund(request.refundNo, () => {
      asked += 1;
      return answered(order, request, 'pending');
    });
    await refund(order, request);
    const said = answered(order, request, 'succeeded');
    const evidence = aCallback('facts' in said ? said.facts : null);
    await environment.messenger.callbackReceived(order, evidence, DEADLINE_MS);
    await statusBecomes(order, 'refunded');
    expect(asked).toBe(0);
  });

  it('when a refund’s callback names another amount, then it settles nothing and the gateway is asked', async () => {
    const order = await paidOrder();
    const request = refundOf();
    gateway.scriptRefund(request.refundNo, () => answered(order, request, 'pending'));
    await refund(order, request);
    const said = answered(order, { ...request, amount: 1 }, 'succeeded');
    const evidence = aCallback('facts' in said ? said.facts : null);
    await environment.messenger.callbackReceived(order, evidence, DEADLINE_MS);
    await eventually('the gateway was asked', async () =>
      (await environment.audit(order)).some((entry) => entry.event === 'refund.query.answered'),
    );
    expect((await environment.order(order)).status).toBe('paid');
  });

  it('when the order is not paid, then nothing is refunded', async () => {
    const order = orderRequest();
    await environment.messenger.createOrder(order, DEADLINE_MS);
    expect((await refund(order, refundOf())).outcome).toBe('not_refundable');
  });
});

describe('late money', () => {
  async function canceledOrder(policy: 'review' | 'refund' | 'accept'): Promise<NewOrder> {
    const order = orderRequest({
      policy: { closeGiveUpMs: 60_000, latePaymentWatchMs: 600_000, latePaymentPolicy: policy },
    });
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'closed') });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    const cancel = { requestedBy: 'merchant', actor: 'shop' } as const;
    await environment.messenger.cancel(order, cancel, DEADLINE_MS);
    await statusBecomes(order, 'canceled');
    touched.push(order);
    return order;
  }

  it('when the policy is refund, then it is given back once, however often and by whatever way it is learnt', async () => {
    const order = await canceledOrder('refund');
    gateway.script(order.merchantOrderNo, {
      query: () => answerOf(order, 'paid'),
      refund: (_call, request) => {
        gateway.scriptRefund(request.refundNo, () =>
          answered(order, refundOf({ refundNo: request.refundNo }), 'succeeded'),
        );
        return { ...ACCEPTED, gatewayTransNo: null };
      },
    });
    const check = { requestedBy: 'drift', actor: 'test' } as const;
    await Promise.all([
      environment.messenger.callbackReceived(order, aCallback(factsOf(order)), DEADLINE_MS),
      environment.messenger.checkDue(order, check, DEADLINE_MS),
      environment.messenger.callbackReceived(order, aCallback(factsOf(order)), DEADLINE_MS),
    ]);
    await statusBecomes(order, 'refunded');
    const told = gateway
      .operations(order.merchantOrderNo)
      .filter((each) => each.startsWith('refund'));
    expect(told).toHaveLength(1);
    expect(await environment.order(order)).toMatchObject({
      refundedAmount: 1_050,
      lateMoney: { resolution: 'refund' },
      refunds: [{ requestedBy: 'late_payment_policy' }],
    });
  });

  it('when the policy is accept, then the order is paid after all, and somebody is told', async () => {
    const order = await canceledOrder('accept');
    await environment.messenger.callbackReceived(order, aCallback(factsOf(order)), DEADLINE_MS);
    await statusBecomes(order, 'paid');
    const id = `${order.merchantNo}/${order.merchantOrderNo}`;
    await eventually('somebody is told', async () =>
      (await environment.stores.anomalies.listOpen(1_000)).some(
        ({ kind, orderId }) => kind === 'late_payment' && orderId === id,
      ),
    );
  });

  it('when the amount is another, then no policy resolves it but a person', async () => {
    const order = await canceledOrder('accept');
    const facts = factsOf(order, { amount: 1 });
    await environment.messenger.callbackReceived(order, aCallback(facts), DEADLINE_MS);
    await statusBecomes(order, 'review');
  });
});

describe('review', () => {
  it('when an operator resolves it, then who and why are in the audit and the anomaly is healed', async () => {
    const order = orderRequest();
    await environment.messenger.createOrder(order, DEADLINE_MS);
    const evidence = aCallback(factsOf(order, { amount: 1 }));
    await environment.messenger.callbackReceived(order, evidence, DEADLINE_MS);
    await statusBecomes(order, 'review');
    const id = `${order.merchantNo}/${order.merchantOrderNo}`;
    const open = async () =>
      (await environment.stores.anomalies.listOpen(1_000)).filter(({ orderId }) => orderId === id);
    await eventually('a person is called', async () => (await open()).length === 1);

    const resolution = { to: 'paid', reason: 'paid in the shop', actor: 'ann' } as const;
    const result = await environment.messenger.resolveReview(order, resolution, DEADLINE_MS);
    expect(result.outcome).toBe('resolved');
    expect(await environment.order(order)).toMatchObject({
      status: 'paid',
      reviewReason: null,
      decidedBy: { source: 'operator' },
    });
    const entry = (await environment.audit(order)).find(({ event }) => event === 'review.resolved');
    expect(entry).toMatchObject({
      kind: 'operator',
      data: { actor: 'ann', reason: 'paid in the shop' },
    });
    await eventually('nobody is called any more', async () => (await open()).length === 0);
    const again = await environment.messenger.resolveReview(order, resolution, DEADLINE_MS);
    expect(again.outcome).toBe('not_in_review');
  });
});
