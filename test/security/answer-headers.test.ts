/** Attack: frame a page, guess a type, read money from a cache, learn what runs here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type RunningApi, SHOP_ORIGIN } from '../api/api-environment.js';
import { document } from '../api/openapi-check.js';
import { ConsoleCaller } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { type RawAnswer, rawRequest } from './raw-http.js';

let stage: RecordStage;
let api: RunningApi;
let cookie: string;
let moneyPaths: readonly string[];

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: { perAddressUnauthenticated: 1_000 } });
  ({ cookie } = await ConsoleCaller.login(api));
  const { merchantOrderNo } = await seedOrder(stage.database.stores, { status: 'paid' });
  moneyPaths = Object.entries(document.paths)
    .filter(([path, operations]) => path.startsWith('/v1/') && 'get' in operations)
    .map(([path]) => path.replace('{merchantOrderNo}', merchantOrderNo))
    .filter((path) => !path.includes('{'));
  expect(moneyPaths.length).toBeGreaterThan(8);
});

afterAll(async () => await stage.close());

const PAGES = [
  ...['/console', '/console/orders/A-1', '/demo', '/demo/orders', '/docs/', '/docs/errors'],
  ...['/docs/runbooks', '/docs/runbooks/none', '/nothing', '/livez', '/openapi.json'],
];

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return await rawRequest(api.url + path, { method: 'GET', headers });
}

function expectGuarded({ headers }: RawAnswer, path: string): void {
  const policy = String(headers['content-security-policy']);
  expect(policy, path).toContain("default-src 'none'");
  expect(policy, path).toContain("frame-ancestors 'none'");
  expect(policy, path).not.toMatch(/script-src[^;]*('unsafe-|\*|data:|https?:)/);
  expect(headers, path).toMatchObject({
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.stringContaining('max-age='),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) {
    expect(headers, path).not.toHaveProperty(name);
  }
}

describe('clickjacking, sniffing and what tells too much', () => {
  it('when any page or answer is fetched, then nobody may frame it, guess its type or run what is not ours', async () => {
    const authorized = { Authorization: `Bearer ${API_KEY}` };
    for (const path of PAGES) expectGuarded(await get(path, { Accept: 'text/html' }), path);
    for (const path of moneyPaths) {
      expectGuarded(await get(path, authorized), path);
      expectGuarded(await get(path), path);
      expectGuarded(await get(`/console${path}`, { Cookie: cookie }), path);
    }
  });

  it('when pages of a foreign origin ask, then no answer of anything lets them read it', async () => {
    const foreign = { Origin: 'https://evil.example.com', Cookie: cookie };
    for (const path of [...PAGES, ...moneyPaths, '/console/session', '/console/overview']) {
      const { headers } = await get(path, foreign);
      expect(headers, path).not.toHaveProperty('access-control-allow-origin');
      expect(headers, path).not.toHaveProperty('access-control-allow-credentials');
    }
    // Not even the shop's own origin may send the console's cookie along.
    const shop = await get('/console/session', { Origin: SHOP_ORIGIN, Cookie: cookie });
    expect(shop.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('answers with money in caches', () => {
  it('when they are fetched, then nothing may keep them and there is nothing to ask again by', async () => {
    for (const path of moneyPaths) {
      for (const [prefix, headers] of [
        ['', { Authorization: `Bearer ${API_KEY}` }],
        ['/console', { Cookie: cookie }],
      ] as const) {
        const answer = await get(prefix + path, {
          ...headers,
          'If-None-Match': '*',
          'If-Modified-Since': new Date(Date.now() + 1_000).toUTCString(),
          Range: 'bytes=0-1',
        });
        expect(answer.status, prefix + path).toBe(200);
        expect(answer.headers['cache-control'], prefix + path).toBe('no-store');
        expect(answer.headers).not.toHaveProperty('etag');
        expect(answer.headers).not.toHaveProperty('last-modified');
      }
    }
  });

  it('when they are refused or fail, then nothing may keep that either', async () => {
    for (const path of [...moneyPaths, '/v1/nothing', '/console/overview']) {
      const answer = await get(path);
      expect([answer.status, answer.headers['cache-control']], path).toEqual([401, 'no-store']);
    }
    const callback = await rawRequest(`${api.url}/v1/webhooks/codepay`, { method: 'POST' });
    expect(callback.headers['cache-control']).toBe('no-store');
  });
});

describe('methods that are for debugging', () => {
  it.each(['TRACE', 'TRACK', 'DEBUG', 'PROPFIND'])(
    'when %s is sent, then nothing of the request comes back',
    async (method) => {
      for (const path of ['/livez', '/console/session', '/v1/orders', '/v1/webhooks/codepay']) {
        const headers = { Authorization: `Bearer ${API_KEY}`, Cookie: cookie, 'X-Mark': 'marked' };
        // Node's parser does not know all of them and refuses such a connection.
        const answer = await rawRequest(api.url + path, { method, headers }).catch(() => null);
        expect([null, 400, 401, 403, 404, 405]).toContain(answer?.status ?? null);
        for (const mark of ['marked', API_KEY, cookie]) {
          expect(answer?.text ?? '').not.toContain(mark);
        }
      }
    },
  );
});
