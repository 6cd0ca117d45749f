import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { OPS_TOKEN, type RunningApi, SHOP_ORIGIN, startApi } from './api-environment.js';
import { document } from './openapi-check.js';

let orders: OrderEnvironment;
let api: RunningApi;
/** A paid order: verify answers from the record. */
let paidPath: string;
let verifyToken: string;

beforeAll(async () => {
  orders = await devEnvironment(new ScriptedGateway());
  // Every guarded call is tried with wrong credentials from one address.
  const rateLimits = { perAddressUnauthenticated: 1_000 };
  api = await startApi({ ...orders.stores, messenger: orders.messenger }, { rateLimits });
  paidPath = await seedPaid();
  verifyToken = await tokenOf(paidPath);
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

async function seedPaid(): Promise<string> {
  const order = await orders.seed(orderRequest(), Date.now(), { status: 'paid' });
  return `/v1/orders/${order.merchantOrderNo}`;
}

async function tokenOf(path: string): Promise<string> {
  const answer = await api.call('POST', `${path}/verify-token`);
  expect(answer.status).toBe(200);
  return String(answer.body.verifyToken);
}

/** Every operation under /v1 that wants a credential, with a real number in its path. */
function guardedOperations(): { method: string; path: string }[] {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.security.length > 0)
      .map(([method]) => ({
        method: method.toUpperCase(),
        path: template.replace('{merchantOrderNo}', paidPath.split('/').at(-1) ?? ''),
      })),
  );
}

describe('credentials', () => {
  it('when there is none or a wrong one, then every guarded call answers 401', async () => {
    const operations = guardedOperations();
    expect(operations.length).toBeGreaterThanOrEqual(9);
    for (const { method, path } of operations) {
      for (const credential of [null, 'wrong-wrong-wrong-wrong', `${OPS_TOKEN}x`]) {
        const answer = await api.call(method, path, { credential });
        expect(answer.status, `${method} ${path}`).toBe(401);
        expect(answer.body.code).toBe('unauthenticated');
        expect(answer.headers.get('WWW-Authenticate')).toContain('Bearer');
      }
    }
  });

  it('when the scheme is not Bearer, then 401', async () => {
    const answer = await api.call('GET', paidPath, {
      credential: null,
      headers: { Authorization: `Basic ${OPS_TOKEN}` },
    });
    expect(answer.status).toBe(401);
  });

  it('when an address under /v1 is not a route, then a stranger cannot tell', async () => {
    expect((await api.call('GET', '/v1/secrets', { credential: null })).status).toBe(401);
    expect((await api.call('GET', '/v1/secrets')).status).toBe(404);
  });

  it.each([
    ['POST', '/v1/orders'],
    ['POST', 'pay'],
    ['POST', 'pos-result'],
    ['POST', 'verify-token'],
  ])('when an operator calls %s %s, then 403', async (method, action) => {
    const path = action.startsWith('/') ? action : `${paidPath}/${action}`;
    const answer = await api.call(method, path, { credential: OPS_TOKEN, body: {} });
    expect(answer.status).toBe(403);
    expect(answer.body.code).toBe('forbidden');
  });

  it.each([
    ['POST', 'review'],
    ['POST', 'check'],
    ['POST', '/v1/anomalies/x/acknowledge'],
    ['POST', `/v1/callbacks/${'0'.repeat(64)}/redeliver`],
  ])('when a merchant calls %s %s, then 403: it is for operators', async (method, action) => {
    const path = action.startsWith('/') ? action : `${paidPath}/${action}`;
    expect((await api.call(method, path, { body: {} })).status).toBe(403);
  });

  it('when an operator reads, then it is allowed', async () => {
    const ofOrder = ['', '/audit', '/verify', '/explain', '/refunds'].map((end) => paidPath + end);
    const lists = ['orders', 'orders.csv', 'refunds', 'refunds.csv', 'anomalies', 'events'];
    for (const path of [...ofOrder, ...lists.map((list) => `/v1/${list}`)]) {
      expect((await api.call('GET', path, { credential: OPS_TOKEN })).status, path).toBe(200);
    }
  });
});

describe('a verify token', () => {
  it('when it is asked for again, then it is the same', async () => {
    expect(await tokenOf(paidPath)).toBe(verifyToken);
    expect((await api.call('GET', paidPath)).body.verifyToken).toBe(verifyToken);
  });

  it('when it is used for its own order, then verify, pay and pos-result are open', async () => {
    const credential = verifyToken;
    expect((await api.call('GET', `${paidPath}/verify`, { credential })).status).toBe(200);
    expect((await api.call('POST', `${paidPath}/pay`, { credential })).status).toBe(409);
    const result = { credential, body: { responseCode: '000' } };
    expect((await api.call('POST', `${paidPath}/pos-result`, result)).status).toBe(200);
  });

  it('when it is used for anything else, then nothing is there', async () => {
    const other = await seedPaid();
    const calls = [
      ['GET', paidPath],
      ['GET', `${paidPath}/audit`],
      ['POST', `${paidPath}/cancel`],
      ['POST', `${paidPath}/verify-token`],
      ['GET', `${paidPath}/explain`],
      ['GET', `${paidPath}/refunds`],
      ['POST', `${paidPath}/refunds`],
      ['POST', `${paidPath}/review`],
      ['POST', `${paidPath}/check`],
      ['GET', '/v1/orders'],
      ['GET', '/v1/orders.csv'],
      ['GET', '/v1/refunds'],
      ['GET', '/v1/refunds.csv'],
      ['GET', '/v1/anomalies'],
      ['GET', '/v1/events'],
      ['POST', `/v1/callbacks/${'0'.repeat(64)}/redeliver`],
      ['POST', '/v1/orders'],
      ['GET', '/v1/secrets'],
      ['GET', `${other}/verify`],
      ['POST', `${other}/pay`],
      ['POST', `${other}/pos-result`],
    ] as const;
    for (const [method, path] of calls) {
      const answer = await api.call(method, path, { credential: verifyToken });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
  });

  it('when it is altered, cut or lengthened, then it opens nothing', async () => {
    const last = verifyToken.at(-1) === 'A' ? 'B' : 'A';
    for (const credential of [
      verifyToken.slice(0, -1) + last,
      verifyToken.slice(0, -1),
      `${verifyToken}A`,
      'verify_',
    ]) {
      const answer = await api.call('GET', `${paidPath}/verify`, { credential });
      expect(answer.status).toBe(404);
    }
  });
});

describe('pages of other origins', () => {
  const preflight = { 'Access-Control-Request-Method': 'GET' };

  it.each(['verify', 'pay', 'pos-result'])(
    'when a listed origin asks for %s, then it is let in',
    async (action) => {
      const answer = await api.call('OPTIONS', `${paidPath}/${action}`, {
        credential: null,
        headers: { Origin: SHOP_ORIGIN, ...preflight },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(SHOP_ORIGIN);
      expect(answer.headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
      expect(answer.headers.get('Vary')).toContain('Origin');
    },
  );

  it('when a listed origin calls, then it may read the answer, errors too', async () => {
    const headers = { Origin: SHOP_ORIGIN };
    const calls = [
      await api.call('GET', `${paidPath}/verify`, { credential: verifyToken, headers }),
      await api.call('GET', `${paidPath}/verify`, { credential: null, headers }),
    ];
    expect(calls.map(({ status }) => status)).toEqual([200, 401]);
    for (const answer of calls) {
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(SHOP_ORIGIN);
    }
  });

  it.each([
    ['https://evil.example.com', 'verify'],
    [`${SHOP_ORIGIN}.evil.example.com`, 'verify'],
    ['null', 'verify'],
    [SHOP_ORIGIN, 'cancel'],
    [SHOP_ORIGIN, 'audit'],
    [SHOP_ORIGIN, 'verify-token'],
  ])('when %s asks for %s, then no header lets it in', async (origin, action) => {
    const answer = await api.call('OPTIONS', `${paidPath}/${action}`, {
      credential: null,
      headers: { Origin: origin, ...preflight },
    });
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});
