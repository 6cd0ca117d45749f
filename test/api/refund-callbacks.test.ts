/** Callbacks about refunds, and about numbers that we never gave. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverCallback } from '../../src/delivery/deliver-callback.js';
import { eventually } from '../support/eventually.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import {
  type CallbackFields,
  callbackFields,
  sendCallback,
  signedBody,
} from './api-environment.js';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;

beforeAll(async () => {
  stage = await refundStage();
});

afterAll(async () => {
  await stage.close();
});

function refundCallback(refundNo: string, overrides: CallbackFields = {}): string {
  return signedBody(
    callbackFields(refundNo, {
      trans_type: 3,
      order_amount: '3.00',
      trans_amount: '3.00',
      paid_amount: '3.00',
      ...overrides,
    }),
  );
}

async function inboxEntry(body: string) {
  const id = createHash('sha256').update(body).digest('hex');
  return await stage.orders.stores.callbacks.find(id);
}

async function outcomeOf(body: string): Promise<unknown> {
  return await eventually(
    'the inbox is done with it',
    async () => (await inboxEntry(body))?.outcome,
  );
}

/** As the sweep does, at a later time. */
async function deliverLater(body: string, laterMs: number): Promise<string> {
  const { stores, messenger } = stage.orders;
  const entry = await inboxEntry(body);
  if (entry === null) throw new Error('not in the inbox');
  return await deliverCallback(entry, { ...stores, messenger, now: () => Date.now() + laterMs });
}

async function anomaly(id: string) {
  const all = await stage.orders.stores.anomalies.list(1_000);
  return all.find(({ _id }) => _id === id);
}

describe('a callback about a refund of ours', () => {
  it.each([
    ['refund', 3],
    ['void', 2],
  ])('when it says that the %s succeeded, then it settles it at once', async (_kind, type) => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(order, refund);
    const body = refundCallback(refund.refundNo, { trans_type: type });
    expect((await sendCallback(stage.api, body)).text).toBe('success');
    await stage.untilRefundIs(order, refund.refundNo, 'succeeded');
    expect(await outcomeOf(body)).toBe('recorded');
    expect(await stage.orders.order(order)).toMatchObject({
      status: 'partially_refunded',
      refundedAmount: 300,
      decidedBy: { source: 'callback' },
    });
  });

  it('when it says that it failed, then its amount is free again', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(order, refund);
    await sendCallback(stage.api, refundCallback(refund.refundNo, { trans_status: 3 }));
    await stage.untilRefundIs(order, refund.refundNo, 'failed');
    expect((await stage.refund(order, aRefund({ amount: 1_050 }))).status).toBe(202);
  });

  it('when the same is told again in another message, then the order hears it once', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    await stage.refund(order, refund);
    await sendCallback(stage.api, refundCallback(refund.refundNo));
    await stage.untilRefundIs(order, refund.refundNo, 'succeeded');
    const again = refundCallback(refund.refundNo, { http_request_id: 'resent' });
    await sendCallback(stage.api, again);
    expect(await outcomeOf(again)).toBe('already_decided');
    const audit = await stage.orders.audit(order);
    expect(audit.filter(({ kind }) => kind === 'callback')).toHaveLength(1);
    expect((await stage.orders.order(order)).refundedAmount).toBe(300);
  });
});

describe('a callback about a number that we never gave', () => {
  it('when it is a refund, then it is kept, done with, and raised', async () => {
    const refundNo = uniqueOrderNo();
    const body = refundCallback(refundNo);
    expect((await sendCallback(stage.api, body)).text).toBe('success');
    expect(await outcomeOf(body)).toBe('not_an_order');
    expect(await anomaly(`unknown_refund:M1001/refund/${refundNo}`)).toMatchObject({ count: 1 });
  });

  it('when it is a refund under an order’s own number, then the anomaly names the order', async () => {
    const { merchantOrderNo } = await stage.paidOrder();
    const body = refundCallback(merchantOrderNo);
    await sendCallback(stage.api, body);
    expect(await outcomeOf(body)).toBe('not_an_order');
    const { body: listed } = await stage.api.call('GET', '/v1/anomalies?limit=100');
    expect(listed.data).toContainEqual(
      expect.objectContaining({ kind: 'unknown_refund', merchantOrderNo }),
    );
  });

  it('when sales on one terminal stay unknown, then one anomaly counts them', async () => {
    const terminal_sn = `T${uniqueOrderNo()}`.slice(0, 30);
    const bodies = [1, 2].map(() => signedBody(callbackFields(uniqueOrderNo(), { terminal_sn })));
    for (const body of bodies) {
      await sendCallback(stage.api, body);
      await stage.api.background.settle(5_000);
      expect(await deliverLater(body, 0)).toBe('waiting_for_order');
      expect(await deliverLater(body, 600_000)).toBe('unknown_number');
      expect(await deliverLater(body, 700_000)).toBe('already_processed');
    }
    const day = (await inboxEntry(bodies[0] ?? ''))?.receivedAt.slice(0, 10);
    const raised = await anomaly(`external_sale:M1001/terminal/${terminal_sn}/${day}`);
    expect(raised).toMatchObject({ count: 2, kind: 'external_sale' });
  });

  it('when there is no terminal, then the number itself is raised; without a payment nothing', async () => {
    const paid = uniqueOrderNo();
    const declined = uniqueOrderNo();
    for (const [merchantOrderNo, trans_status] of [
      [paid, 2],
      [declined, 3],
    ] as const) {
      const body = signedBody(callbackFields(merchantOrderNo, { trans_status }));
      await sendCallback(stage.api, body);
      await stage.api.background.settle(5_000);
      expect(await deliverLater(body, 600_000)).toBe('unknown_number');
    }
    expect(await anomaly(`unknown_order:M1001/${paid}`)).toMatchObject({ count: 1 });
    expect(await anomaly(`unknown_order:M1001/${declined}`)).toBeUndefined();
  });

  it('when its order appears after all, then the callback that was given up settles it', async () => {
    const merchantOrderNo = uniqueOrderNo();
    const body = signedBody(callbackFields(merchantOrderNo));
    await sendCallback(stage.api, body);
    await stage.api.background.settle(5_000);
    await deliverLater(body, 600_000);
    const created = await stage.api.call('POST', '/v1/orders', {
      body: { merchantOrderNo, channel: 'pos', amount: 1_050, currency: 'USD' },
    });
    expect(created.status).toBe(201);
    await eventually('it is paid', async () => {
      const read = await stage.api.call('GET', `/v1/orders/${merchantOrderNo}`);
      return read.body.status === 'paid';
    });
    await eventually('the inbox says so', async () => {
      return (await inboxEntry(body))?.outcome === 'recorded';
    });
  });
});
