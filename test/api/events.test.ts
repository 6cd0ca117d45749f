import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { aRefund, type RefundStage, refundStage } from './refund-stage.js';

let stage: RefundStage;

beforeAll(async () => {
  stage = await refundStage();
});

afterAll(async () => {
  await stage.close();
});

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly merchantOrderNo: string; readonly refundedAmount: number };
}

/** The whole feed, page by page. */
async function feed(limit: number): Promise<readonly Listed[]> {
  const seen: Listed[] = [];
  for (let after = '', hasMore = true; hasMore; ) {
    const page = await stage.api.call('GET', `/v1/events?limit=${limit}${after}`);
    expect(page.status).toBe(200);
    seen.push(...(page.body.data as Listed[]));
    hasMore = page.body.hasMore === true;
    after = `&startingAfter=${encodeURIComponent(seen.at(-1)?.id ?? '')}`;
  }
  return seen;
}

async function untilTold(merchantOrderNo: string, types: readonly string[]): Promise<void> {
  await eventually(`the feed tells ${types.join(', ')}`, async () => {
    const told = (await feed(100)).filter(({ data }) => data.merchantOrderNo === merchantOrderNo);
    return JSON.stringify(told.map(({ type }) => type)) === JSON.stringify(types);
  });
}

describe('the feed', () => {
  it('when an order is paid and refunded, then both are told in order, and pages lose nothing', async () => {
    const order = await stage.paidOrder();
    const refund = aRefund();
    stage.settlesAs(order, refund, 'succeeded');
    await stage.refund(order, refund);
    await stage.untilRefundIs(order, refund.refundNo, 'succeeded');
    await stage.paidOrder();
    await untilTold(order.merchantOrderNo, ['order.paid', 'refund.succeeded']);
    const whole = await feed(100);
    expect(whole.length).toBeGreaterThanOrEqual(3);
    expect(await feed(1)).toEqual(whole);
  });

  it('when the start is not an event, then 422', async () => {
    for (const start of ['none', 'a%2Fb', '']) {
      const answer = await stage.api.call('GET', `/v1/events?startingAfter=${start}`);
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ pointer: '/query/startingAfter' }]);
    }
  });

  it('when nothing is newer, then the page is empty', async () => {
    await stage.paidOrder();
    const last = (await feed(100)).at(-1);
    const page = await stage.api.call('GET', `/v1/events?startingAfter=${last?.id}`);
    expect([page.body.data, page.body.hasMore]).toEqual([[], false]);
  });
});

describe('delivering an event again', () => {
  it('when it is there, then it waits to be sent as if it were new', async () => {
    const order = await stage.paidOrder();
    await untilTold(order.merchantOrderNo, ['order.paid']);
    const event = (await feed(100)).find(
      ({ data }) => data.merchantOrderNo === order.merchantOrderNo,
    );
    const path = `/v1/events/${encodeURIComponent(event?.id ?? '')}/redeliver`;
    const answer = await stage.api.call('POST', path);
    expect([answer.status, answer.body]).toEqual([202, { id: event?.id }]);
    const stored = await stage.orders.stores.events.find('M1001', event?.id ?? '');
    expect(stored?.delivery).toMatchObject({ state: 'waiting', attempts: 0 });
  });

  it('when there is none, then 404', async () => {
    expect((await stage.api.call('POST', '/v1/events/none/redeliver')).status).toBe(404);
  });
});
