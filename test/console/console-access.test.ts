/** What opens the console and what does not: cookies, credentials, and requests that another site has sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, apiConfig, OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import { document } from '../api/openapi-check.js';
import { ConsoleCaller } from './console-caller.js';
import { type RecordStage, recordStage, seedOrder } from './record-api.js';

let stage: RecordStage;
let api: RunningApi;
let operator: ConsoleCaller;
let merchantOrderNo: string;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: { perAddressUnauthenticated: 1_000 } });
  operator = await ConsoleCaller.login(api);
  ({ merchantOrderNo } = await seedOrder(stage.database.stores, { status: 'paid' }));
});

afterAll(async () => await stage.close());

const OWN_CALLS = [
  ['DELETE', '/session'],
  ['GET', '/overview'],
  ['GET', '/live'],
  ['GET', '/live/orders/none'],
] as const;

/** Every call of /v1 that wants a credential. */
function v1Calls(): (readonly [string, string])[] {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => security.length > 0)
      .map(([method]) => {
        const path = template.replace('{merchantOrderNo}', merchantOrderNo);
        return [method.toUpperCase(), path.replace('{id}', '0'.repeat(64))] as const;
      }),
  );
}

describe('without a session', () => {
  it('when the console’s data is asked for, then 401, whatever credential is sent along', async () => {
    const calls = [...OWN_CALLS, ...v1Calls()];
    expect(calls.length).toBeGreaterThan(20);
    for (const credential of [null, API_KEY, OPS_TOKEN]) {
      for (const [method, path] of calls) {
        const answer = await api.call(method, `/console${path}`, { credential });
        expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([
          401,
          'unauthenticated',
        ]);
      }
    }
  });

  it('when the cookie is sent to /v1, then it opens nothing', async () => {
    const calls = v1Calls();
    expect(calls.length).toBeGreaterThan(15);
    for (const [method, path] of calls) {
      const headers = { Cookie: operator.cookie, 'X-CSRF-Token': operator.session.csrfToken };
      const answer = await api.call(method, path, { credential: null, headers });
      expect(answer.status, `${method} ${path}`).toBe(401);
    }
  });
});

describe('with a session', () => {
  it('when its token may operate and not read, then nothing is shown', async () => {
    const token = 'token-that-operates-01';
    const config = apiConfig({ OPS_TOKENS: `ann[operate]:${token}` });
    const blind = await ConsoleCaller.login(await stage.start({ config }), token);
    for (const path of ['/overview', '/live', `/live/orders/${merchantOrderNo}`]) {
      const answer = await blind.call('GET', path);
      expect([answer.status, answer.body.code], path).toEqual([403, 'forbidden']);
    }
  });

  it('when a credential is sent along, then it counts for nothing', async () => {
    for (const credential of [API_KEY, OPS_TOKEN, 'nonsense-nonsense-nonsense']) {
      const answer = await operator.call('GET', `/v1/orders/${merchantOrderNo}`, { credential });
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty('verifyToken');
    }
  });

  it('when the call is the merchant’s alone, then 403', async () => {
    const body = { channel: 'hosted', amount: 1, currency: 'USD', merchantOrderNo: 'A-1' };
    const answer = await operator.call('POST', '/v1/orders', { body });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    const token = await operator.call('POST', `/v1/orders/${merchantOrderNo}/verify-token`);
    expect(token.status).toBe(403);
  });

  it('when there is no such data, then 404 and not the page', async () => {
    const headers = { Accept: 'text/html' };
    for (const path of ['/v1/none', '/v1', '/session/x', '/overview/x', '/live/none']) {
      const answer = await operator.call('GET', path, { headers });
      expect([answer.status, answer.body.code], path).toEqual([404, 'not_found']);
    }
  });

  it('when a request is logged, then with its path, its order and who asked', async () => {
    await operator.call('GET', `/v1/orders/${merchantOrderNo}/explain?token=secret`);
    const lines = api.log().trim().split('\n');
    const logged = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ req }) => JSON.stringify(req ?? {}).includes('/explain'));
    expect(logged.at(-1)).toMatchObject({
      event: 'request.completed',
      req: { method: 'GET', path: `/console/v1/orders/${merchantOrderNo}/explain` },
      merchantOrderNo,
      actor: 'ann',
    });
    expect(api.log()).not.toContain('token=secret');
  });

  it('when calls are measured, then those of the console stand by themselves', async () => {
    await operator.call('GET', '/v1/anomalies');
    const { values } = await api.metrics.httpRequestDuration.get();
    const routes = new Set(values.map(({ labels }) => labels.http_route));
    expect(routes).toContain('/console/v1/anomalies');
    expect([...routes].join()).not.toContain(merchantOrderNo);
  });
});

describe('a request that changes something', () => {
  const check = async (headers: Readonly<Record<string, string>>) =>
    await operator.call('POST', '/v1/anomalies/none/acknowledge', { headers });

  it('when the CSRF token is missing, wrong, or another session’s, then 403', async () => {
    const other = await ConsoleCaller.login(api);
    expect(other.session.csrfToken).not.toBe(operator.session.csrfToken);
    const wrong = [
      '',
      'x',
      `${operator.session.csrfToken}x`,
      other.session.csrfToken,
      operator.cookie.split('.').at(-1) ?? '',
    ];
    for (const token of wrong) {
      const answer = await check({ 'X-CSRF-Token': token });
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
  });

  it.each(['cross-site', 'same-site'])(
    'when it comes from %s, then 403 with the right token, too',
    async (site) => {
      expect((await check({ 'Sec-Fetch-Site': site })).status).toBe(403);
    },
  );

  it.each(['same-origin', 'none'])('when it comes from %s, then it is heard', async (site) => {
    expect((await check({ 'Sec-Fetch-Site': site })).status).toBe(404);
  });

  it('when it is forged, then nothing was done', async () => {
    const { stores } = stage.database;
    const at = new Date().toISOString();
    await stores.anomalies.raise('M1001/A-1', 't1', [{ kind: 'unclosable', at, detail: 'x' }]);
    const id = Buffer.from('unclosable:M1001/A-1').toString('base64url');
    const path = `/v1/anomalies/${id}/acknowledge`;
    const forged = await operator.call('POST', path, { headers: { 'X-CSRF-Token': 'forged' } });
    expect(forged.status).toBe(403);
    expect((await stores.anomalies.find('unclosable:M1001/A-1'))?.acknowledgedBy).toBeNull();
    const headers = { 'X-CSRF-Token': 'forged' };
    expect((await operator.call('DELETE', '/session', { headers })).status).toBe(403);
    expect((await operator.call('POST', path)).status).toBe(200);
    expect((await stores.anomalies.find('unclosable:M1001/A-1'))?.acknowledgedBy).toBe('ann');
  });

  it('when every call of /v1 that changes something is forged, then 403', async () => {
    const changing = v1Calls().filter(([method]) => method !== 'GET');
    expect(changing.length).toBeGreaterThan(8);
    for (const [method, path] of changing) {
      const headers = { 'X-CSRF-Token': '' };
      const answer = await operator.call(method, path, { headers });
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
  });
});
