import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import mongoose, { type Connection as MongoConnection } from 'mongoose';
import { inject } from 'vitest';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker } from '../../src/audit/checkpoint-maker.js';
import { findOrderFault, type OrderFault } from '../../src/audit/order-proof.js';
import type { WorkerBuild } from '../../src/config/worker-build.js';
import type { AuditEntry } from '../../src/domain/audit.js';
import { createdEntry, type NewOrder, newOrder } from '../../src/domain/new-order.js';
import { type Order, orderId } from '../../src/domain/order.js';
import type { PaymentGateway } from '../../src/gateway/payment-gateway.js';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';
import { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import { SEARCH_ATTRIBUTE_KEYS } from '../../src/workflows/order-display.js';
import {
  ORDER_WORKFLOW_TYPE,
  type OrderPaymentInput,
  orderWorkflowId,
} from '../../src/workflows/order-messages.js';
import type { orderPayment } from '../../src/workflows/order-payment.workflow.js';
import type { sweep } from '../../src/workflows/sweep.workflow.js';
import { type EnvironmentOptions, workerControl } from './order-worker.js';

/** Real Temporal, real store, real workflow and activities around a gateway; a task queue and a database of its own. */
export interface OrderEnvironment {
  readonly client: Client;
  readonly messenger: TemporalOrderMessenger;
  readonly stores: Stores;
  /** The database that the stores are in. */
  readonly database: MongoConnection;
  readonly taskQueue: string;
  order(key: OrderPaymentInput): Promise<Order>;
  audit(key: OrderPaymentInput): Promise<readonly AuditEntry[]>;
  /** The first thing in which the order, its audit and its refunds disagree; `null` when nothing does. */
  fault(key: OrderPaymentInput): Promise<OrderFault | null>;
  /** Puts an order into the record, as an earlier run would have left it. */
  seed(request: NewOrder, createdAtMs: number, changes?: Partial<Order>): Promise<Order>;
  /** Starts the order's workflow from its record and waits until it ends. */
  runToEnd(key: OrderPaymentInput): Promise<void>;
  /** Runs the sweep's workflow once, as its schedule would. */
  sweep(): ReturnType<typeof sweep>;
  startWorker(): Promise<void>;
  /** A worker beside the others, of a build and with workflows of its own. */
  startWorkerOf(build: WorkerBuild, bundle: WorkflowBundle): Promise<{ stop(): Promise<void> }>;
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

interface TemporalUnderTest {
  readonly address: string;
  readonly client: Client;
  readonly native: NativeConnection;
  readonly close: () => Promise<void>;
}

/** On the dev server of this test run. */
export async function devEnvironment(
  gateway: PaymentGateway,
  options: EnvironmentOptions = {},
): Promise<OrderEnvironment> {
  const address = options.temporalAddress ?? inject('temporalAddress');
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const close = async () => {
    await native.close();
    await connection.close();
  };
  return await createEnvironment(
    gateway,
    { address, client: tracedClient(connection, options), native, close },
    options,
  );
}

function tracedClient(
  connection: Connection,
  { tracing, dataConverter = {} }: EnvironmentOptions,
): Client {
  const interceptors = tracing?.clientInterceptors ?? {};
  return new Client({ connection, dataConverter, interceptors });
}

/** On a server of its own whose clock skips over every wait: schedules run at their true durations in no time. */
export async function timeSkippingEnvironment(
  gateway: PaymentGateway,
): Promise<OrderEnvironment & { readonly skipping: TestWorkflowEnvironment }> {
  const skipping = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
  });
  await registerSearchAttributes(skipping);
  const environment = await createEnvironment(gateway, {
    address: skipping.address,
    client: skipping.client,
    native: skipping.nativeConnection,
    close: async () => await skipping.teardown(),
  });
  return { ...environment, skipping };
}

/** This server does not list attributes, so they are added without a look. */
async function registerSearchAttributes(skipping: TestWorkflowEnvironment): Promise<void> {
  const searchAttributes = Object.fromEntries(
    Object.values(SEARCH_ATTRIBUTE_KEYS).map(({ name, type }) => [name, type === 'INT' ? 3 : 2]),
  );
  await skipping.connection.operatorService.addSearchAttributes({
    namespace: skipping.namespace ?? 'default',
    searchAttributes,
  });
}

async function createEnvironment(
  gateway: PaymentGateway,
  temporal: TemporalUnderTest,
  options: EnvironmentOptions = {},
): Promise<OrderEnvironment> {
  const taskQueue = `orders-${randomUUID()}`;
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const mongo = await mongoose
    .createConnection(inject('mongodbUri'), { dbName: database, autoIndex: false })
    .asPromise();
  const stores = createStores(mongo);
  await createIndexes(stores);
  const { client } = temporal;
  const messenger = new TemporalOrderMessenger(client, taskQueue);
  const makeCheckpoints =
    options.auditSigningKey === undefined
      ? null
      : createCheckpointMaker({
          store: new CheckpointRepository(mongo),
          signingKey: options.auditSigningKey,
          intervalMs: 600_000,
          now: Date.now,
          announce: () => {},
        });
  const parts = { gateway, client, taskQueue, stores, messenger, options, makeCheckpoints };
  const worker = workerControl({ ...parts, connection: temporal.native, build: null });
  if (options.isWithoutWorker !== true) await worker.start();
  const find = async ({ merchantNo, merchantOrderNo }: OrderPaymentInput) => {
    const stored = await stores.orders.find(orderId(merchantNo, merchantOrderNo));
    if (stored === null) throw new Error(`no order ${merchantOrderNo}`);
    return stored.order;
  };
  return {
    client,
    messenger,
    stores,
    database: mongo,
    taskQueue,
    order: find,
    audit: async (key) => await stores.orders.audit(orderId(key.merchantNo, key.merchantOrderNo)),
    fault: async ({ merchantNo, merchantOrderNo }) => {
      const id = orderId(merchantNo, merchantOrderNo);
      const stored = await stores.orders.load(id);
      const entries = await stores.orders.audit(id);
      const record = stored === null ? null : { orderId: id, ...stored };
      return findOrderFault({ orderId: id, record, entries, leaves: [] });
    },
    seed: async (request, createdAtMs, changes = {}) => {
      const order = { ...newOrder(request, createdAtMs), ...changes };
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
    },
    runToEnd: async ({ merchantNo, merchantOrderNo }) => {
      await client.workflow.execute<typeof orderPayment>(ORDER_WORKFLOW_TYPE, {
        workflowId: orderWorkflowId(merchantNo, merchantOrderNo),
        taskQueue,
        args: [{ merchantNo, merchantOrderNo }],
      });
    },
    sweep: async () =>
      await client.workflow.execute<typeof sweep>('sweep', {
        workflowId: `sweep-${randomUUID()}`,
        taskQueue,
      }),
    startWorker: worker.start,
    startWorkerOf: async (build, workflowBundle) => {
      // Two workers of one queue in one process: each needs a connection of its own.
      const connection = await NativeConnection.connect({ address: temporal.address });
      const other = workerControl({
        ...{ ...parts, connection, build },
        options: { ...options, workflowBundle },
      });
      await other.start();
      return {
        stop: async () => {
          await other.stop();
          await connection.close();
        },
      };
    },
    stopWorker: worker.stop,
    close: async () => {
      await worker.stop();
      await mongo.dropDatabase();
      await mongo.close();
      await temporal.close();
    },
  };
}
