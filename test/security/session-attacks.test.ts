/** Attack: have a session of the console that nobody opened, that somebody else chose, or that is over. */
import { createHmac, hkdfSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import { ConsoleCaller, cookieOf, login, SESSION_COOKIE } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';

const SECRET = 'a secret of the tests, long enough';

let stage: RecordStage;
let api: RunningApi;
let operator: ConsoleCaller;

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: { failedLoginsPerAddress: 1_000 } });
  operator = await ConsoleCaller.login(api);
});

afterAll(async () => await stage.close());

async function statusWith(cookie: string, running: RunningApi = api): Promise<number> {
  const options = { credential: null, headers: { Cookie: cookie } };
  return (await running.call('GET', '/console/overview', options)).status;
}

const cookieValue = (cookie: string) => cookie.slice(SESSION_COOKIE.length + 1);
const encoded = (payload: object) => Buffer.from(JSON.stringify(payload)).toString('base64url');

function payloadOf(cookie: string): Record<string, unknown> {
  const [payload = ''] = cookieValue(cookie).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

describe('session fixation', () => {
  it('when a cookie was planted before the login, then the login makes another one and the planted opens nothing', async () => {
    const planted = `${SESSION_COOKIE}=planted-by-somebody.else`;
    const answer = await login(api, OPS_TOKEN, { Cookie: planted });
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).not.toBe(planted);
    expect(await statusWith(planted)).toBe(401);
  });

  it('when an operator logs in again, then with a session that has nothing of the one before', async () => {
    const again = cookieOf(await login(api, OPS_TOKEN, { Cookie: operator.cookie }));
    expect(again).not.toBe(operator.cookie);
    expect(payloadOf(again).nonce).not.toBe(payloadOf(operator.cookie).nonce);
  });

  it('when an address carries a session, then it opens nothing', async () => {
    for (const name of [SESSION_COOKIE, 'console_session', 'session', 'sid', 'csrfToken']) {
      const path = `/console/overview?${name}=${cookieValue(operator.cookie)}`;
      expect((await api.call('GET', path, { credential: null })).status).toBe(401);
    }
  });
});

describe('forged sessions', () => {
  const signed = (payload: string, key: string | Buffer) =>
    `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;

  it('when the key of sessions signs, then it opens: forgeries do not fail for another reason', async () => {
    const label = 'payment-orders console session v1';
    const key = Buffer.from(hkdfSync('sha256', SECRET, '', label, 32));
    const value = signed(encoded(payloadOf(operator.cookie)), key);
    expect(await statusWith(`${SESSION_COOKIE}=${value}`)).toBe(200);
  });

  it.each([
    ['no signature', (payload: string) => payload],
    ['an empty signature', (payload: string) => `${payload}.`],
    ['the secret itself as the key', (payload: string) => signed(payload, SECRET)],
    ['an empty key', (payload: string) => signed(payload, '')],
    ['the ops token as the key', (payload: string) => signed(payload, OPS_TOKEN)],
    [
      'the key of CSRF tokens',
      (payload: string) => {
        const label = 'payment-orders console csrf v1';
        return signed(payload, Buffer.from(hkdfSync('sha256', SECRET, '', label, 32)));
      },
    ],
    [
      'the CSRF token as the signature',
      (payload: string) => `${payload}.${operator.session.csrfToken}`,
    ],
    ['a token without algorithm', (payload: string) => `${encoded({ alg: 'none' })}.${payload}.`],
    [
      'a second payload behind it',
      (payload: string) => `${cookieValue(operator.cookie)}.${payload}`,
    ],
  ])('when a session of another name has %s, then it opens nothing', async (_what, make) => {
    const payload = encoded({ ...payloadOf(operator.cookie), operator: 'root' });
    expect(await statusWith(`${SESSION_COOKIE}=${make(payload)}`)).toBe(401);
  });

  it('when the end of a session is put off, then it opens nothing', async () => {
    const [, signature] = cookieValue(operator.cookie).split('.');
    const later = encoded({ ...payloadOf(operator.cookie), expiresAtMs: 8_640_000_000_000_000 });
    expect(await statusWith(`${SESSION_COOKIE}=${later}.${signature}`)).toBe(401);
  });

  it('when a verify token or an API key is used as a session, then it opens nothing', async () => {
    const { merchantOrderNo } = await seedOrder(stage.database.stores);
    const path = `/v1/orders/${merchantOrderNo}/verify-token`;
    const token = String((await api.call('POST', path)).body.verifyToken);
    for (const value of [token, OPS_TOKEN, `${token}.${token}`]) {
      expect(await statusWith(`${SESSION_COOKIE}=${value}`)).toBe(401);
    }
  });

  it('when a forged cookie is sent before or behind the real one, then the real one counts and no other name', async () => {
    const forged = `${SESSION_COOKIE}=${encoded({ operator: 'root' })}.x`;
    for (const cookie of [`${forged}; ${operator.cookie}`, `${operator.cookie}; ${forged}`]) {
      const options = { credential: null, headers: { Cookie: cookie } };
      const session = await api.call('GET', '/console/session', options);
      expect(session.body).toMatchObject({ operator: 'ann' });
    }
  });
});

describe('copied cookies', () => {
  it('when the operator has logged out, then the copy opens nothing, at another process neither', async () => {
    const other = await stage.start();
    const victim = await ConsoleCaller.login(api);
    const copy = victim.cookie;
    for (const running of [api, other]) expect(await statusWith(copy, running)).toBe(200);
    expect((await victim.call('DELETE', '/session')).status).toBe(204);
    const { merchantOrderNo } = await seedOrder(stage.database.stores);
    const thief = { 'X-CSRF-Token': victim.session.csrfToken, Cookie: copy };
    for (const running of [api, other]) {
      const call = async (method: string, path: string) =>
        await running.call(method, `/console${path}`, { credential: null, headers: thief });
      for (const path of ['/overview', '/live', '/v1/orders', `/live/orders/${merchantOrderNo}`]) {
        expect((await call('GET', path)).status, path).toBe(401);
      }
      expect((await call('POST', `/v1/orders/${merchantOrderNo}/cancel`)).status).toBe(401);
      expect((await call('DELETE', '/session')).status).toBe(401);
      const session = await call('GET', '/session');
      expect([session.status, session.body]).toEqual([200, null]);
    }
  });

  it('when the copy is sent twice, beside others, or after the operator is back, then it still opens nothing', async () => {
    const victim = await ConsoleCaller.login(api);
    await victim.call('DELETE', '/session');
    const again = await ConsoleCaller.login(api);
    expect(await statusWith(again.cookie)).toBe(200);
    expect(await statusWith(victim.cookie)).toBe(401);
    expect(await statusWith(`${victim.cookie}; ${victim.cookie}`)).toBe(401);
    expect(await statusWith(`${SESSION_COOKIE}=x.y; ${victim.cookie}`)).toBe(401);
    expect(await statusWith(`${victim.cookie}; ${again.cookie}`)).toBe(200);
  });

  it('when the thief logs out with the copy, then that is the end of the session for both', async () => {
    const victim = await ConsoleCaller.login(api);
    const thief = new ConsoleCaller(api.url, victim.cookie, victim.session);
    expect((await thief.call('DELETE', '/session')).status).toBe(204);
    expect(await statusWith(victim.cookie)).toBe(401);
  });

  it('when somebody reads what is stored about ended sessions, then it opens nothing', async () => {
    const victim = await ConsoleCaller.login(api);
    await victim.call('DELETE', '/session');
    const ended = stage.database.connection.collection('ended_sessions');
    const text = JSON.stringify(await ended.find().toArray());
    expect(text).not.toBe('[]');
    for (const part of [...cookieValue(victim.cookie).split('.'), victim.session.csrfToken]) {
      expect(text).not.toContain(part);
    }
    expect(text).not.toContain(String(payloadOf(victim.cookie).nonce));
  });
});
