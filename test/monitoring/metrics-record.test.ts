import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ANOMALY_KINDS } from '../../src/domain/audit.js';
import { createdEntry } from '../../src/domain/new-order.js';
import { type Order, orderId } from '../../src/domain/order.js';
import { registerRecordGauges } from '../../src/monitoring/record-gauges.js';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';
import { anOrder, CREATED_MS, uniqueOrderNo } from '../support/order-builder.js';

const NOW_MS = CREATED_MS + 60_000;

async function valuesOf(registry: Registry, name: string): Promise<Record<string, number>> {
  const { values } = (await registry.getMetricsAsJSON()).find((metric) => metric.name === name) ?? {
    values: [],
  };
  return Object.fromEntries(
    values.map(({ labels, value }) => [Object.values(labels)[0] ?? '', Number(value)]),
  );
}

describe('the gauges of the record', () => {
  let mongo: Connection;
  let stores: Stores;

  async function store(changes: Partial<Order>, createdAt: string): Promise<Order> {
    const order = anOrder({ ...changes, createdAt }, { merchantOrderNo: uniqueOrderNo() });
    await stores.orders.record({
      orderId: orderId(order.merchantNo, order.merchantOrderNo),
      before: null,
      transitionId: 'seed',
      drafts: [createdEntry(order)],
      anomalies: [],
      healedAnomalies: [],
      processedCallbackIds: [],
    });
    return order;
  }

  beforeAll(async () => {
    const dbName = `test_${randomUUID().replaceAll('-', '')}`;
    mongo = await mongoose
      .createConnection(inject('mongodbUri'), { dbName, autoIndex: false })
      .asPromise();
    stores = createStores(mongo);
    await createIndexes(stores);
    await store({ status: 'pending' }, new Date(NOW_MS - 40_000).toISOString());
    await store({ status: 'pending' }, new Date(NOW_MS - 10_000).toISOString());
    await store({ status: 'paid' }, new Date(NOW_MS - 50_000).toISOString());
    const at = new Date(NOW_MS).toISOString();
    await stores.anomalies.raise('M1/A', 't1', [{ kind: 'late_payment', at, detail: 'late' }]);
    await stores.anomalies.raise('M1/B', 't2', [{ kind: 'late_payment', at, detail: 'late' }]);
    await stores.anomalies.raise('M1/C', 't3', [{ kind: 'drift', at, detail: 'drift' }]);
    await stores.anomalies.acknowledge('late_payment:M1/B', 'ann');
    await stores.anomalies.heal('M1/C', ['drift'], at);
  });
  afterAll(async () => {
    await mongo.dropDatabase();
    await mongo.close();
  });

  it('when orders are open, then each open status tells how many and how old, and no final one', async () => {
    const registry = new Registry();
    registerRecordGauges({ ...stores, registry, now: () => NOW_MS });
    expect(await valuesOf(registry, 'payments_orders_open')).toEqual({
      pending: 2,
      canceling: 0,
      review: 0,
    });
    expect(await valuesOf(registry, 'payments_orders_open_oldest_age_seconds')).toEqual({
      pending: 40,
      canceling: 0,
      review: 0,
    });
  });

  it('when anomalies are open, then every kind is told, and how many nobody has taken on', async () => {
    const registry = new Registry();
    registerRecordGauges({ ...stores, registry, now: () => NOW_MS });
    const open = await valuesOf(registry, 'payments_anomalies_open');
    expect(Object.keys(open)).toEqual([...ANOMALY_KINDS]);
    expect(open).toMatchObject({ late_payment: 2, drift: 0 });
    expect(await valuesOf(registry, 'payments_anomalies_unacknowledged')).toMatchObject({
      late_payment: 1,
      drift: 0,
    });
  });
});

describe('the reading of the record', () => {
  const deadlineMs = 20;

  function scripted(read: () => Promise<readonly never[]>) {
    const registry = new Registry();
    let nowMs = NOW_MS;
    let readings = 0;
    const statusCounts = () => {
      readings += 1;
      return read();
    };
    registerRecordGauges({
      registry,
      orders: { statusCounts },
      anomalies: { openCounts: async () => [] },
      now: () => nowMs,
      deadlineMs,
    });
    const pass = (ms: number) => {
      nowMs += ms;
    };
    return { registry, pass, readings: () => readings };
  }

  it('when scrapes follow each other, then the record is read once in 5 s', async () => {
    const { registry, pass, readings } = scripted(async () => []);
    await Promise.all([registry.metrics(), registry.metrics()]);
    pass(4_999);
    await registry.metrics();
    expect(readings()).toBe(1);
    pass(1);
    await registry.metrics();
    expect(readings()).toBe(2);
  });

  it('when MongoDB answers with an error, then the scrape comes without these series and counts it', async () => {
    const { registry, pass } = scripted(async () => await Promise.reject(new Error('away')));
    await registry.metrics();
    pass(10_000);
    const text = await registry.metrics();
    expect(text).not.toMatch(/^payments_(orders|anomalies)_\w+\{/m);
    expect(await valuesOf(registry, 'payments_collection_failures_total')).toEqual({ '': 3 });
  });

  it('when MongoDB does not answer at all, then scrapes come in time and ask it once', async () => {
    const { registry, readings } = scripted(() => new Promise(() => {}));
    expect(await registry.metrics()).toContain('payments_collection_failures_total');
    const text = await registry.metrics();
    expect(text).toMatch(/^payments_collection_failures_total [12]$/m);
    expect(text).not.toMatch(/^payments_orders_open\{/m);
    expect(readings()).toBe(1);
  });

  it('when MongoDB is back after an outage, then the series are back', async () => {
    let isAway = true;
    const { registry } = scripted(async () =>
      isAway ? await Promise.reject(new Error('away')) : [],
    );
    expect(await registry.metrics()).not.toMatch(/^payments_orders_open\{/m);
    isAway = false;
    expect(await registry.metrics()).toMatch(/^payments_orders_open\{status="pending"\} 0$/m);
  });

  it('when MongoDB goes after an answer, then an old number is not told as a new one', async () => {
    let isAway = false;
    const { registry, pass } = scripted(async () =>
      isAway ? await Promise.reject(new Error('away')) : [],
    );
    await registry.metrics();
    isAway = true;
    pass(6_000);
    expect(await registry.metrics()).not.toMatch(/^payments_orders_open\{/m);
  });
});
