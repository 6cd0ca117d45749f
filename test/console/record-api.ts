/** The app around a real record, for what needs no order's workflow. */
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { type Order, orderId } from '../../src/domain/order.js';
import type { Stores } from '../../src/store/stores.js';
import { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import {
  type ApiOverrides,
  type ApiPorts,
  type RunningApi,
  startApi,
} from '../api/api-environment.js';
import { orderRequest } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export interface RecordStage {
  readonly database: TestDatabase;
  start(overrides?: ApiOverrides, ports?: Partial<ApiPorts>): Promise<RunningApi>;
  close(): Promise<void>;
}

export async function recordStage(): Promise<RecordStage> {
  const database = await createTestDatabase();
  const connection = Connection.lazy({ address: inject('temporalAddress') });
  const messenger = new TemporalOrderMessenger(new Client({ connection }), 'nobody');
  const running: RunningApi[] = [];
  return {
    database,
    start: async (overrides, ports = {}) => {
      const api = await startApi({ ...database.stores, messenger, ...ports }, overrides);
      running.push(api);
      return api;
    },
    close: async () => {
      await Promise.all(running.map(async (api) => await api.close()));
      await connection.close();
      await database.drop();
    },
  };
}

/** Puts an order into the record, as a workflow would have left it. */
export async function seedOrder(
  { orders }: Stores,
  changes: Partial<Order> = {},
  createdAtMs: number = Date.now(),
): Promise<Order> {
  const order = { ...newOrder(orderRequest(), createdAtMs), ...changes };
  await orders.record({
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
