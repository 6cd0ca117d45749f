import { generateKeyPairSync, sign } from 'node:crypto';
import type { Server } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Express } from 'express';
import { createApp } from '../../src/api/app.js';
import { BackgroundTasks } from '../../src/api/background-tasks.js';
import { LiveStreams } from '../../src/api/console/live-streams.js';
import type { ApiDependencies } from '../../src/api/dependencies.js';
import { answerUnreadable } from '../../src/api/unreadable-request.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { signingContent } from '../../src/domain/signing-content.js';
import { readCallbackFields } from '../../src/gateway/codepay/codepay-callback-reader.js';
import { createCallbackVerifier } from '../../src/gateway/codepay/codepay-callback-verifier.js';
import { closeServer, listen, portOf } from '../../src/http-server.js';
import { createLogger } from '../../src/logger.js';
import { createMetrics } from '../../src/metrics.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import { type Answer, ApiCaller } from './api-caller.js';

export const API_KEY = 'key-of-the-tests-0001';
export const OPS_TOKEN = 'token-of-the-tests-01';
export const SHOP_ORIGIN = 'https://shop.example.com';
const APP_ID = 'wz0000000001';
const MERCHANT_NO = 'M1001';

const keys = (): { publicKey: string; privateKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const merchantKeys = keys();
const gatewayKeys = keys();

export function apiConfig(environment: NodeJS.ProcessEnv = {}): Config {
  return readConfig({ ...serverEnvironment(), ...environment });
}

/** A whole configuration, with MongoDB and Temporal where nobody listens, on free ports. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return {
    PORT: '0',
    MONGODB_URI: 'mongodb://127.0.0.1:1/unused',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    CODEPAY_BASE_URL: 'http://127.0.0.1:1/api/entry',
    CODEPAY_APP_ID: APP_ID,
    CODEPAY_MERCHANT_NO: MERCHANT_NO,
    CODEPAY_PRIVATE_KEY: merchantKeys.privateKey,
    CODEPAY_PUBLIC_KEY: gatewayKeys.publicKey,
    PUBLIC_URL: 'https://pay.example.com',
    API_KEYS: `shop:${API_KEY}`,
    OPS_TOKENS: `ann:${OPS_TOKEN}`,
    VERIFY_TOKEN_SECRET: 'a secret of the tests, long enough',
    CORS_ORIGINS: SHOP_ORIGIN,
    TRIAL_MODE: '1',
  };
}

export interface RunningApi {
  readonly app: Express;
  readonly url: string;
  readonly config: Config;
  readonly background: BackgroundTasks;
  readonly liveStreams: LiveStreams;
  readonly metrics: ApiDependencies['metrics'];
  /** Everything logged so far, one JSON line each. */
  readonly log: () => string;
  /** Calls with an API key; every answer is checked against the OpenAPI document. */
  readonly call: ApiCaller['call'];
  readonly close: () => Promise<void>;
}

export type ApiOverrides = Partial<
  Omit<ApiDependencies, keyof ApiPorts | 'background' | 'metrics' | 'logger'>
>;

/** MongoDB and Temporal as the API sees them. */
export type ApiPorts = Pick<
  ApiDependencies,
  | 'orders'
  | 'refunds'
  | 'anomalies'
  | 'statistics'
  | 'endedSessions'
  | 'events'
  | 'callbacks'
  | 'messenger'
>;

/** The real app on a free port. The ports to MongoDB and Temporal are what the test is about. */
export async function startApi(ports: ApiPorts, overrides: ApiOverrides = {}): Promise<RunningApi> {
  const lines: string[] = [];
  const destination = new PassThrough();
  destination.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const logger = createLogger({ level: 'debug', name: 'api' }, destination);
  const config = overrides.config ?? apiConfig();
  const sealer = createBodySealer(config.verifyTokenSecret);
  const liveStreams = new LiveStreams();
  const background = new BackgroundTasks(logger);
  const metrics = createMetrics();
  const app = createApp({
    config,
    verifier: createCallbackVerifier({
      appId: config.codepay.appId,
      publicKeys: config.codepay.publicKeys,
    }),
    sealBody: sealer.seal,
    readCallback: ({ sealedBody, contentType }) =>
      readCallbackFields(sealer.open(sealedBody), contentType ?? undefined),
    isWorkerPolling: async () => true,
    liveStreams,
    now: Date.now,
    checkReadiness: async () => ({ mongodb: 'up', temporal: 'up' }),
    ...overrides,
    orders: ports.orders,
    refunds: ports.refunds,
    anomalies: ports.anomalies,
    statistics: ports.statistics,
    endedSessions: ports.endedSessions,
    events: ports.events,
    callbacks: ports.callbacks,
    messenger: ports.messenger,
    logger,
    metrics,
    background,
  });
  const address = { host: '127.0.0.1', port: 0 };
  const unreadable = answerUnreadable(config.http.publicUrl, logger);
  const server: Server = await listen(app, address, unreadable);
  const url = `http://127.0.0.1:${portOf(server)}`;
  const caller = new ApiCaller(url, API_KEY);
  return {
    app,
    url,
    config,
    background,
    liveStreams,
    metrics,
    log: () => lines.join(''),
    call: caller.call,
    close: async () => {
      liveStreams.closeAll();
      await closeServer(server, 100);
      await background.settle(5_000);
    },
  };
}

export type CallbackFields = Readonly<Record<string, string | number>>;

/** A callback about a paid sale, as the gateway would send it. */
export function callbackFields(
  merchantOrderNo: string,
  overrides: CallbackFields = {},
): CallbackFields {
  return {
    app_id: APP_ID,
    charset: 'UTF-8',
    format: 'JSON',
    version: '1.0',
    sign_type: 'RSA2',
    timestamp: String(Date.now()),
    merchant_no: MERCHANT_NO,
    merchant_order_no: merchantOrderNo,
    price_currency: 'USD',
    order_amount: '10.50',
    trans_amount: '10.50',
    paid_amount: '10.50',
    trans_no: `G${merchantOrderNo}`.slice(0, 32),
    trans_status: 2,
    trans_type: 1,
    trans_end_time: '2026-11-21 09:30:12',
    pay_user_account_id: 'payer-4242424242424242',
    ...overrides,
  };
}

/** Signs as the gateway does. */
export function signedBody(fields: CallbackFields): string {
  const content = signingContent(
    new Map(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  );
  const signature = sign('sha256', Buffer.from(content), gatewayKeys.privateKey).toString('base64');
  return JSON.stringify({ ...fields, sign: signature });
}

/** Sends bytes to the callback's address as they are. */
export async function sendCallback(
  api: RunningApi,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return await api.call('POST', '/v1/webhooks/codepay', {
    rawBody: body,
    headers: { 'Content-Type': 'application/json', ...headers },
    credential: null,
  });
}

/** Holds the gateway's answers back until it is opened. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
