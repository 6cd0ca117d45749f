/** A database of its own with real stores, for tests of the audit. */
import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { inject } from 'vitest';
import type { AuditSource } from '../../src/audit/audited-order.js';
import {
  type AuditFault,
  type VerificationOptions,
  type VerificationReport,
  verifyAudit,
} from '../../src/audit/verify-audit.js';
import type { StoredOrder } from '../../src/store/order-store.js';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';
import { AuditedLife } from './audit-builder.js';
import { aCallback, answerOf, aQuery, CREATED_MS, factsOf, orderRequest } from './order-builder.js';

export interface AuditDatabase {
  readonly connection: Connection;
  readonly stores: Stores;
  /** Connection string that names the database. */
  readonly uri: string;
  close(): Promise<void>;
}

export async function auditDatabase(): Promise<AuditDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const uri = new URL(inject('mongodbUri'));
  uri.pathname = `/${name}`;
  const connection = await mongoose.createConnection(uri.href, { autoIndex: false }).asPromise();
  const stores = createStores(connection);
  await createIndexes(stores);
  return {
    connection,
    stores,
    uri: uri.href,
    close: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

/** Writes a life through the store, from where the stored order stands. */
export async function record({ stores }: AuditDatabase, life: AuditedLife): Promise<void> {
  for (;;) {
    const before: StoredOrder | null = await stores.orders.load(life.orderId);
    const next = life.entries[before?.version ?? 0];
    if (next === undefined) return;
    const { orderId: id, sequence, transitionId, previousHash, hash, ...draft } = next;
    const result = await stores.orders.record({
      orderId: id,
      before,
      transitionId,
      drafts: [draft],
      anomalies: [],
      healedAnomalies: [],
      processedCallbackIds: [],
    });
    if (result.outcome !== 'recorded') throw new Error(`conflict at ${sequence}`);
  }
}

/** An order that was created and has been asked about once. */
export async function openOrder(database: AuditDatabase): Promise<AuditedLife> {
  const life = new AuditedLife(orderRequest());
  life.learn(aQuery(answerOf(life.order, 'open')), CREATED_MS + 5_000);
  await record(database, life);
  return life;
}

export async function pay(database: AuditDatabase, life: AuditedLife): Promise<void> {
  life.learn(aCallback(factsOf(life.order)), CREATED_MS + 7_000);
  await record(database, life);
}

/** Takes the last entries from the chain and sets the order back, hashes and all: what a thief of the database can do. */
export async function rollBack(
  { connection, stores }: AuditDatabase,
  life: AuditedLife,
  version: number,
): Promise<void> {
  const orders = connection.collection('orders');
  const audit = connection.collection('audit');
  await audit.deleteMany({ orderId: life.orderId, sequence: { $gt: version } });
  await orders.deleteOne({ _id: life.orderId as never });
  // The audit is rolled forward into a new record, as after a crash.
  await stores.orders.load(life.orderId);
  await orders.updateOne({ _id: life.orderId as never }, { $set: { isCheckpointed: true } });
}

export async function verified(
  source: AuditSource,
  options: Partial<VerificationOptions> = {},
): Promise<{ readonly report: VerificationReport; readonly faults: readonly AuditFault[] }> {
  const faults: AuditFault[] = [];
  const report = await verifyAudit(source, {
    publicKeys: [],
    anchors: [],
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  return { report, faults };
}
