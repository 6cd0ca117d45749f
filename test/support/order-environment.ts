import { type KeyObject, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  type WorkflowBundle,
} from '@temporalio/worker';
import mongoose, { type Connection as MongoConnection } from 'mongoose';
import { inject } from 'vitest';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker, type MakeCheckpoints } from '../../src/audit/checkpoint-maker.js';
import { findOrderFault, type OrderFault } from '../../src/audit/order-proof.js';
import { Secret } from '../../src/config/secret.js';
import type { AuditEntry } from '../../src/domain/audit.js';
import { createdEntry, type NewOrder, newOrder } from '../../src/domain/new-order.js';
import { type Order, orderId } from '../../src/domain/order.js';
import type { PaymentGateway } from '../../src/gateway/payment-gateway.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';
import { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { WorkerRuntime, type WorkerRuntimeOptions } from '../../src/worker-runtime.js';
import { SEARCH_ATTRIBUTE_KEYS } from '../../src/workflows/order-display.js';
import {
  ORDER_WORKFLOW_TYPE,
  type OrderPaymentInput,
  orderWorkflowId,
} from '../../src/workflows/order-messages.js';
import type { orderPayment } from '../../src/workflows/order-payment.workflow.js';
import type { sweep } from '../../src/workflows/sweep.workflow.js';

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

// What the SDK tells of starting and stopping workers would hide what a test says.
Runtime.install({ logger: new DefaultLogger('ERROR') });

let bundle: Promise<WorkflowBundle> | null = null;

/** The real workflow bundle, built once per test process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: silent,
  });
  return bundle;
}

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
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  /** The sweep itself is run by the test: {@link OrderEnvironment.sweep}. */
  readonly sweepIntervalMs?: number;
  /** Signs checkpoints of the audit; without it there are none. */
  readonly auditSigningKey?: KeyObject;
  /** What is sent and what is done is traced; the bundle has to hold the interceptors of workflows. */
  readonly tracing?: Pick<Tracing, 'clientInterceptors' | 'workerOptions'>;
  readonly workflowBundle?: WorkflowBundle;
  /** Of the client and of the worker. */
  readonly dataConverter?: DataConverter;
  /** A server of the test's own; by default the one of the test run. */
  readonly temporalAddress?: string;
  /** Told of what the worker does. */
  readonly observers?: Partial<
    Pick<WorkerRuntimeOptions['dependencies'], 'observeCall' | 'observeTransition'>
  >;
}

interface TemporalUnderTest {
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
    { client: tracedClient(connection, options), native, close },
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
  const worker = workerControl(gateway, {
    ...{ temporal, taskQueue, stores, messenger, options, makeCheckpoints },
  });
  await worker.start();
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
    stopWorker: worker.stop,
    close: async () => {
      await worker.stop();
      await mongo.dropDatabase();
      await mongo.close();
      await temporal.close();
    },
  };
}

function workerControl(
  gateway: PaymentGateway,
  parts: {
    readonly temporal: TemporalUnderTest;
    readonly taskQueue: string;
    readonly stores: Stores;
    readonly messenger: TemporalOrderMessenger;
    readonly options: EnvironmentOptions;
    readonly makeCheckpoints: MakeCheckpoints | null;
  },
) {
  let runtime: WorkerRuntime | null = null;
  let running: Promise<void> = Promise.resolve();
  return {
    start: async () => {
      runtime = await WorkerRuntime.create({
        connection: parts.temporal.native,
        namespace: parts.temporal.client.options.namespace,
        taskQueue: parts.taskQueue,
        workflows: { workflowBundle: parts.options.workflowBundle ?? (await workflowBundle()) },
        ...(parts.options.tracing && { tracing: parts.options.tracing.workerOptions }),
        ...(parts.options.dataConverter && { dataConverter: parts.options.dataConverter }),
        gatewayCallsPerSecond: 1_000,
        dependencies: {
          ...parts.stores,
          messenger: parts.messenger,
          merchantNo: 'M1001',
          gateway,
          now: Date.now,
          sweepIntervalMs: parts.options.sweepIntervalMs ?? 30_000,
          makeCheckpoints: parts.makeCheckpoints,
          scheduledWindowMs: 600_000,
          verifier: { verify: () => ({ verified: false, refusal: 'malformed_body', detail: '' }) },
          bodySealer: createBodySealer(new Secret('a secret of the tests, long enough')),
          observeCall: () => {},
          observeTransition: () => {},
          observeRepairs: () => {},
          ...parts.options.observers,
        },
      });
      running = runtime.run();
    },
    stop: async () => {
      runtime?.shutdown();
      await running;
      runtime = null;
    },
  };
}
