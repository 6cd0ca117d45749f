/** Attack: a payer has a token, and uses it for more than the payment of the one order. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiConfig, type RunningApi } from '../api/api-environment.js';
import { document } from '../api/openapi-check.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { rawRequest } from './raw-http.js';

const SECRET = 'a secret of the tests, long enough';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'TRACE'];

let stage: RecordStage;
let api: RunningApi;
let own: string;
let other: string;
let ownToken: string;
let otherToken: string;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: { perAddressUnauthenticated: 10_000 } });
  own = (await seedOrder(stage.database.stores, { status: 'paid' })).merchantOrderNo;
  other = (await seedOrder(stage.database.stores, { status: 'paid' })).merchantOrderNo;
  ownToken = await tokenOf(own);
  otherToken = await tokenOf(other);
});

afterAll(async () => await stage.close());

async function tokenOf(merchantOrderNo: string): Promise<string> {
  const answer = await api.call('POST', `/v1/orders/${merchantOrderNo}/verify-token`);
  return String(answer.body.verifyToken);
}

/** Every address of /v1 in the document, about the order whose token is used. */
function addresses(merchantOrderNo: string): readonly string[] {
  const paths = Object.keys(document.paths).filter((path) => path.startsWith('/v1/'));
  expect(paths.length).toBeGreaterThan(15);
  return paths
    .filter((path) => path !== '/v1/webhooks/codepay')
    .map((path) =>
      path.replace('{merchantOrderNo}', merchantOrderNo).replace('{id}', '0'.repeat(64)),
    );
}

const OPEN = ['GET verify', 'HEAD verify', 'POST pay', 'POST pos-result'];

function isOpen(method: string, path: string): boolean {
  return OPEN.includes(`${method} ${path.split('/').at(-1)}`);
}

async function statusOf(method: string, path: string, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  return (await rawRequest(api.url + path, { method, headers })).status;
}

describe('a verify token', () => {
  it('when it is another order’s, then nothing is there, whatever the route and the method', async () => {
    for (const path of addresses(own)) {
      for (const method of METHODS) {
        expect(await statusOf(method, path, otherToken), `${method} ${path}`).toBe(404);
      }
    }
  });

  it('when it is the order’s own, then nothing is there but verify, pay and pos-result', async () => {
    const opened: string[] = [];
    for (const path of addresses(own)) {
      for (const method of METHODS) {
        const status = await statusOf(method, path, ownToken);
        if (isOpen(method, path)) opened.push(`${method} ${status}`);
        else expect(status, `${method} ${path}`).toBe(404);
      }
    }
    // Paid already, and a report of the terminal without a body.
    expect(opened.sort()).toEqual(['GET 200', 'HEAD 200', 'POST 400', 'POST 409']);
  });

  it('when a route is asked what it takes, then it names its methods and lets no other origin in', async () => {
    const headers = { Authorization: `Bearer ${ownToken}`, Origin: 'https://evil.example.com' };
    for (const path of addresses(own)) {
      const answer = await rawRequest(api.url + path, { method: 'OPTIONS', headers });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      if (answer.status === 200) expect(answer.text).toMatch(/^(GET, HEAD|POST)$/);
      else expect(answer.status).toBe(404);
    }
  });

  it.each([
    ['a letter less', () => ownToken.slice(0, -1)],
    ['only its first half', () => ownToken.slice(0, 25)],
    ['a letter more', () => `${ownToken}A`],
    ['other letters', () => ownToken.toUpperCase()],
    ['no mark', () => ownToken.slice('verify_'.length)],
    ['only its mark', () => 'verify_'],
    ['an encoding of its own', () => `verify_${Buffer.from(ownToken).toString('base64url')}`],
    ['both tokens in one', () => `${ownToken},${otherToken}`],
  ])('when it has %s, then it opens nothing', async (_what, make) => {
    const status = await statusOf('GET', `/v1/orders/${own}/verify`, make());
    expect([401, 404]).toContain(status);
  });

  it.each([
    ['another secret', 'another secret of the tests, long too', (id: string) => id],
    ['an empty secret', '', (id: string) => id],
    ['the number alone', SECRET, (id: string) => id.split('/').at(-1) ?? ''],
    ['another merchant', SECRET, (id: string) => id.replace('M1001', 'M2002')],
  ])('when it was made with %s, then it opens nothing', async (_what, secret, idOf) => {
    const make = (id: string) =>
      `verify_${createHmac('sha256', secret)
        .update(`payment-orders verify token v1\n${id}`)
        .digest('base64url')}`;
    // That tokens are made so, or this test would prove nothing.
    expect(ownToken).toBe(
      `verify_${createHmac('sha256', SECRET)
        .update(`payment-orders verify token v1\nM1001/${own}`)
        .digest('base64url')}`,
    );
    const forged = make(idOf(`M1001/${own}`));
    expect(await statusOf('GET', `/v1/orders/${own}/verify`, forged)).toBe(404);
  });

  it('when the secret is replaced, then tokens of the old one open nothing', async () => {
    const config = apiConfig({ VERIFY_TOKEN_SECRET: 'another secret of the tests, long too' });
    const later = await stage.start({ config });
    const answer = await later.call('GET', `/v1/orders/${own}/verify`, { credential: ownToken });
    expect(answer.status).toBe(404);
  });

  it('when it stands anywhere but in the header, then it counts for nothing', async () => {
    const path = `/v1/orders/${own}/verify`;
    for (const query of ['access_token', 'token', 'verifyToken', 'authorization']) {
      const answer = await rawRequest(`${api.url}${path}?${query}=${ownToken}`, { method: 'GET' });
      expect(answer.status).toBe(401);
    }
    for (const header of ['Cookie', 'X-Authorization', 'X-Api-Key', 'Proxy-Authorization']) {
      const headers = { [header]: `Bearer ${ownToken}` };
      expect((await rawRequest(api.url + path, { method: 'GET', headers })).status).toBe(401);
    }
  });

  it.each(['%2e%2e/', '../', '%252e%252e%252f', ';/', '%00', '//'])(
    'when the path leads elsewhere by %s, then the token of one order opens no other',
    async (step) => {
      for (const path of [
        `/v1/orders/${own}/${step}${other}/verify`,
        `/v1/orders/${step}${other}/verify`,
      ]) {
        const status = await statusOf('GET', path, ownToken);
        expect([400, 404], path).toContain(status);
      }
    },
  );

  it('when a method is disguised as another one, then the real one counts', async () => {
    for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const answer = await rawRequest(`${api.url}/v1/orders/${own}/verify?_method=POST`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ownToken}`, [header]: 'GET' },
      });
      expect(answer.status).toBe(404);
    }
  });
});
