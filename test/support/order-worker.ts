/** The worker of a test's environment, and the workflows it runs. */

import type { KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Runtime,
  type WorkflowBundle,
} from '@temporalio/worker';
import type { MakeCheckpoints } from '../../src/audit/checkpoint-maker.js';
import { Secret } from '../../src/config/secret.js';
import type { WorkerBuild } from '../../src/config/worker-build.js';
import type { PaymentGateway } from '../../src/gateway/payment-gateway.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import type { Stores } from '../../src/store/stores.js';
import type { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { WorkerRuntime, type WorkerRuntimeOptions } from '../../src/worker-runtime.js';

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

export interface EnvironmentOptions {
  /** The sweep itself is run by the test: {@link OrderEnvironment.sweep}. */
  readonly sweepIntervalMs?: number;
  /** Signs checkpoints of the audit; without it there are none. */
  readonly auditSigningKey?: KeyObject;
  /** What is sent and what is done is traced; the bundle has to hold the interceptors of workflows. */
  readonly tracing?: Pick<Tracing, 'clientInterceptors' | 'workerOptions'>;
  /** Of the client and of the worker. */
  readonly dataConverter?: DataConverter;
  readonly workflowBundle?: WorkflowBundle;
  /** No worker is running when the environment is there. */
  readonly isWithoutWorker?: boolean;
  /** A server of the test's own; by default the one of the test run. */
  readonly temporalAddress?: string;
  /** Told of what the worker does. */
  readonly observers?: Partial<
    Pick<WorkerRuntimeOptions['dependencies'], 'observeCall' | 'observeTransition'>
  >;
}

/** A worker over the parts of an environment that may be started and stopped again and again. */
export function workerControl(parts: {
  readonly gateway: PaymentGateway;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly taskQueue: string;
  readonly stores: Stores;
  readonly messenger: TemporalOrderMessenger;
  readonly options: EnvironmentOptions;
  readonly makeCheckpoints: MakeCheckpoints | null;
  readonly build: WorkerBuild | null;
}) {
  let runtime: WorkerRuntime | null = null;
  let running: Promise<void> = Promise.resolve();
  return {
    start: async () => {
      runtime = await WorkerRuntime.create({
        connection: parts.connection,
        namespace: parts.client.options.namespace,
        taskQueue: parts.taskQueue,
        workflows: { workflowBundle: parts.options.workflowBundle ?? (await workflowBundle()) },
        ...(parts.options.tracing && { tracing: parts.options.tracing.workerOptions }),
        ...(parts.options.dataConverter && { dataConverter: parts.options.dataConverter }),
        build: parts.build,
        gatewayCallsPerSecond: 1_000,
        dependencies: {
          ...parts.stores,
          messenger: parts.messenger,
          merchantNo: 'M1001',
          gateway: parts.gateway,
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
