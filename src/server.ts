/** The API's process: configuration, ports to MongoDB and Temporal, HTTP, orderly stop. */
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import express, { type RequestHandler } from 'express';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { type AlertingLoop, startAlerting } from './alerts/alerting.js';
import { createApp } from './api/app.js';
import { BackgroundTasks } from './api/background-tasks.js';
import { LiveStreams } from './api/console/live-streams.js';
import type { Readiness } from './api/dependencies.js';
import { type OperationsPorts, operationsRoutes } from './api/operations.routes.js';
import { answerUnreadable } from './api/unreadable-request.js';
import { callbackBodies } from './callback-bodies.js';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { createCallbackVerifier } from './gateway/codepay/codepay-callback-verifier.js';
import { closeServer, listen, portOf } from './http-server.js';
import { createLogger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { type ApiMonitoring, startApiMonitoring } from './monitoring/api-monitoring.js';
import { registerRecordGauges } from './monitoring/record-gauges.js';
import { Preparation } from './preparation.js';
import { createShop } from './shop/shop.js';
import {
  closeConnection,
  connectionTried,
  openConnection,
  pingConnection,
} from './store/connection.js';
import { createIndexes, createStores, type Stores } from './store/stores.js';
import { createTemporalClient } from './temporal/connection.js';
import { prepareNamespace } from './temporal/prepare-namespace.js';
import { createSweepPresence } from './temporal/sweep-presence.js';
import { TemporalOrderMessenger } from './temporal/temporal-order-messenger.js';
import { createWorkerPresence, orderTaskQueues } from './temporal/worker-presence.js';
import { startTracing } from './tracing/start-tracing.js';
import type { Tracing } from './tracing/tracing.js';

const PING_DEADLINE_MS = 1_500;
/** Load balancers see that we are not ready before we take no more connections. */
const NOT_READY_PAUSE_MS = 1_000;
const REQUESTS_DEADLINE_MS = 5_000;
const BACKGROUND_DEADLINE_MS = 2_000;
const STATISTICS_DEADLINE_MS = 1_000;
const TRACES_DEADLINE_MS = 2_000;
const SERVICE_NAME = 'payment-orders-api';
const ALERTS_DEADLINE_MS = 1_000;

interface Parts {
  readonly connection: Connection;
  readonly messenger: TemporalOrderMessenger;
  readonly preparations: { readonly indexes: Preparation; readonly namespace: Preparation };
}

/**
 * Starts whether or not MongoDB and Temporal are there: a callback can be taken by either of them.
 *
 * Over 50 lines because it puts all parts of the process together.
 */
async function start(config: Config): Promise<void> {
  const { tracing, logger, metrics } = await startTelemetry(config);
  const connection = openConnection(config.mongodbUri.reveal(), 'payment-orders-api', 'majority');
  await connectionTried(connection);
  const stores = createStores(connection);
  const client = createTemporalClient(config, tracing?.clientInterceptors);
  const messenger = new TemporalOrderMessenger(client, config.taskQueue);
  const preparations = {
    indexes: new Preparation('indexes', () => createIndexes(stores), logger),
    namespace: new Preparation('namespace', () => prepareNamespace(client), logger),
  };
  const parts: Parts = { connection, messenger, preparations };
  const background = new BackgroundTasks(logger);
  const liveStreams = new LiveStreams();
  const { isWorkerPolling } = createWorkerPresence(client, orderTaskQueues(config.taskQueue));
  const sweep = createSweepPresence(client, config.taskQueue);
  registerRecordGauges({ ...stores, registry: metrics.registry, now: Date.now });
  const monitoring = startApiMonitoring({
    ...stores,
    presence: { isWorkerPolling, ...sweep },
    logger,
  });
  const alerting = tellAnomalies(config, { stores, metrics, logger });
  const state = { isStopping: false };
  const checkReadiness = () => readiness(parts, state);
  const app = createApp({
    ...stores,
    config,
    messenger,
    verifier: createCallbackVerifier(config.codepay),
    ...callbackBodies(config),
    now: Date.now,
    logger,
    ...(tracing === null ? {} : { traceRequests: tracing.traceRequests }),
    metrics,
    checkReadiness,
    background,
    liveStreams,
    isWorkerPolling,
    temporalWorkflowsUrl: workflowsUrl(config, client.options.namespace),
    observeCallback: monitoring.observeCallback,
    ...demoShop(config),
  });
  const unreadable = answerUnreadable(config.http.publicUrl, logger);
  const servers = [await listen(app, config.http, unreadable)];
  if (config.http.metricsPort !== null && !config.isTrial) {
    servers.push(await listenForOperations(config, { checkReadiness, metrics }));
  }
  for (const preparation of Object.values(preparations)) preparation.start();
  logger.info({ event: 'api.listening', ports: servers.map(portOf) }, 'listening');

  const stop = () => {
    if (state.isStopping) return;
    state.isStopping = true;
    // First of all: a stream has no end of its own, and its page finds the next process by itself.
    liveStreams.closeAll();
    void stopAll({ servers, parts, background, monitoring, alerting, tracing, logger, config });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Where the console's links to the runs of orders lead. */
function workflowsUrl({ temporalUiUrl }: Config, namespace: string): string | null {
  if (temporalUiUrl === null) return null;
  return `${temporalUiUrl}/namespaces/${encodeURIComponent(namespace)}`;
}

/** What the process tells about itself. */
async function startTelemetry({ tracingUrl, logLevel }: Config) {
  const tracing = await startTracing({ url: tracingUrl, serviceName: SERVICE_NAME });
  const logger = createLogger({ level: logLevel, name: 'api', traceId: tracing?.traceId });
  return { tracing, logger, metrics: createMetrics() };
}

async function listenForOperations({ http }: Config, ports: OperationsPorts): Promise<Server> {
  const port = http.metricsPort ?? 0;
  return await listen(express().use(operationsRoutes(ports)), { ...http, port });
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

/** The demo shop calls the service as every merchant does: over HTTP, with an API key. */
function demoShop(config: Config): { readonly shop?: RequestHandler } {
  const apiKey = config.apiKeys.find(
    ({ key, scopes }) => key !== null && scopes.includes('read') && scopes.includes('write'),
  )?.key;
  if (!config.isTrial || apiKey == null) return {};
  return {
    shop: createShop({
      apiKey: apiKey.reveal(),
      gatewayUrl: config.codepay.baseUrl,
      dataDirectory: config.dataDirectory,
    }),
  };
}

async function readiness(
  { connection, messenger, preparations }: Parts,
  state: { readonly isStopping: boolean },
): Promise<Readiness> {
  const [mongodb, temporal] = await Promise.all([
    isUp(pingConnection(connection)),
    isUp(messenger.ping(PING_DEADLINE_MS)),
  ]);
  return {
    mongodb: mongodb && preparations.indexes.isDone ? 'up' : 'down',
    temporal: temporal && preparations.namespace.isDone ? 'up' : 'down',
    ...(state.isStopping ? { process: 'down' as const } : {}),
  };
}

async function isUp(ping: Promise<void>): Promise<boolean> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      ping.then(() => true),
      pause(PING_DEADLINE_MS, false, { signal: timeout.signal }),
    ]);
  } catch {
    return false;
  } finally {
    timeout.abort();
  }
}

/** Within 10 s: not ready, requests finish, what was promised to callbacks is delivered, connections close. */
async function stopAll(running: {
  readonly servers: readonly Server[];
  readonly parts: Parts;
  readonly background: BackgroundTasks;
  readonly monitoring: ApiMonitoring;
  readonly tracing: Tracing | null;
  readonly alerting: AlertingLoop;
  readonly logger: Logger;
  readonly config: Config;
}): Promise<void> {
  const { servers, parts, background, monitoring, alerting, logger, config } = running;
  logger.info({ event: 'api.stopping' }, 'stopping');
  if (!config.isTrial) await pause(NOT_READY_PAUSE_MS);
  await Promise.all(servers.map((server) => closeServer(server, REQUESTS_DEADLINE_MS)));
  await background.settle(BACKGROUND_DEADLINE_MS);
  await monitoring.stop(STATISTICS_DEADLINE_MS);
  await running.tracing?.stop(TRACES_DEADLINE_MS);
  await alerting.stop(ALERTS_DEADLINE_MS);
  for (const preparation of Object.values(parts.preparations)) preparation.stop();
  await closeConnection(parts.connection).catch(() => undefined);
  logger.info({ event: 'api.stopped' }, 'stopped');
  logger.flush();
  // Temporal's connection ends with the process: closed while a call waits to be tried again, it throws from a timer.
  process.exit(0);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

function startFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'the port is in use: set PORT (or METRICS_PORT) to a free one';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
