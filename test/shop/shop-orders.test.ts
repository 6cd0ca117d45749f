/** Orders of the demo shop: one cart is one order, prices are the shop's, the service is asked for the rest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopAnswer, ShopOrder, ShopOrdersAnswer } from '../../src/shop/shop-contract.js';
import { eventually } from '../support/eventually.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import { cart, type RunningShop, startShop } from './shop-environment.js';

let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(async () => {
  await shop.close();
});

const record = async (merchantOrderNo: string) =>
  await shop.orders.order({ merchantNo: MERCHANT_NO, merchantOrderNo });

describe('placing an order', () => {
  it('when a cart is ordered to be paid on the payment page, then it is an order of the service with a return address', async () => {
    const customer = shop.customer();
    const { status, body } = await customer.place();
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'pending', amountMinor: 560, currency: 'USD' });
    expect(body.paymentUrl).toContain('/pay/');
    expect(body.verifyToken).toMatch(/^verify_/);
    expect(await record(body.merchantOrderNo)).toMatchObject({
      channel: 'hosted',
      amount: 560,
      redirectUrl: `${shop.url}/demo/orders/${body.merchantOrderNo}/return`,
    });
  });

  it('when the payment page opens in a tab of its own, then the order has no return address', async () => {
    const { body } = await shop.customer().place({ opensNewTab: true });
    expect(body.opensNewTab).toBe(true);
    expect((await record(body.merchantOrderNo)).redirectUrl).toBeNull();
  });

  it('when an order is for a terminal, then it waits there at the gateway', async () => {
    const { body } = await shop.customer().place({ way: 'cloud', terminalSn: 'TERMINAL-2' });
    expect(shop.gateway.simulator.control.order(body.merchantOrderNo)).toMatchObject({
      terminalSn: 'TERMINAL-2',
      state: 'open',
    });
  });

  it('when the same cart is sent by a double click, a reload and another tab, then there is one order', async () => {
    const customer = shop.customer();
    await customer.get('/shop');
    const sent = cart();
    const replies = await Promise.all([1, 2, 3].map(() => customer.place(sent)));
    const later = await customer.place(sent);
    const numbers = new Set([...replies, later].map(({ body }) => body.merchantOrderNo));
    expect(numbers.size).toBe(1);
    const { body } = await customer.get<ShopOrdersAnswer>('/orders');
    expect(body.data).toHaveLength(1);
  });

  it('when a cart that is an order comes again with other content, then the order stays as it was', async () => {
    const customer = shop.customer();
    const sent = cart();
    const first = await customer.place(sent);
    const second = await customer.place({
      ...sent,
      way: 'cloud',
      lines: [{ goodsId: 'beans', quantity: 3 }],
    });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({
      merchantOrderNo: first.body.merchantOrderNo,
      way: 'hosted',
      amountMinor: 560,
    });
  });

  it('when a developer stages a payment, then the order is paid without a person and its record says so', async () => {
    const customer = shop.customer();
    const { body } = await customer.place({ scenario: 'callback_lost' });
    const paid = await eventually('the order is paid', async () => {
      const answer = await customer.get<ShopOrder>(`/orders/${body.merchantOrderNo}`);
      return answer.body.status === 'paid' ? answer.body : null;
    });
    expect(paid).toMatchObject({ paidAmountMinor: 560, refundedAmountMinor: 0 });
    expect(paid.paidAt).not.toBeNull();
  });

  it('when the shop is started again, then it still knows its orders', async () => {
    const customer = shop.customer();
    const { body } = await customer.place();
    const again = shop.customer((await shop.restart()).url);
    again.cookie = customer.cookie;
    const orders = await again.get<ShopOrdersAnswer>('/orders');
    expect(orders.body.data.map(({ merchantOrderNo }) => merchantOrderNo)).toEqual([
      body.merchantOrderNo,
    ]);
  });

  it('when the page asks what is sold, then it hears prices, terminals and what can be staged', async () => {
    const { body } = await shop.customer().get<ShopAnswer>('/shop');
    expect(body.currency).toBe('USD');
    expect(body.goods.length).toBeGreaterThan(3);
    expect(body.terminals).toEqual(['TERMINAL-1', 'TERMINAL-2']);
    expect(body.simulator?.scenarios.map(({ name }) => name)).toContain('callback_lost');
  });
});
