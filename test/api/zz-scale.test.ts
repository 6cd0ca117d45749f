import mongoose from 'mongoose';
import { inject, it } from 'vitest';
import { createStores } from '../../src/store/stores.js';
import { anOrder } from '../support/order-builder.js';
import { API_KEY, startApi } from './api-environment.js';
it('scale', async () => {
  const mongo = await mongoose.createConnection(inject('mongodbUri'), { dbName: `test_scale${Date.now()}`, autoIndex: false }).asPromise();
  const stores = createStores(mongo);
  await stores.orders.createIndexes();
  const order = anOrder();
  const total = 60_000;
  for (let i = 0; i < total; i += 2000) {
    await mongo.collection('orders').insertMany(Array.from({ length: 2000 }, (_, k) => ({ ...order, _id: `M1001/${i + k}` as never, merchantOrderNo: `n${i + k}`, createdAt: new Date(1.7e12 + (i + k) * 1000).toISOString(), version: 1, auditHash: '', lastTransitionId: '', nextActionAt: null })));
  }
  const api = await startApi({ ...stores, messenger: {} as never });
  const t0 = Date.now();
  const r = await fetch(`${api.url}/v1/orders.csv`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  console.log('first byte', Date.now() - t0, r.status);
  let bytes = 0; let lines = 0; let peak = 0;
  for await (const c of r.body as never as AsyncIterable<Uint8Array>) { bytes += c.length; lines += Buffer.from(c).toString().split('\n').length - 1; peak = Math.max(peak, process.memoryUsage().heapUsed); }
  console.log({ ms: Date.now() - t0, bytes, lines, peakMb: peak / 1e6 });
  const small = { ...stores, orders: { find: async () => null, list: async () => ({ data: [], hasMore: false }), audit: async () => [], stream: async function* () { for (let i = 0; i < 1_000_000; i++) yield order; } } };
  const api2 = await startApi({ ...small, messenger: {} as never });
  global.gc?.();
  const t1 = Date.now(); bytes = 0; lines = 0; peak = 0;
  const r2 = await fetch(`${api2.url}/v1/orders.csv`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  for await (const c of r2.body as never as AsyncIterable<Uint8Array>) { bytes += c.length; lines += c.reduce((n, b) => n + (b === 10 ? 1 : 0), 0); peak = Math.max(peak, process.memoryUsage().heapUsed); }
  console.log('million', { ms: Date.now() - t1, bytes, lines, peakMb: peak / 1e6 });
  await api.close(); await api2.close(); await mongo.dropDatabase(); await mongo.close();
}, 120_000);
