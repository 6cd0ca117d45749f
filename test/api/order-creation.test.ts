import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answerOf, MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { created, NO_ANSWER, ScriptedGateway } from '../support/scripted-gateway.js';
import { gate, type RunningApi, startApi } from './api-environment.js';

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

describe('creating an order', () => {
  it('when a hosted order is created, then 201 gives its payment address and the whole order', async () => {
    const merchantOrderNo = uniqueOrderNo();
    const answer = await create({ ...posOrder(merchantOrderNo), channel: 'hosted' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Location')).toBe(`/v1/orders/${merchantOrderNo}`);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      merchantOrderNo,
      status: 'pending',
      final: false,
      amount: 1_050,
      currency: 'USD',
      paymentUrl: 'https://pay.example/p/1',
      workflowId: `order/${MERCHANT_NO}/${merchantOrderNo}`,
      checks: { strategy: 'progressive', schedule: ['5s', '30s', '1m', '3m', '5m', '10m', '30m'] },
    });
  });

  it('when the call is repeated with the same content, then 200 is the same order and the gateway hears nothing', async () => {
    const body = { ...posOrder(), channel: 'hosted' };
    const first = await create(body);
    const again = await create(body);
    expect(again.status).toBe(200);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(gateway.operations(body.merchantOrderNo)).toEqual(['create']);
  });

  it('when ten calls race with one number, then there is one order and one creation at the gateway', async () => {
    const body = { ...posOrder(), channel: 'hosted' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(gateway.operations(body.merchantOrderNo)).toEqual(['create']);
  });

  it('when the number is taken by other content, then 422 and the order is untouched', async () => {
    const body = posOrder();
    const first = await create(body);
    const other = await create({ ...body, amount: 1_051 });
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotency_conflict');
    const { body: now } = await api.call('GET', `/v1/orders/${body.merchantOrderNo}`);
    expect(now).toEqual(first.body);
  });

  it('when only an Idempotency-Key is given, then the same key gives the same order with a generated number', async () => {
    const body = { channel: 'pos', amount: 700, currency: 'USD' };
    const headers = { 'Idempotency-Key': `cart ${uniqueOrderNo()}` };
    const first = await create(body, headers);
    const again = await create(body, headers);
    expect(first.status).toBe(201);
    expect(first.body.merchantOrderNo).toMatch(/^O[0-9A-V]{31}$/);
    expect(again.status).toBe(200);
    expect(again.body.merchantOrderNo).toBe(first.body.merchantOrderNo);
    expect((await create({ ...body, amount: 701 }, headers)).body.code).toBe(
      'idempotency_conflict',
    );
  });

  it('when neither a number nor a key is given, then 400 idempotency_required', async () => {
    const answer = await create({ channel: 'pos', amount: 700, currency: 'USD' });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('idempotency_required');
  });

  it("when the gateway's answer is unknown, then 201 has no payment address and repeating the call obtains it", async () => {
    const merchantOrderNo = uniqueOrderNo();
    const body = { ...posOrder(merchantOrderNo), channel: 'hosted' };
    gateway.script(merchantOrderNo, {
      create: (call) => (call === 1 ? created(NO_ANSWER) : created()),
      query: (call) =>
        call === 1 ? answerOf(orderRequest(), 'unknown') : answerOf(orderRequest(), 'not_found'),
    });
    const first = await create(body);
    expect(first.status).toBe(201);
    expect(first.body.paymentUrl).toBeNull();
    const again = await create(body);
    expect(again.status).toBe(200);
    expect(again.body.paymentUrl).toBe('https://pay.example/p/1');
  });

  it('when the gateway takes longer than eight seconds, then 201 without an address, from the record', async () => {
    const merchantOrderNo = uniqueOrderNo();
    const { opened, open } = gate();
    gateway.script(merchantOrderNo, {
      create: async () => {
        await opened;
        return created();
      },
    });
    const startedMs = Date.now();
    const answer = await create({ ...posOrder(merchantOrderNo), channel: 'hosted' });
    expect(Date.now() - startedMs).toBeLessThan(9_500);
    expect(answer.status).toBe(201);
    expect(answer.body.paymentUrl).toBeNull();
    open();
    await eventually('the address is there', async () => {
      const { body } = await api.call('GET', `/v1/orders/${merchantOrderNo}`);
      return body.paymentUrl;
    });
  });

  it('when several fields are wrong, then 422 names each of them by pointer', async () => {
    const answer = await create({
      merchantOrderNo: 'no spaces',
      channel: 'cloud',
      amount: 10.5,
      currency: 'usd',
      redirectUrl: 'https://user:secret@shop.example.com/',
      metadata: { 'bad key': 'x' },
      checks: { strategy: 'progressive', schedule: ['5x'], limit: 3 },
      amont: 1,
    });
    expect(answer.status).toBe(422);
    const errors = answer.body.errors as { pointer: string; code: string }[];
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/amont',
      '/amount',
      '/checks/limit',
      '/checks/schedule/0',
      '/currency',
      '/merchantOrderNo',
      '/metadata/bad key',
      '/redirectUrl',
    ]);
    expect(answer.text).not.toContain('secret');
  });

  it('when an order brings its own checks, then it keeps them', async () => {
    const checks = { strategy: 'scheduled', interval: '10s', limit: 3 };
    const answer = await create({ ...posOrder(), checks });
    expect(answer.body.checks).toMatchObject({ ...checks, schedule: null, done: 0 });
  });
});
