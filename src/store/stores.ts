import type { Connection } from 'mongoose';
import { AnomalyRepository } from './anomaly.repository.js';
import { CallbackRepository } from './callback.repository.js';
import { OrderRepository } from './order.repository.js';

export interface Stores {
  readonly orders: OrderRepository;
  readonly callbacks: CallbackRepository;
  readonly anomalies: AnomalyRepository;
}

export function createStores(connection: Connection): Stores {
  const callbacks = new CallbackRepository(connection);
  const anomalies = new AnomalyRepository(connection);
  return {
    callbacks,
    anomalies,
    orders: new OrderRepository(connection, { callbacks, anomalies }),
  };
}

/** Builds the indexes that are missing. Run at start-up, before the process is ready. */
export async function createIndexes(stores: Stores): Promise<void> {
  await stores.orders.createIndexes();
  await stores.callbacks.createIndexes();
  await stores.anomalies.createIndexes();
}
