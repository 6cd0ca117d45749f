/** The console's session: who gets one, what its cookie is like, and when it ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_LENGTH_MS } from '../../src/api/console/console-sessions.js';
import { API_KEY, apiConfig, OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import {
  ConsoleCaller,
  cookieOf,
  login,
  PLAIN_SESSION_COOKIE,
  SESSION_COOKIE,
} from './console-caller.js';
import { type RecordStage, recordStage } from './record-api.js';

let stage: RecordStage;
let api: RunningApi;
let nowMs = Date.now();

beforeAll(async () => {
  stage = await recordStage();
  // Many logins fail here on purpose; the limit has its own test.
  const rateLimits = { failedLoginsPerAddress: 1_000 };
  api = await stage.start({ now: () => nowMs, rateLimits });
});

afterAll(async () => await stage.close());

async function sessionOf(cookie: string, running: RunningApi = api) {
  return await running.call('GET', '/console/session', {
    credential: null,
    headers: { Cookie: cookie },
  });
}

describe('logging in', () => {
  it('when the token is an operator’s, then there is a session of that name for 12 hours', async () => {
    const answer = await login(api);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      operator: 'ann',
      scopes: ['read', 'operate'],
      expiresAt: new Date(nowMs + SESSION_LENGTH_MS).toISOString(),
      csrfToken: expect.stringMatching(/^[\w-]{40,}$/),
      isTrial: true,
      temporalWorkflowsUrl: null,
    });
    const again = await sessionOf(cookieOf(answer));
    expect([again.status, again.body]).toEqual([200, answer.body]);
    expect(again.headers.get('Cache-Control')).toBe('no-store');
  });

  it('when it is reached by https, then the cookie is for the console alone and out of reach for scripts', async () => {
    const [cookie = ''] = (await login(api)).headers.getSetCookie();
    // Browsers refuse a cookie of this name that is not Secure, or was not set over https.
    expect(cookie).toMatch(/^__Secure-console_session=/);
    const attributes = cookie
      .split('; ')
      .slice(1)
      .map((text) => text.split('=', 1)[0]);
    expect(attributes.sort()).toEqual(['Expires', 'HttpOnly', 'Path', 'SameSite', 'Secure']);
    expect(cookie).toContain('Path=/console;');
    expect(cookie).toContain('SameSite=Strict');
    expect(Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '')).toBeCloseTo(
      nowMs + SESSION_LENGTH_MS,
      -4,
    );
  });

  it('when it is reached by plain http, then the cookie is not marked secure, unless a proxy took TLS off', async () => {
    const config = apiConfig({ PUBLIC_URL: 'http://localhost:3000', TRUST_PROXY: '1' });
    const plain = await stage.start({ config });
    const [cookie = ''] = (await login(plain)).headers.getSetCookie();
    expect(cookie).toMatch(/^console_session=/);
    expect(cookie).not.toContain('Secure');
    const forwarded = await login(plain, OPS_TOKEN, { 'X-Forwarded-Proto': 'https' });
    expect(forwarded.headers.getSetCookie()[0]).toMatch(/^__Secure-console_session=.*; Secure/);
  });

  it.each([
    ['a wrong token', 'wrong-wrong-wrong-wrong'],
    ['an API key', API_KEY],
    ['nearly the token', `${OPS_TOKEN}x`],
    ['a verify token', 'verify_0123456789'],
  ])('when it is tried with %s, then 401 without a cookie', async (_what, token) => {
    const answer = await login(api, token);
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['no token', {}, 422],
    ['an empty token', { token: '' }, 422],
    ['more than a token', { token: OPS_TOKEN, operator: 'bob' }, 422],
  ])('when the body holds %s, then it is refused', async (_what, body, status) => {
    const answer = await api.call('POST', '/console/session', { body, credential: null });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['from a neighbouring host', { 'Sec-Fetch-Site': 'same-site' }],
    ['from another origin', { Origin: 'https://evil.example.com' }],
    ['from a page without origin', { Origin: 'null' }],
  ])('when a page %s logs in, then 403 without a cookie', async (_what, headers) => {
    const answer = await login(api, OPS_TOKEN, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('when the console’s own page logs in, then it may, by whichever address it was opened', async () => {
    for (const Origin of [api.url, 'https://pay.example.com']) {
      expect((await login(api, OPS_TOKEN, { Origin })).status).toBe(200);
    }
  });

  it('when ten logins of an address failed within a minute, then 429, and who logged in works on', async () => {
    const limited = await stage.start();
    const { cookie } = await ConsoleCaller.login(limited);
    const wrong = async () => (await login(limited, 'wrong-wrong-wrong-wrong')).status;
    for (let count = 0; count < 10; count += 1) expect(await wrong()).toBe(401);
    expect(await wrong()).toBe(429);
    const right = await login(limited);
    expect([right.status, right.body.code]).toEqual([429, 'rate_limited']);
    expect((await sessionOf(cookie, limited)).status).toBe(200);
  });

  it('when logins succeed, then none of them is counted', async () => {
    const limited = await stage.start();
    for (let count = 0; count < 15; count += 1) expect((await login(limited)).status).toBe(200);
  });
});

describe('a session', () => {
  it('when there is none, then the answer says so, and is no error to a page that only asks', async () => {
    for (const cookie of ['', 'other=1', `${SESSION_COOKIE}=`, `${SESSION_COOKIE}=x.y`]) {
      const answer = await sessionOf(cookie);
      expect([answer.status, answer.body]).toEqual([200, null]);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it('when its cookie has the name that the other way of reaching the service uses, then it is none', async () => {
    const { cookie } = await ConsoleCaller.login(api);
    const former = cookie.replace(SESSION_COOKIE, PLAIN_SESSION_COOKIE);
    expect(former).toMatch(/^console_session=/);
    expect([(await sessionOf(former)).status, (await sessionOf(former)).body]).toEqual([200, null]);
    // The login that follows is not disturbed by it.
    const again = await login(api, OPS_TOKEN, { Cookie: former });
    expect((await sessionOf(`${former}; ${cookieOf(again)}`)).body).toEqual(again.body);
  });

  it('when the service is reached by plain http, then it is recognised by the plain name', async () => {
    const config = apiConfig({ PUBLIC_URL: 'http://localhost:3000' });
    const plain = await stage.start({ config });
    const { cookie, session } = await ConsoleCaller.login(plain);
    expect(cookie).toMatch(/^console_session=/);
    expect((await sessionOf(cookie, plain)).body).toEqual(session);
    const prefixed = cookie.replace(PLAIN_SESSION_COOKIE, SESSION_COOKIE);
    expect((await sessionOf(prefixed, plain)).body).toBeNull();
  });

  it('when any character of its cookie is changed, then it is none', async () => {
    const { cookie } = await ConsoleCaller.login(api);
    const begin = cookie.indexOf('=') + 1;
    // The last character of base64url may hold bits that stand for nothing: it must be the very text all the same.
    for (let index = begin; index < cookie.length; index += 1) {
      const changed = cookie[index] === 'A' ? 'B' : 'A';
      const forged = cookie.slice(0, index) + changed + cookie.slice(index + 1);
      expect((await sessionOf(forged)).body, `character ${index}`).toBeNull();
    }
  });

  it('when the payload names another operator under the old signature, then it is none', async () => {
    const { cookie } = await ConsoleCaller.login(api);
    const [payload = '', signature = ''] = cookie.slice(cookie.indexOf('=') + 1).split('.');
    const fields = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    expect(JSON.stringify(fields)).not.toContain(OPS_TOKEN);
    const forged = Buffer.from(JSON.stringify({ ...fields, operator: 'root' }));
    const answer = await sessionOf(
      `${SESSION_COOKIE}=${forged.toString('base64url')}.${signature}`,
    );
    expect(answer.body).toBeNull();
  });

  it('when 12 hours are over, then it has ended', async () => {
    const { cookie } = await ConsoleCaller.login(api);
    nowMs += SESSION_LENGTH_MS - 1;
    expect((await sessionOf(cookie)).body).not.toBeNull();
    nowMs += 1;
    expect((await sessionOf(cookie)).body).toBeNull();
  });

  it('when another process of the service reads it, then it is the same session', async () => {
    const { cookie, session } = await ConsoleCaller.login(api);
    const other = await stage.start();
    expect((await sessionOf(cookie, other)).body).toEqual(session);
  });

  it.each([
    ['taken away', { OPS_TOKENS: 'bob:token-of-somebody-else-1' }],
    ['replaced', { OPS_TOKENS: 'ann:token-of-the-tests-02' }],
    ['another operator’s by now', { OPS_TOKENS: `eve:${OPS_TOKEN}` }],
  ])('when its token is %s, then it has ended', async (_what, environment) => {
    const { cookie } = await ConsoleCaller.login(api);
    const later = await stage.start({ config: apiConfig(environment) });
    expect((await sessionOf(cookie, later)).body).toBeNull();
  });

  it('when the service’s secret is replaced, then it has ended', async () => {
    const { cookie } = await ConsoleCaller.login(api);
    const config = apiConfig({ VERIFY_TOKEN_SECRET: 'another secret of the tests, long too' });
    const later = await stage.start({ config });
    expect((await sessionOf(cookie, later)).body).toBeNull();
  });

  it('when it is left, then the cookie is taken back', async () => {
    const operator = await ConsoleCaller.login(api);
    const answer = await operator.call('DELETE', '/session');
    expect(answer.status).toBe(204);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-console_session=;/);
    expect(cookie).toContain('; Secure');
    expect(cookie).toContain('Path=/console;');
    expect(cookie).toContain('Expires=Thu, 01 Jan 1970');
  });

  it('when somebody logs in and out, then the log names who, and holds no secret', async () => {
    const running = await stage.start();
    const operator = await ConsoleCaller.login(running);
    await operator.call('DELETE', '/session');
    await login(running, 'wrong-wrong-wrong-wrong');
    const log = running.log();
    expect(log).toContain('"event":"console.login","actor":"ann"');
    expect(log).toContain('"event":"console.logout","actor":"ann"');
    const value = operator.cookie.slice(operator.cookie.indexOf('=') + 1);
    for (const secret of [OPS_TOKEN, 'wrong-wrong', value, operator.session.csrfToken]) {
      expect(log).not.toContain(secret);
    }
  });
});
