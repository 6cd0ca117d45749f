import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.js';
import { findChainFault } from '../../src/store/audit-chain.js';
import { eventually } from '../support/eventually.js';
import { answerOf, MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { OPS_TOKEN, type RunningApi, startApi } from './api-environment.js';

const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

/** A till's sale: the gateway is not told. */
function posOrder(merchantOrderNo = uniqueOrderNo()) {
  return { merchantOrderNo, channel: 'pos', amount: 1_050, currency: 'USD' };
}

async function create(body: object, headers: Record<string, string> = {}) {
  return await api.call('POST', '/v1/orders', { body, headers });
}

describe('reading orders', () => {
  it('when the number was percent-encoded, then every legal character finds its order', async () => {
    const merchantOrderNo = `a|*@-_${uniqueOrderNo().slice(0, 20)}`;
    await create(posOrder(merchantOrderNo));
    const answer = await api.call('GET', `/v1/orders/${encodeURIComponent(merchantOrderNo)}`);
    expect(answer.status).toBe(200);
    expect(answer.body.merchantOrderNo).toBe(merchantOrderNo);
  });

  it.each(['no-such-order', 'a%2Fb', '%', '%E0%A4%A', '..%2f..', 'x'.repeat(33)])(
    'when the number is %s, then 404',
    async (path) => {
      const answer = await api.call('GET', `/v1/orders/${path}`);
      expect(answer.status).toBe(404);
    },
  );

  it('when an operator reads, then the order is there without its verify token', async () => {
    const body = posOrder();
    expect((await create(body)).body.verifyToken).toMatch(/^verify_/);
    const answer = await api.call('GET', `/v1/orders/${body.merchantOrderNo}`, {
      credential: OPS_TOKEN,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('verifyToken');
  });

  it('when orders are listed page by page, then each appears once, newest first', async () => {
    const currency = 'CHF';
    const wanted: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const body = { ...posOrder(), currency };
      await create(body);
      wanted.unshift(body.merchantOrderNo);
    }
    const createdFrom = (await api.call('GET', `/v1/orders/${wanted[2]}`)).body.createdAt as string;
    const filter = `status=pending&channel=pos&createdFrom=${encodeURIComponent(createdFrom)}`;
    const seen: string[] = [];
    let startingAfter = '';
    for (let hasMore = true; hasMore; ) {
      const after = startingAfter === '' ? '' : `&startingAfter=${startingAfter}`;
      const page = await api.call('GET', `/v1/orders?limit=2&${filter}${after}`);
      expect(page.status).toBe(200);
      const data = page.body.data as { merchantOrderNo: string }[];
      seen.push(...data.map(({ merchantOrderNo }) => merchantOrderNo));
      startingAfter = seen.at(-1) ?? '';
      hasMore = page.body.hasMore === true;
    }
    expect(seen).toEqual(wanted);
  });

  it('when a time filter has an offset, then it means the same instant', async () => {
    const body = posOrder();
    const { createdAt } = (await create(body)).body;
    const instant = new Date(Date.parse(createdAt as string));
    const shifted = new Date(instant.getTime() + 2 * 3_600_000)
      .toISOString()
      .replace('Z', '+02:00');
    const page = await api.call('GET', `/v1/orders?createdFrom=${encodeURIComponent(shifted)}`);
    const numbers = (page.body.data as { merchantOrderNo: string }[]).map((o) => o.merchantOrderNo);
    expect(numbers).toContain(body.merchantOrderNo);
  });

  it.each([
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['limit=1&limit=2', '/query/limit'],
    ['status=done', '/query/status'],
    ['createdFrom=yesterday', '/query/createdFrom'],
    ['startingAfter=nobody', '/query/startingAfter'],
    ['color=red', '/query/color'],
    ['__proto__=x', '/query/__proto__'],
  ])('when the query is %s, then 422 names %s', async (query, pointer) => {
    const answer = await api.call('GET', `/v1/orders?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });

  it('when the audit is read, then its chain can be checked from the answer alone', async () => {
    const { merchantOrderNo, ...body } = { ...posOrder(), channel: 'hosted' };
    await create({ merchantOrderNo, ...body });
    const answer = await api.call('GET', `/v1/orders/${merchantOrderNo}/audit`);
    const data = answer.body.data as AuditEntry[];
    expect(answer.status).toBe(200);
    expect(data.map(({ event }) => event)).toEqual(['order.created', 'create.answered']);
    expect(findChainFault(`${MERCHANT_NO}/${merchantOrderNo}`, data)).toBeNull();
    expect((await api.call('GET', '/v1/orders/none/audit')).status).toBe(404);
  });
});

describe('canceling', () => {
  it('when an unpaid order is canceled, then 202, and it is closed with proof; again is 202', async () => {
    const body = { ...posOrder(), channel: 'hosted' };
    gateway.script(body.merchantOrderNo, {
      query: (call) => answerOf(orderKey(body), call === 1 ? 'open' : 'closed'),
    });
    await create(body);
    const path = `/v1/orders/${body.merchantOrderNo}`;
    expect((await api.call('POST', `${path}/cancel`)).status).toBe(202);
    await eventually('canceled', async () => {
      const { status, canceledAt } = (await api.call('GET', path)).body;
      return status === 'canceled' && canceledAt !== null;
    });
    const again = await api.call('POST', `${path}/cancel`);
    expect(again.status).toBe(202);
    expect(again.body.status).toBe('canceled');
  });

  it.each([
    ['paid', 'order_paid'],
    ['partially_refunded', 'order_paid'],
    ['refunded', 'order_final'],
    ['review', 'order_in_review'],
  ] as const)('when the order is %s, then 409 %s', async (status, code) => {
    const order = await orders.seed(orderRequest(), Date.now(), { status });
    const answer = await api.call('POST', `/v1/orders/${order.merchantOrderNo}/cancel`);
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe(code);
  });

  it('when an operator cancels, then the audit names the operator', async () => {
    const body = posOrder();
    gateway.script(body.merchantOrderNo, { query: () => answerOf(orderKey(body), 'closed') });
    await create(body);
    const path = `/v1/orders/${body.merchantOrderNo}`;
    const answer = await api.call('POST', `${path}/cancel`, { credential: OPS_TOKEN });
    expect(answer.status).toBe(202);
    await eventually('the audit names ann', async () =>
      (await api.call('GET', `${path}/audit`)).text.includes('"ann"'),
    );
  });

  it('when there is no such order, then 404', async () => {
    expect((await api.call('POST', '/v1/orders/none/cancel')).status).toBe(404);
  });
});

function orderKey(body: { merchantOrderNo: string }) {
  return { merchantNo: MERCHANT_NO, ...body, currency: 'USD', amount: 1_050 };
}
