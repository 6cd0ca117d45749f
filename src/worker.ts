/** Process entry: runs order workflows, their activities and the calls to the gateway. */
import { NativeConnection } from '@temporalio/worker';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { type AlertingLoop, startAlerting } from './alerts/alerting.js';
import { CheckpointRepository } from './audit/checkpoint.repository.js';
import { createCheckpointMaker, type MakeCheckpoints } from './audit/checkpoint-maker.js';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { type EventDelivery, startEventDelivery } from './events/event-delivery.js';
import { createCallbackVerifier } from './gateway/codepay/codepay-callback-verifier.js';
import { createCodePayGateway } from './gateway/codepay/codepay-gateway.js';
import { createLogger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { MinuteRecorder } from './monitoring/minute-recorder.js';
import { newProcessId } from './monitoring/process-counts.js';
import { createBodySealer } from './store/body-sealer.js';
import {
  closeConnection,
  connectionTried,
  openConnection,
  pingConnection,
} from './store/connection.js';
import { createIndexes, createStores, type Stores } from './store/stores.js';
import { createTemporalClient, temporalConnectConfig } from './temporal/connection.js';
import { dataConverterOf } from './temporal/data-converter.js';
import { prepareNamespace } from './temporal/prepare-namespace.js';
import { ensureSweepSchedule } from './temporal/sweep-schedule.js';
import { TemporalOrderMessenger } from './temporal/temporal-order-messenger.js';
import { startTracing } from './tracing/start-tracing.js';
import type { Tracing } from './tracing/tracing.js';
import { workflowSource } from './worker-bundle.js';
import { serveWorkerHealth } from './worker-health.js';
import { observersOf } from './worker-observers.js';
import { WorkerRuntime } from './worker-runtime.js';
import { isDown, onStopSignal, untilDone } from './worker-start-up.js';
import { installTemporalTelemetry } from './worker-telemetry.js';

const METRICS_PORT_DEFAULT = 9_464;
/** The sweep heals; it runs at least this often, whatever the pause between scheduled checks is. */
const SWEEP_INTERVAL_MS_MAX = 30_000;
const KEEP_PREPARED_MS = 60_000;
const PING_DEADLINE_MS = 2_000;
const STATISTICS_DEADLINE_MS = 1_000;
const ALERTS_DEADLINE_MS = 1_000;
const TRACES_DEADLINE_MS = 2_000;
const SERVICE_NAME = 'payment-orders-worker';

/** Over 50 lines because it puts all parts of the process together, and takes them apart again. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { tracing, logger, metrics } = await startTelemetry(config);
  const mongo = openConnection(config.mongodbUri.reveal(), 'payment-orders worker');
  const stores = createStores(mongo, {
    isDelivered: config.merchantWebhook !== null,
    now: Date.now,
  });
  const client = createTemporalClient(config, tracing?.clientInterceptors);
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
  await connectionTried(mongo);
  await untilDone('MongoDB', logger, stop, () => createIndexes(stores));
  const recorder = minuteRecorder(stores, logger);
  const delivery = deliverEvents(config, stores, logger, metrics);
  const alerting = tellAnomalies(config, { stores, metrics, logger });
  const makeCheckpoints = checkpointMaker(config, mongo, logger);
  const prepareTemporal = async () => {
    await prepareNamespace(client);
    const { taskQueue } = config;
    await ensureSweepSchedule(client, { taskQueue, intervalMs: sweepIntervalMs(config) });
  };
  await untilDone('Temporal', logger, stop, async () => {
    await prepareTemporal();
    runtime = await createRuntime(config, {
      ...{ stores, messenger, metrics, makeCheckpoints, recorder, logger, tracing },
    });
  });
  if (runtime !== null && !stop.isRequested) {
    const { taskQueue, workerBuild: build } = config;
    logger.info({ event: 'worker.started', taskQueue, build }, 'worker started');
    // A Temporal that was lost and came back empty has no schedule, and the sweep is what brings orders back.
    const keeping = setInterval(() => void prepareTemporal().catch(() => {}), KEEP_PREPARED_MS);
    await (runtime as WorkerRuntime).run();
    clearInterval(keeping);
  }
  health.close();
  await delivery?.stop();
  await recorder.stop(STATISTICS_DEADLINE_MS);
  await alerting.stop(ALERTS_DEADLINE_MS);
  await closeConnection(mongo);
  await tracing?.stop(TRACES_DEADLINE_MS);
  // The connection to Temporal ends with the process: closing it while a call waits for a retry throws.
  logger.info({ event: 'worker.stopped' }, 'worker stopped');
}

/** What the process tells about itself. */
async function startTelemetry({ tracingUrl, logLevel, http, temporalMetricsPort }: Config) {
  const tracing = await startTracing({ url: tracingUrl, serviceName: SERVICE_NAME });
  const logger = createLogger({ level: logLevel, name: 'worker', traceId: tracing?.traceId });
  installTemporalTelemetry({ logger, host: http.host, metricsPort: temporalMetricsPort });
  return { tracing, logger, metrics: createMetrics() };
}

function sweepIntervalMs({ checks }: Config): number {
  return Math.min(checks.intervalMs, SWEEP_INTERVAL_MS_MAX);
}

async function createRuntime(
  config: Config,
  parts: {
    readonly stores: Stores;
    readonly messenger: TemporalOrderMessenger;
    readonly metrics: Metrics;
    readonly makeCheckpoints: MakeCheckpoints | null;
    readonly recorder: MinuteRecorder;
    readonly logger: Logger;
    readonly tracing: Tracing | null;
  },
): Promise<WorkerRuntime> {
  const { connectionOptions, namespace } = temporalConnectConfig();
  const { codepay } = config;
  const { tracing } = parts;
  return await WorkerRuntime.create({
    connection: await NativeConnection.connect(connectionOptions),
    namespace,
    taskQueue: config.taskQueue,
    dataConverter: dataConverterOf(config.payloadKeys),
    workflows: await workflowSource(tracing !== null),
    build: config.workerBuild,
    ...(tracing === null ? {} : { tracing: tracing.workerOptions }),
    gatewayCallsPerSecond: codepay.rateLimitPerSecond,
    dependencies: {
      ...parts.stores,
      messenger: parts.messenger,
      makeCheckpoints: parts.makeCheckpoints,
      merchantNo: codepay.merchantNo,
      sweepIntervalMs: sweepIntervalMs(config),
      scheduledWindowMs: config.checks.windowMs,
      now: Date.now,
      gateway: createCodePayGateway({
        ...codepay,
        privateKey: codepay.privateKey.reveal(),
        ...(tracing === null ? {} : { fetch: tracing.fetch }),
      }),
      verifier: createCallbackVerifier(codepay),
      bodySealer: createBodySealer(config.verifyTokenSecret),
      ...observersOf(parts.metrics, parts.recorder, parts.logger),
    },
  });
}

function minuteRecorder({ statistics }: Stores, logger: Logger): MinuteRecorder {
  const processId = newProcessId();
  const recorder = new MinuteRecorder({ store: statistics, processId, now: Date.now, logger });
  recorder.start();
  return recorder;
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

/** API and worker both do: while one of them is down, the other one says so. */
function tellAnomalies(
  config: Config,
  parts: { readonly stores: Stores; readonly metrics: Metrics; readonly logger: Logger },
): AlertingLoop {
  const { stores, metrics, logger } = parts;
  return startAlerting({
    ...config.alerting,
    ...stores,
    publicUrl: config.http.publicUrl,
    logger,
    observeAttempt: (destination, result) => metrics.alerts.inc({ destination, result }),
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
