/** Which orders a filter finds: in the list and in the file for finance, the same ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import type { RunningApi } from './api-environment.js';

let stage: RecordStage;
let api: RunningApi;
/** By the name that a test calls it. */
const orders = new Map<string, Order>();

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start();
  const seed = async (name: string, changes: Partial<Order>) => {
    orders.set(name, await seedOrder(stage.database.stores, changes));
  };
  await seed('small', { amount: 100, gatewayTransNo: 'G-small', status: 'paid' });
  await seed('middle', { amount: 500, merchantOrderNo: 'A|1*@_-' });
  await seed('large', { amount: 900, channel: 'pos', gatewayTransNo: 'G-large' });
  await seed('yen', { amount: 500, currency: 'JPY', gatewayTransNo: 'g-large' });
  await seed('late', { amount: 700, status: 'review', reviewReason: 'late_payment' });
  await seed('unclosable', { amount: 701, status: 'review', reviewReason: 'unclosable' });
});

afterAll(async () => await stage.close());

function noOf(name: string): string {
  return orders.get(name)?.merchantOrderNo ?? name;
}

function namesOf(numbers: readonly unknown[]): readonly string[] {
  return [...orders]
    .filter(([, { merchantOrderNo }]) => numbers.includes(merchantOrderNo))
    .map(([name]) => name)
    .sort();
}

async function found(filter: Readonly<Record<string, string>>) {
  const query = new URLSearchParams(filter).toString();
  const list = await api.call('GET', `/v1/orders?${query}&limit=100`);
  const csv = await api.call('GET', `/v1/orders.csv?${query}`);
  expect([list.status, csv.status]).toEqual([200, 200]);
  const rows = csv.text.trim().split('\r\n').slice(1);
  const listed = (list.body.data as { merchantOrderNo: string }[]).map(
    ({ merchantOrderNo }) => merchantOrderNo,
  );
  expect(rows.map((row) => row.split(',', 1)[0])).toEqual(listed);
  return namesOf(listed);
}

describe('the filters of orders', () => {
  it.each([
    [{ merchantOrderNo: 'A|1*@_-' }, ['middle']],
    [{ merchantOrderNo: 'a|1*@_-' }, []],
    [{ merchantOrderNo: 'A' }, []],
    [{ gatewayTransNo: 'G-large' }, ['large']],
    [{ gatewayTransNo: 'G-' }, []],
    [{ gatewayTransNo: 'G-large', channel: 'hosted' }, []],
    [{ amountFrom: '500' }, ['large', 'late', 'middle', 'unclosable', 'yen']],
    [{ amountTo: '500' }, ['middle', 'small', 'yen']],
    [{ amountFrom: '500', amountTo: '500', currency: 'USD' }, ['middle']],
    [{ amountFrom: '501', amountTo: '500' }, []],
    [{ amountFrom: '0', amountTo: '00100' }, ['small']],
    [{ currency: 'JPY' }, ['yen']],
    [{ reviewReason: 'late_payment' }, ['late']],
    [{ status: 'review', amountFrom: '701' }, ['unclosable']],
    [{ status: 'paid', reviewReason: 'late_payment' }, []],
  ] as const)('when it is %j, then it finds %j', async (filter, names) => {
    expect(await found(filter)).toEqual(names);
  });

  it('when an order is looked up by its number, then also next to every other filter', async () => {
    const merchantOrderNo = noOf('small');
    const createdFrom = '2026-01-01T00:00:00Z';
    expect(await found({ merchantOrderNo, status: 'paid', createdFrom })).toEqual(['small']);
    expect(await found({ merchantOrderNo, status: 'pending' })).toEqual([]);
  });

  it('when a page begins after an order, then the filter holds on it, too', async () => {
    const query = `startingAfter=${noOf('unclosable')}&amountFrom=500&currency=USD`;
    const page = await api.call('GET', `/v1/orders?${query}`);
    const data = page.body.data as { merchantOrderNo: string }[];
    expect(namesOf(data.map(({ merchantOrderNo }) => merchantOrderNo))).toEqual([
      'large',
      'late',
      'middle',
    ]);
  });

  it.each([
    ['merchantOrderNo=', '/query/merchantOrderNo'],
    ['merchantOrderNo=a%2Fb', '/query/merchantOrderNo'],
    [`gatewayTransNo=${'x'.repeat(65)}`, '/query/gatewayTransNo'],
    ['gatewayTransNo=a%20b', '/query/gatewayTransNo'],
    ['gatewayTransNo%5B%24ne%5D=x', '/query/gatewayTransNo[$ne]'],
    ['amountFrom=-1', '/query/amountFrom'],
    ['amountFrom=1.5', '/query/amountFrom'],
    ['amountTo=1e3', '/query/amountTo'],
    ['amountTo=999999999999999', '/query/amountTo'],
    ['currency=usd', '/query/currency'],
    ['currency=XXZ', '/query/currency'],
    ['reviewReason=none', '/query/reviewReason'],
  ])('when the query is %s, then 422 names %s', async (query, pointer) => {
    for (const path of ['/v1/orders', '/v1/orders.csv']) {
      const answer = await api.call('GET', `${path}?${query}`);
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ pointer }]);
    }
  });

  it('when an order is looked up by a number of it, then there is an index for it', async () => {
    const indexes = await stage.database.connection.collection('orders').indexes();
    const firstFields = indexes.map(({ key }) => Object.keys(key as object)[0]);
    expect(firstFields).toEqual(expect.arrayContaining(['_id', 'gatewayTransNo']));
    const stored = await stage.database.connection
      .collection<{ _id: string }>('orders')
      .findOne({ _id: `${MERCHANT_NO}/${noOf('small')}` });
    expect(stored).not.toBeNull();
  });
});
