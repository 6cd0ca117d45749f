/** The API's process: configuration, ports to MongoDB and Temporal, HTTP, orderly stop. */
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { createApp } from './api/app.js';
import { BackgroundTasks } from './api/background-tasks.js';
import type { Readiness } from './api/dependencies.js';
import { operationsRoutes } from './api/operations.routes.js';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { createCallbackVerifier } from './gateway/codepay/codepay-callback-verifier.js';
import { closeServer, listen, portOf } from './http-server.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';
import { Preparation } from './preparation.js';
import { createBodySealer } from './store/body-sealer.js';
import { closeConnection, openConnection, pingConnection } from './store/connection.js';
import { createIndexes, createStores } from './store/stores.js';
import { createTemporalClient } from './temporal/connection.js';
import { prepareNamespace } from './temporal/prepare-namespace.js';
import { TemporalOrderMessenger } from './temporal/temporal-order-messenger.js';

const PING_DEADLINE_MS = 1_500;
/** Load balancers see that we are not ready before we take no more connections. */
const NOT_READY_PAUSE_MS = 1_000;
const REQUESTS_DEADLINE_MS = 5_000;
const BACKGROUND_DEADLINE_MS = 2_000;

interface Parts {
  readonly connection: Connection;
  readonly messenger: TemporalOrderMessenger;
  readonly preparations: { readonly indexes: Preparation; readonly namespace: Preparation };
}

/** Starts whether or not MongoDB and Temporal are there: a callback can be taken by either of them. */
async function start(config: Config): Promise<void> {
  const logger = createLogger({ level: config.logLevel, name: 'api' });
  const metrics = createMetrics();
  const connection = openConnection(config.mongodbUri.reveal(), 'payment-orders-api');
  const stores = createStores(connection);
  const client = createTemporalClient();
  const messenger = new TemporalOrderMessenger(client, config.taskQueue);
  const preparations = {
    indexes: new Preparation('indexes', () => createIndexes(stores), logger),
    namespace: new Preparation('namespace', () => prepareNamespace(client), logger),
  };
  const parts: Parts = { connection, messenger, preparations };
  const background = new BackgroundTasks(logger);
  const state = { isStopping: false };
  const checkReadiness = () => readiness(parts, state);
  const app = createApp({
    ...stores,
    config,
    messenger,
    verifier: createCallbackVerifier({
      appId: config.codepay.appId,
      publicKeys: config.codepay.publicKeys,
    }),
    sealBody: createBodySealer(config.verifyTokenSecret).seal,
    now: Date.now,
    logger,
    metrics,
    checkReadiness,
    background,
  });
  const servers = [await listen(app, config.http)];
  if (config.http.metricsPort !== null && !config.isTrial) {
    const operations = express().use(operationsRoutes({ checkReadiness, metrics }));
    servers.push(await listen(operations, { ...config.http, port: config.http.metricsPort }));
  }
  for (const preparation of Object.values(preparations)) preparation.start();
  logger.info({ event: 'api.listening', ports: servers.map(portOf) }, 'listening');

  const stop = () => {
    if (state.isStopping) return;
    state.isStopping = true;
    void stopAll({ servers, parts, background, logger, config });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
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
  readonly logger: Logger;
  readonly config: Config;
}): Promise<void> {
  const { servers, parts, background, logger, config } = running;
  logger.info({ event: 'api.stopping' }, 'stopping');
  if (!config.isTrial) await pause(NOT_READY_PAUSE_MS);
  await Promise.all(servers.map((server) => closeServer(server, REQUESTS_DEADLINE_MS)));
  await background.settle(BACKGROUND_DEADLINE_MS);
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
