/** A whole order's life in the real processes at the level that tells most, with secrets that are found again wherever they go. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { closeServer, listen, portOf } from '../../src/http-server.js';
import { eventually } from '../support/eventually.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';
import { newKeyPair, signatureOf, withSignature } from './gateway-forger.js';
import { rawRequest } from './raw-http.js';

const canary = (what: string) => `canary-${what}-${randomBytes(12).toString('hex')}`;

const SECRETS = {
  apiKey: canary('api-key'),
  opsToken: canary('ops-token'),
  verifyTokenSecret: canary('verify-token-secret'),
  slackPath: canary('slack-path'),
  signing: randomBytes(24).toString('base64'),
} as const;

/** Sent by callers and by the gateway; nothing of it may be kept where people read. */
export const SENT = {
  wrongKey: canary('wrong-key'),
  wrongLogin: canary('wrong-login'),
  query: canary('query'),
  header: canary('header'),
  bizData: canary('biz-data'),
  wrongType: canary('wrong-type'),
  brokenBody: canary('broken-body'),
  payer: canary('payer-account'),
  payerName: canary('payer-name'),
  card: canary('card-number'),
  forged: canary('forged'),
  nestedPayer: canary('nested-payer'),
} as const;

export const merchantNo = `M${randomBytes(6).toString('hex')}`;
export const merchantOrderNo = `LEAK-${randomBytes(8).toString('hex')}`;
const codepay = newKeyPair();
export const lines: string[] = [];
export const errors: string[] = [];
/** Stored callbacks as the console shows them. */
export const shownCallbacks: string[] = [];
export const webhookBodies: string[] = [];

let folder: string;
let receiver: Server;
let service: ServiceUnderTest;
export let mongodbUri: string;
let verifyToken = '';
let sessionCookie = '';
let csrfToken = '';

/** Starts the service and lives the whole life. */
export async function beginStory(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'leaks-'));
  const privateKeyFile = join(folder, 'gateway.pem');
  const pem = codepay.privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(privateKeyFile, pem, { mode: 0o600 });
  receiver = await listen(receive, { host: '127.0.0.1', port: 0 });
  const receiverUrl = `http://127.0.0.1:${portOf(receiver)}`;
  const mongodb = new URL(inject('mongodbUri'));
  mongodb.pathname = `/test_${randomBytes(16).toString('hex')}`;
  mongodbUri = mongodb.href;
  service = await startService({
    onLine: (line) => lines.push(line),
    environment: {
      LOG_LEVEL: 'trace',
      MONGODB_URI: mongodbUri,
      CODEPAY_MERCHANT_NO: merchantNo,
      CODEPAY_PUBLIC_KEY: codepay.publicPem,
      SIMULATOR_PRIVATE_KEY_FILE: privateKeyFile,
      API_KEYS: `shop:${SECRETS.apiKey}`,
      OPS_TOKENS: `ann:${SECRETS.opsToken}`,
      VERIFY_TOKEN_SECRET: SECRETS.verifyTokenSecret,
      MERCHANT_WEBHOOK_URL: `${receiverUrl}/events`,
      MERCHANT_WEBHOOK_SECRET: `whsec_${SECRETS.signing}`,
      ALERT_SLACK_URL: `${receiverUrl}/${SECRETS.slackPath}`,
    },
  });
  await live();
}

export async function endStory(): Promise<void> {
  await service?.close();
  await closeServer(receiver, 100);
  await rm(folder, { recursive: true, force: true });
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    webhookBodies.push(Buffer.concat(chunks).toString());
    // The first one fails, so that failures are logged, too.
    response.writeHead(webhookBodies.length < 2 ? 500 : 200).end();
  });
}

async function call(
  method: string,
  path: string,
  options: { readonly key?: string; readonly body?: unknown; readonly headers?: object } = {},
) {
  const { key = SECRETS.apiKey, body, headers = {} } = options;
  const answer = await rawRequest(service.apiUrl + path, {
    method,
    headers: {
      ...(key === '' ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (answer.status >= 400) errors.push(JSON.stringify(answer));
  return answer;
}

function callback(changes: Readonly<Record<string, string | number>> = {}) {
  const fields = {
    ...{ app_id: 'app', sign_type: 'RSA2', timestamp: String(Date.now()) },
    ...{ merchant_no: merchantNo, merchant_order_no: merchantOrderNo, trans_no: 'G-1' },
    ...{ price_currency: 'USD', order_amount: '10.50', trans_amount: '10.50' },
    ...{ paid_amount: '10.50', trans_status: 2, trans_type: 1 },
    pay_user_account_id: SENT.payer,
    payer_name: SENT.payerName,
    card_no: SENT.card,
    // Where a careless reader would take a transaction number or a reason from.
    pay_channel_trans_no: `${SENT.card} 4242`,
    trans_error_msg: SENT.payerName,
    ...changes,
  };
  return { fields, body: withSignature(fields, signatureOf(fields, codepay.privateKey)) };
}

/** Over 50 lines because it is one story: all that happens to an order, and what strangers try meanwhile. */
async function live(): Promise<void> {
  const order = `/v1/orders/${merchantOrderNo}`;
  await service.demo.control(`/orders/${merchantOrderNo}/scenario`, { scenario: 'waits' });
  const created = await call('POST', '/v1/orders', {
    body: {
      ...{ merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
      redirectUrl: `http://127.0.0.1:${portOf(receiver)}/must-not-be-fetched`,
    },
    headers: { 'X-Secret': SENT.header, Cookie: `session=${SENT.header}` },
  });
  expect(created.status, created.text).toBe(201);
  verifyToken = String(JSON.parse(created.text).verifyToken);
  await call('GET', `${order}/verify?token=${SENT.query}`, { key: verifyToken });
  await call('POST', `${order}/pos-result`, {
    key: verifyToken,
    body: { responseCode: '000', responseMsg: 'ok', bizData: { card: SENT.bizData } },
  });
  await strangers(order);
  const genuine = callback();
  const taken = await call('POST', '/v1/webhooks/codepay', { key: '', body: genuine.body });
  expect(taken.text).toBe('success');
  await eventually('the order is paid', async () => {
    return JSON.parse((await call('GET', order)).text).status === 'paid';
  });
  const nested = callback({ data: JSON.stringify({ payer: SENT.nestedPayer }), trans_status: 0 });
  await call('POST', '/v1/webhooks/codepay', { key: '', body: nested.body });
  // Not of this shop: an anomaly, whose alert goes to an address that is a secret.
  const alien = callback({ merchant_order_no: `X-${randomBytes(6).toString('hex')}` });
  await call('POST', '/v1/webhooks/codepay', { key: '', body: alien.body });
  await service.demo.control(`/orders/${merchantOrderNo}/pay`);
  const refund = { refundNo: `${merchantOrderNo}-R`, amount: 100, reason: 'cold as canaries' };
  await call('POST', `${order}/refunds`, { body: refund });
  await operatorAtWork(order);
  await eventually(
    'events were delivered and failures were logged',
    () => webhookBodies.length > 2,
  );
}

async function strangers(order: string): Promise<void> {
  await call('GET', order, { key: SENT.wrongKey });
  await call('GET', `${order}?api_key=${SENT.query}`, { key: '' });
  await call('POST', '/v1/orders', { body: `{"amount": ${SENT.brokenBody}` });
  await call('POST', '/v1/orders', { body: { channel: SENT.wrongType, amount: SENT.wrongType } });
  await call('GET', `/v1/orders?status=${SENT.query}`);
  const { fields } = callback({ payer_name: SENT.forged, attach: SENT.forged });
  const forged = withSignature(fields, Buffer.from(SENT.forged).toString('base64'));
  for (const body of [forged, JSON.stringify(fields), `{"payer":"${SENT.forged}`]) {
    await call('POST', '/v1/webhooks/codepay', { key: '', body });
  }
  const login = { token: SENT.wrongLogin };
  await call('POST', '/console/session', { key: '', body: login });
}

async function operatorAtWork(order: string): Promise<void> {
  const login = await call('POST', '/console/session', {
    key: '',
    body: { token: SECRETS.opsToken },
  });
  expect(login.status).toBe(200);
  const [cookie = ''] = login.headers['set-cookie'] ?? [];
  sessionCookie = cookie.split(';', 1)[0]?.split('=').slice(1).join('=') ?? '';
  csrfToken = String(JSON.parse(login.text).csrfToken);
  const headers = { Cookie: `console_session=${sessionCookie}`, 'X-CSRF-Token': csrfToken };
  await call('POST', `/console${order}/check`, { key: '', headers });
  await call('POST', `/console${order}/review`, { key: '', headers, body: { to: SENT.wrongType } });
  const audit = await call('GET', `/console${order}/audit`, { key: '', headers });
  const id = /"callbackId":"([0-9a-f]{64})"/.exec(audit.text)?.[1];
  const shown = await call('GET', `/console/v1/callbacks/${id}`, { key: '', headers });
  expect(shown.text).toContain('"payer_name":"•••"');
  expect(shown.text).toContain('"card_no":"•••"');
  shownCallbacks.push(shown.text);
  const cancel = await call('POST', `${order}/cancel`);
  expect(cancel.status).toBe(409);
}

/** All that must not be found anywhere, after {@link beginStory}. */
export function everySecret(): readonly string[] {
  const issued = [verifyToken, sessionCookie, csrfToken];
  expect(issued.every((one) => one.length > 20)).toBe(true);
  return [...Object.values(SECRETS), ...Object.values(SENT), ...issued];
}
