/** Process entry: runs order workflows, their activities and the calls to the gateway. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { CheckpointRepository } from './audit/checkpoint.repository.js';
import { createCheckpointMaker, type MakeCheckpoints } from './audit/checkpoint-maker.js';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { type EventDelivery, startEventDelivery } from './events/event-delivery.js';
import { createCallbackVerifier } from './gateway/codepay/codepay-callback-verifier.js';
import { createCodePayGateway } from './gateway/codepay/codepay-gateway.js';
import { createLogger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createBodySealer } from './store/body-sealer.js';
import { closeConnection, openConnection, pingConnection } from './store/connection.js';
import { createIndexes, createStores, type Stores } from './store/stores.js';
import { createTemporalClient, temporalConnectConfig } from './temporal/connection.js';
import { prepareNamespace } from './temporal/prepare-namespace.js';
import { ensureSweepSchedule } from './temporal/sweep-schedule.js';
import { TemporalOrderMessenger } from './temporal/temporal-order-messenger.js';
import { serveWorkerHealth } from './worker-health.js';
import { observeGatewayCalls, observeRepairs, observeTransitions } from './worker-observers.js';
import { WorkerRuntime } from './worker-runtime.js';
import { isDown, onStopSignal, untilDone } from './worker-start-up.js';

const METRICS_PORT_DEFAULT = 9_464;
/** The sweep heals; it runs at least this often, whatever the pause between scheduled checks is. */
const SWEEP_INTERVAL_MS_MAX = 30_000;
const KEEP_PREPARED_MS = 60_000;
const PING_DEADLINE_MS = 2_000;

const workflowBundle = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger({ level: config.logLevel, name: 'worker' });
  const metrics = createMetrics();
  logTemporalThrough(logger);
  const mongo = openConnection(config.mongodbUri.reveal(), 'payment-orders worker');
  const stores = createStores(mongo, {
    isDelivered: config.merchantWebhook !== null,
    now: Date.now,
  });
  const client = createTemporalClient();
  const messenger = new TemporalOrderMessenger(client, config.taskQueue);
  let runtime: WorkerRuntime | null = null;
  const stop = onStopSignal(() => runtime?.shutdown());
  const health = await serveWorkerHealth(
    {
      metrics,
      missingParts: async () => [
        ...(runtime?.isRunning === true ? [] : ['worker']),
        ...((await isDown(() => pingConnection(mongo))) ? ['mongodb'] : []),
        ...((await isDown(() => messenger.ping(PING_DEADLINE_MS))) ? ['temporal'] : []),
      ],
    },
    { host: config.http.host, port: config.http.metricsPort ?? METRICS_PORT_DEFAULT },
  );
  await untilDone('MongoDB', logger, stop, () => createIndexes(stores));
  const delivery = deliverEvents(config, stores, logger, metrics);
  const makeCheckpoints = checkpointMaker(config, mongo, logger);
  const prepareTemporal = async () => {
    await prepareNamespace(client);
    const { taskQueue } = config;
    await ensureSweepSchedule(client, { taskQueue, intervalMs: sweepIntervalMs(config) });
  };
  await untilDone('Temporal', logger, stop, async () => {
    await prepareTemporal();
    runtime = await createRuntime(config, { stores, messenger, metrics, makeCheckpoints });
  });
  if (runtime !== null && !stop.isRequested) {
    logger.info({ event: 'worker.started', taskQueue: config.taskQueue }, 'worker started');
    // A Temporal that was lost and came back empty has no schedule, and the sweep is what brings orders back.
    const keeping = setInterval(() => void prepareTemporal().catch(() => {}), KEEP_PREPARED_MS);
    await (runtime as WorkerRuntime).run();
    clearInterval(keeping);
  }
  health.close();
  await delivery?.stop();
  await closeConnection(mongo);
  // The connection to Temporal ends with the process: closing it while a call waits for a retry throws.
  logger.info({ event: 'worker.stopped' }, 'worker stopped');
}

function sweepIntervalMs({ checks }: Config): number {
  return Math.min(checks.intervalMs, SWEEP_INTERVAL_MS_MAX);
}

/** The prebuilt bundle; from sources, as under development, it is built when the worker starts. */
function workflowSource() {
  if (existsSync(workflowBundle)) return { workflowBundle: { codePath: workflowBundle } };
  const sources = new URL(`./workflows/index${extname(import.meta.url)}`, import.meta.url);
  return { workflowsPath: fileURLToPath(sources) };
}

async function createRuntime(
  config: Config,
  parts: {
    readonly stores: Stores;
    readonly messenger: TemporalOrderMessenger;
    readonly metrics: Metrics;
    readonly makeCheckpoints: MakeCheckpoints | null;
  },
): Promise<WorkerRuntime> {
  const { connectionOptions, namespace } = temporalConnectConfig();
  const { codepay } = config;
  return await WorkerRuntime.create({
    connection: await NativeConnection.connect(connectionOptions),
    namespace,
    taskQueue: config.taskQueue,
    workflows: workflowSource(),
    gatewayCallsPerSecond: codepay.rateLimitPerSecond,
    dependencies: {
      ...parts.stores,
      messenger: parts.messenger,
      makeCheckpoints: parts.makeCheckpoints,
      merchantNo: codepay.merchantNo,
      sweepIntervalMs: sweepIntervalMs(config),
      scheduledWindowMs: config.checks.windowMs,
      now: Date.now,
      gateway: createCodePayGateway({ ...codepay, privateKey: codepay.privateKey.reveal() }),
      verifier: createCallbackVerifier(codepay),
      bodySealer: createBodySealer(config.verifyTokenSecret),
      observeCall: observeGatewayCalls(parts.metrics),
      observeTransition: observeTransitions(parts.metrics),
      observeRepairs: observeRepairs(parts.metrics),
    },
  });
}

/** Without a key nothing is signed, and an unsigned checkpoint would prove nothing: there are none. */
function checkpointMaker(
  { audit }: Config,
  mongo: Connection,
  logger: Logger,
): MakeCheckpoints | null {
  if (audit.signingKey === null) {
    logger.warn({ event: 'audit.unsigned' }, 'no AUDIT_SIGNING_KEY: no audit checkpoints are made');
    return null;
  }
  return createCheckpointMaker({
    store: new CheckpointRepository(mongo),
    signingKey: audit.signingKey.reveal(),
    intervalMs: audit.checkpointIntervalMs,
    now: Date.now,
    announce: ({ sequence, orders, entries, keyId }, hash) =>
      logger.info(
        { event: 'audit.checkpoint', sequence, hash, orders, entries, keyId },
        'audit checkpoint signed',
      ),
  });
}

function deliverEvents(
  config: Config,
  stores: Stores,
  logger: Logger,
  metrics: Metrics,
): EventDelivery | null {
  const { merchantWebhook, codepay } = config;
  if (merchantWebhook === null) return null;
  return startEventDelivery({
    store: stores.events,
    merchantNo: codepay.merchantNo,
    url: merchantWebhook.url,
    secrets: merchantWebhook.secrets.map((secret) => secret.reveal()),
    allowsPrivateAddresses: merchantWebhook.allowsPrivateAddresses,
    logger,
    observeAttempt: (result) => metrics.eventDeliveries.inc({ result }),
  });
}

/** The SDK's own lines go the way of all others. Signals are handled here, not by the SDK. */
function logTemporalThrough(logger: Logger): void {
  const levels = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  } as const;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, sdkComponent, workflowId, activityType } = (meta ?? {}) as Record<
        string,
        unknown
      >;
      logger[levels[level]]({ err: error, sdkComponent, workflowId, activityType }, message);
    }),
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else createLogger({ level: 'error', name: 'worker' }).fatal({ err: error }, 'worker failed');
    process.exit(1);
  },
);
