import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;

beforeAll(async () => {
  stage = await refundStage();
});

afterAll(async () => {
  await stage.close();
});

describe('reading refunds', () => {
  it('when an order has several, then they are listed in the order of the requests', async () => {
    const order = await stage.paidOrder();
    const refunds = [aRefund(), aRefund(), aRefund()];
    for (const refund of refunds) await stage.refund(order, refund);
    const path = `/v1/orders/${order.merchantOrderNo}/refunds`;
    const { body } = await stage.api.call('GET', path);
    expect((body.data as { refundNo: string }[]).map(({ refundNo }) => refundNo)).toEqual(
      refunds.map(({ refundNo }) => refundNo),
    );
  });

  it('when all are listed page by page, then each appears once, newest first', async () => {
    const order = await stage.paidOrder();
    const wanted: unknown[] = [];
    for (const refund of [aRefund(), aRefund(), aRefund()]) {
      wanted.unshift((await stage.refund(order, refund)).body.refundNo);
    }
    const path = `/v1/orders/${order.merchantOrderNo}/refunds`;
    const first = (await stage.api.call('GET', path)).body.data as { createdAt: string }[];
    const filter = `createdFrom=${first[0]?.createdAt}`;
    const seen: unknown[] = [];
    for (let after = '', hasMore = true; hasMore; after = `&startingAfter=${seen.at(-1)}`) {
      const page = await stage.api.call('GET', `/v1/refunds?limit=2&${filter}${after}`);
      expect(page.status).toBe(200);
      seen.push(...(page.body.data as { refundNo: string }[]).map(({ refundNo }) => refundNo));
      hasMore = page.body.hasMore === true;
    }
    expect(seen).toEqual(wanted);
  });

  it('when they are filtered by status, then only those are listed', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    stage.settlesAs(order, refund, 'failed');
    await stage.refund(order, refund);
    await stage.untilRefundIs(order, refund.refundNo, 'failed');
    const { body } = await stage.api.call('GET', '/v1/refunds?status=failed');
    const listed = body.data as { refundNo: string; status: string }[];
    expect(listed.map(({ refundNo }) => refundNo)).toContain(refund.refundNo);
    expect(new Set(listed.map(({ status }) => status))).toEqual(new Set(['failed']));
  });

  it.each(['status=paid', 'channel=pos', 'startingAfter=nobody', 'limit=0'])(
    'when the query is %s, then 422',
    async (query) => {
      expect((await stage.api.call('GET', `/v1/refunds?${query}`)).status).toBe(422);
    },
  );
});
