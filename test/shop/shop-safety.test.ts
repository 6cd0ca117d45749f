/** What the shop refuses: other people's orders, other people's pages, and what it does not understand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatorUrlOf } from '../../src/shop/shop.js';
import type { ShopOrdersAnswer } from '../../src/shop/shop-contract.js';
import { API_KEY } from '../api/api-environment.js';
import { cart, type RunningShop, startShop } from './shop-environment.js';

let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(async () => {
  await shop.close();
});

describe('customers', () => {
  it('when somebody else asks for an order, then there is none, whatever they ask', async () => {
    const owner = shop.customer();
    const { body } = await owner.place({ way: 'cloud' });
    const stranger = shop.customer();
    await stranger.get('/shop');
    const path = `/orders/${body.merchantOrderNo}`;
    const replies = await Promise.all([
      stranger.get(path),
      stranger.post(`${path}/place`, {}),
      stranger.post(`${path}/sale`, { payer: 'pays', report: 'as_it_was' }),
      stranger.post(`${path}/payer`, { payer: 'pays' }),
      shop.customer().get(path),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(replies.map((reply) => reply.body.code)).toEqual(Array(5).fill('order_not_found'));
    expect((await stranger.get<ShopOrdersAnswer>('/orders')).body.data).toEqual([]);
    expect(shop.gateway.simulator.control.order(body.merchantOrderNo).state).toBe('open');
  });

  it('when two customers send a cart of the same name, then each has an order of their own', async () => {
    const sent = cart();
    const one = await shop.customer().place(sent);
    const other = await shop.customer().place(sent);
    expect(one.body.merchantOrderNo).not.toBe(other.body.merchantOrderNo);
  });

  it('when a customer is welcomed, then scripts and other sites cannot use the cookie', async () => {
    const { headers } = await shop.customer().get('/shop');
    const cookie = headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).toMatch(/Path=\/demo/);
  });

  it('when the page is answered, then the API key and the cookie are nowhere in it or in the log', async () => {
    const customer = shop.customer();
    const placed = await customer.place();
    const shown = await customer.get(`/orders/${placed.body.merchantOrderNo}`);
    const name = customer.cookie?.split('=')[1] ?? '';
    expect(name).toHaveLength(43);
    const seen = JSON.stringify([placed.body, shown.body]) + shop.api.log();
    expect(seen).not.toContain(API_KEY);
    expect(seen).not.toContain(name);
    expect(placed.headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('requests', () => {
  it.each([
    ['a page of another origin', { Origin: 'https://evil.example.com' }],
    ['a page of another site', { Origin: '', 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of a sibling site', { 'Sec-Fetch-Site': 'same-site' }],
    ['nobody knows whom', {}],
  ])('when %s posts, then nothing is ordered', async (_from, headers) => {
    const customer = shop.customer();
    await customer.get('/shop');
    const { status, body } = await customer.post(
      '/orders',
      cart(),
      headers as Record<string, string>,
    );
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect((await customer.get<ShopOrdersAnswer>('/orders')).body.data).toEqual([]);
  });

  it.each([
    ['goods that are not sold', { lines: [{ goodsId: 'diamond', quantity: 1 }] }],
    ['a negative number of them', { lines: [{ goodsId: 'tea', quantity: -1 }] }],
    ['half a thing', { lines: [{ goodsId: 'tea', quantity: 0.5 }] }],
    ['an empty cart', { lines: [] }],
    ['a price of its own', { amountMinor: 1 }],
    ['a way to pay that there is not', { way: 'barter' }],
    ['a terminal that there is not', { way: 'cloud', terminalSn: '../x' }],
    ['a scenario that is not offered', { scenario: 'paid_twice' }],
    ['a cart without a proper name', { cartId: 'x' }],
  ])('when an order has %s, then it is refused', async (_what, changes) => {
    const customer = shop.customer();
    const { status, body } = await customer.post('/orders', { ...cart(), ...changes });
    expect([status, body.code]).toEqual([422, 'validation_failed']);
  });

  it('when a body is no JSON or too large, then it is refused', async () => {
    const customer = shop.customer();
    expect((await customer.post('/orders', '{"cartId":')).status).toBe(400);
    expect((await customer.post('/orders', { ...cart(), x: 'x'.repeat(70_000) })).status).toBe(413);
  });

  it('when an address of the back end does not exist, then it is not the page', async () => {
    const { status, body } = await shop.customer().get('/nothing');
    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});

describe('the simulator', () => {
  it.each([
    ['http://127.0.0.1:3100/api/entry', 'http://127.0.0.1:3100'],
    ['https://gateway.example.com/api/entry', null],
    ['http://127.0.0.1:3100/other', null],
  ])('when the gateway is at %s, then control calls go to %s', (gatewayUrl, expected) => {
    expect(simulatorUrlOf(gatewayUrl)).toBe(expected);
  });
});
