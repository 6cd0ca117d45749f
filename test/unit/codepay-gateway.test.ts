import { generateKeyPairSync } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createCodePayGateway } from '../../src/gateway/codepay/codepay-gateway.js';
import { isSignedByAny, signFields } from '../../src/gateway/codepay/codepay-signature.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';
import type { GatewayOrderRequest } from '../../src/gateway/payment-gateway.js';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
const codepay = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW_MS = Date.UTC(2026, 10, 21, 8, 9, 10);
const KEY = { merchantNo: 'M1', merchantOrderNo: '@T1' };
const HOSTED: GatewayOrderRequest = {
  ...KEY,
  channel: 'hosted',
  amount: 1050,
  currency: 'USD',
  description: '@@ two coffees',
  redirectUrl: 'https://shop.test/back?a=1&b=2',
  terminalSn: null,
  expiresInSeconds: 2915,
};
const CLOUD: GatewayOrderRequest = { ...HOSTED, channel: 'cloud', terminalSn: 'SN1' };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A gateway that answers every request the same way, and the client that speaks to it. */
async function answering(listener: RequestListener) {
  const received: Received[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { received, gateway: client(`http://127.0.0.1:${port}/api/entry`) };
}

function client(baseUrl: string) {
  return createCodePayGateway({
    baseUrl,
    appId: 'A1',
    merchantNo: 'M1',
    privateKey: merchant.privateKey,
    publicKeys: [codepay.publicKey],
    notifyUrl: 'https://shop.test/v1/webhooks/codepay',
    notFoundCodes: ['E404'],
    requestTimeoutMs: 300,
    now: () => NOW_MS,
  });
}

function signedReply(fields: Record<string, string>): string {
  return JSON.stringify({
    ...fields,
    sign: signFields(new Map(Object.entries(fields)), codepay.privateKey),
  });
}

function success(data: Record<string, unknown>): string {
  return signedReply({ code: '0', msg: 'Success', psn: '1', data: JSON.stringify(data) });
}

const replying = (body: string) => answering((_, response) => response.end(body));

/** The one request that was received: signed by us, every value a text. */
function onlyRequest(received: readonly Received[]): Record<string, unknown> {
  expect(received).toHaveLength(1);
  const body = received[0]?.body ?? '';
  expect(isSignedByAny(readJsonFields(body) ?? new Map(), [merchant.publicKey])).toBe(true);
  return JSON.parse(body);
}

const COMMON = {
  app_id: 'A1',
  format: 'JSON',
  charset: 'UTF-8',
  sign_type: 'RSA2',
  version: '1.0',
  timestamp: String(NOW_MS),
  sign: expect.any(String),
  merchant_no: 'M1',
  merchant_order_no: '@T1',
};

describe('what is sent', () => {
  it('when an order is queried, then it is a flat signed request with an id of 20 digits', async () => {
    const { gateway, received } = await replying(
      success({ merchant_order_no: '@T1', trans_status: 9, trans_type: 1 }),
    );
    expect(await gateway.queryOrder(KEY)).toMatchObject({ answer: 'open' });
    expect(onlyRequest(received)).toEqual({ ...COMMON, method: 'order.query' });
    expect(received[0]?.headers['http-request-psn']).toMatch(/^1121080910[0-9]{10}$/);
    expect(received[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('when a hosted order is created, then its amount is an exact decimal and its text has no leading @', async () => {
    const { gateway, received } = await replying(success({ pay_url: 'https://pay.test/x?t=1' }));
    expect(await gateway.createOrder(HOSTED)).toMatchObject({
      outcome: 'accepted',
      paymentUrl: 'https://pay.test/x?t=1',
      gatewayTransNo: null,
    });
    expect(onlyRequest(received)).toEqual({
      ...COMMON,
      method: 'pay.checkout',
      price_currency: 'USD',
      order_amount: '10.50',
      description: 'two coffees',
      expires: '2915',
      notify_url: 'https://shop.test/v1/webhooks/codepay',
      return_url: 'https://shop.test/back?a=1&b=2',
    });
  });

  it('when an order is pushed to a terminal, then it is a card sale for that terminal', async () => {
    const { gateway, received } = await replying(success({ trans_no: 'G1', message_id: '1' }));
    const created = await gateway.createOrder({ ...CLOUD, description: null, redirectUrl: null });
    expect(created).toMatchObject({ outcome: 'accepted', gatewayTransNo: 'G1', paymentUrl: null });
    expect(onlyRequest(received)).toEqual({
      ...COMMON,
      method: 'wisehub.cloud.pay.order',
      terminal_sn: 'SN1',
      message_receiving_application: 'CodePay Register',
      trans_type: '1',
      pay_scenario: 'SWIPE_CARD',
      price_currency: 'USD',
      order_amount: '10.50',
      expires: '2915',
      notify_url: 'https://shop.test/v1/webhooks/codepay',
    });
  });

  it('when an order is canceled, then close names the terminal and revoke does not', async () => {
    const { gateway, received } = await replying(success({}));
    await gateway.cancelOrder({ ...KEY, method: 'revoke', terminalSn: 'SN1' });
    await gateway.cancelOrder({ ...KEY, method: 'close', terminalSn: 'SN1' });
    const [revoke, close] = received.map(({ body }) => JSON.parse(body));
    expect(revoke).toEqual({ ...COMMON, method: 'order.revoker' });
    expect(close).toEqual({
      ...COMMON,
      method: 'wisehub.cloud.pay.close',
      terminal_sn: 'SN1',
      message_receiving_application: 'CodePay Register',
    });
  });

  it('when no terminal is known, then nothing is sent', async () => {
    const { gateway, received } = await replying(success({}));
    const close = await gateway.cancelOrder({ ...KEY, method: 'close', terminalSn: null });
    const create = await gateway.createOrder({ ...CLOUD, terminalSn: null });
    expect([close.outcome, create.outcome]).toEqual(['refused', 'refused']);
    expect(received).toHaveLength(0);
  });
});

describe('what cannot be believed is unknown, for queries and for calls that change something', () => {
  const paid = { merchant_order_no: '@T1', trans_status: 2, trans_type: 1, order_amount: '10.50' };
  const genuine = success(paid);
  const { sign, ...unsigned } = JSON.parse(genuine);
  const bodies: [string, RequestListener, string][] = [
    ['HTTP status 500', (_, response) => response.writeHead(500).end(genuine), 'http_status'],
    ['HTTP status 404', (_, response) => response.writeHead(404).end(genuine), 'http_status'],
    ['garbage', (_, response) => response.end('<html>'), 'not_understood'],
    ['an empty body', (_, response) => response.end(), 'not_understood'],
    ['a list', (_, response) => response.end('[]'), 'not_understood'],
    ['a name twice', (_, r) => r.end(genuine.replace('{', '{"code":"0",')), 'not_understood'],
    ['a body without end', (_, r) => r.end(' '.repeat(300_000) + genuine), 'not_understood'],
    ['no signature', (_, response) => response.end(JSON.stringify(unsigned)), 'unsigned'],
    [
      'another sign_type',
      (_, r) => r.end(signedReply({ code: '0', sign_type: 'NONE', data: '{}' })),
      'unsigned',
    ],
    ['a changed amount', (_, r) => r.end(genuine.replace('10.50', '10.51')), 'wrong_signature'],
    [
      'a signature by another key',
      (_, r) => r.end(JSON.stringify({ ...unsigned, sign: 'QUJD' })),
      'wrong_signature',
    ],
    ['no reply at all', () => undefined, 'timeout'],
    [
      'a reply that stops half way',
      (_, r) => r.writeHead(200, { 'content-length': 5000 }).write(genuine.slice(0, 20)),
      'timeout',
    ],
    ['a broken connection', (request) => request.socket.destroy(), 'transport'],
  ];

  it.each(bodies)('when the reply is or has %s', async (_, listener, cause) => {
    const { gateway } = await answering(listener);
    expect(await gateway.queryOrder(KEY)).toMatchObject({ answer: 'unknown', cause, code: null });
    expect(await gateway.createOrder(HOSTED)).toMatchObject({ outcome: 'unknown' });
    const canceled = await gateway.cancelOrder({ ...KEY, method: 'revoke', terminalSn: null });
    expect(canceled).toMatchObject({ outcome: 'unknown', code: null });
  });

  it('when the gateway redirects, then the signed request is not carried elsewhere', async () => {
    const { gateway, received } = await answering((request, response) => {
      response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` }).end();
    });
    expect(await gateway.queryOrder(KEY)).toMatchObject({ cause: 'http_status' });
    expect(received).toHaveLength(1);
  });

  it('when nobody listens, then it is a transport error without an address in it', async () => {
    const { gateway } = await replying('');
    const closed = server;
    await new Promise((resolve) => closed?.close(resolve));
    const result = await gateway.queryOrder(KEY);
    expect(result).toMatchObject({
      cause: 'transport',
      detail: 'the request failed: ECONNREFUSED',
    });
  });
});

describe('a signed answer', () => {
  it('when the code is not 0, then a query is unknown and a call was refused, with the code', async () => {
    const { gateway } = await replying(signedReply({ code: 'E77', msg: 'busy' }));
    expect(await gateway.queryOrder(KEY)).toMatchObject({ cause: 'gateway_code', code: 'E77' });
    expect(await gateway.createOrder(HOSTED)).toMatchObject({ outcome: 'refused', code: 'E77' });
    expect(await gateway.cancelOrder({ ...KEY, method: 'revoke', terminalSn: null })).toMatchObject(
      { outcome: 'refused', code: 'E77' },
    );
  });

  it('when the code is configured as not found, then only a query says so', async () => {
    const { gateway } = await replying(signedReply({ code: 'E404', msg: 'no such order' }));
    expect(await gateway.queryOrder(KEY)).toMatchObject({ answer: 'not_found', code: 'E404' });
    expect(await gateway.createOrder(HOSTED)).toMatchObject({ outcome: 'refused' });
  });

  it('when it is about another order, then even an accepted call is unknown', async () => {
    const { gateway } = await replying(
      success({ merchant_order_no: 'T2', pay_url: 'https://x.test' }),
    );
    expect(await gateway.queryOrder(KEY)).toMatchObject({ answer: 'unknown' });
    expect(await gateway.createOrder(HOSTED)).toMatchObject({
      outcome: 'unknown',
      paymentUrl: null,
    });
  });

  it.each([['javascript:alert(1)'], ['not an address'], ['']])(
    'when the payment address is %j, then there is none',
    async (pay_url) => {
      const { gateway } = await replying(success({ pay_url }));
      expect(await gateway.createOrder(HOSTED)).toMatchObject({
        outcome: 'accepted',
        paymentUrl: null,
      });
    },
  );

  it('when data is an object with its own spacing and numbers, then it is read as it was sent', async () => {
    const data =
      '{ "merchant_order_no":"@T1", "trans_status": 2, "trans_type":1,\n "order_amount":10.50, "price_currency":"USD" }';
    const fields = { code: '0', msg: 'Success', data };
    const sign = signFields(new Map(Object.entries(fields)), codepay.privateKey);
    const { gateway } = await replying(
      `{"code":"0","data":${data},"msg":"Success","sign":"${sign}"}`,
    );
    expect(await gateway.queryOrder(KEY)).toMatchObject({
      answer: 'paid',
      facts: { amount: 1050, merchantNo: 'M1' },
      reply: { code: '0', order_amount: '10.50' },
    });
  });
});
