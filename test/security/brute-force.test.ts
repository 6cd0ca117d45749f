/** Attack: guess a credential by trying many. The gateway's callback is never slowed down by it. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiConfig, OPS_TOKEN, type RunningApi, sendCallback } from '../api/api-environment.js';
import { login, SESSION_COOKIE } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { genuine, newKeyPair } from './gateway-forger.js';

/** What one address may get wrong in a minute. */
const GUESSES = 60;
const LOGINS = 10;

const codepay = newKeyPair();
let stage: RecordStage;
let paidPath: string;

beforeAll(async () => {
  stage = await recordStage();
  const order = await seedOrder(stage.database.stores, { status: 'paid' });
  paidPath = `/v1/orders/${order.merchantOrderNo}`;
});

afterAll(async () => await stage.close());

async function started(environment: NodeJS.ProcessEnv = {}): Promise<RunningApi> {
  const config = apiConfig({ CODEPAY_PUBLIC_KEY: codepay.publicPem, ...environment });
  return await stage.start({ config });
}

/** @returns how often each status was answered */
async function tried(
  count: number,
  attempt: (index: number) => Promise<{ readonly status: number }>,
): Promise<Readonly<Record<number, number>>> {
  const counts: Record<number, number> = {};
  for (let index = 0; index < count; index += 1) {
    const { status } = await attempt(index);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

const guess = () => randomBytes(24).toString('base64url');

describe('guessing API keys and ops tokens', () => {
  it('when an address has guessed wrong 60 times in a minute, then it is told to wait, whatever it claims to be', async () => {
    const api = await started();
    const counts = await tried(GUESSES + 10, async (index) => {
      // Without a trusted proxy nobody may say himself which address he has.
      const headers = { 'X-Forwarded-For': `203.0.113.${index}`, Forwarded: `for=10.0.0.${index}` };
      return await api.call('GET', paidPath, { credential: guess(), headers });
    });
    expect(counts).toEqual({ 401: GUESSES, 429: 10 });
    const refused = await api.call('GET', paidPath, { credential: guess() });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await api.call('GET', paidPath)).status).toBe(200);
  });

  it('when the guesses go to many routes, then they are counted together', async () => {
    const api = await started();
    const paths = ['/v1/orders', '/v1/events', paidPath, `${paidPath}/audit`, '/v1/nothing'];
    const counts = await tried(GUESSES + 5, async (index) =>
      api.call('GET', paths[index % paths.length] ?? '', { credential: guess() }),
    );
    expect(counts).toEqual({ 401: GUESSES, 429: 5 });
  });

  it('when a proxy is trusted, then each stranger behind it has a count of his own', async () => {
    const api = await started({ TRUST_PROXY: '1' });
    const from = async (address: string) =>
      await api.call('GET', paidPath, {
        credential: guess(),
        headers: { 'X-Forwarded-For': address },
      });
    expect(await tried(GUESSES + 1, () => from('203.0.113.1'))).toEqual({ 401: GUESSES, 429: 1 });
    expect((await from('203.0.113.2')).status).toBe(401);
    // What the stranger writes stands before what the proxy adds.
    expect((await from('198.51.100.7, 203.0.113.1')).status).toBe(429);
  });
});

describe('guessing verify tokens', () => {
  it('when an address has guessed wrong 60 times, then it is told to wait, and the payer is not held up', async () => {
    const api = await started();
    const token = String((await api.call('POST', `${paidPath}/verify-token`)).body.verifyToken);
    const verify = async (credential: string) =>
      await api.call('GET', `${paidPath}/verify`, { credential });
    const counts = await tried(GUESSES + 5, () => verify(`verify_${guess()}`));
    expect(counts).toEqual({ 404: GUESSES, 429: 5 });
    expect((await verify(token)).status).toBe(200);
  });

  it('when one is tried on routes that are closed to payers, then it is counted, too', async () => {
    const api = await started();
    const counts = await tried(GUESSES + 5, () =>
      api.call('GET', '/v1/orders', { credential: `verify_${guess()}` }),
    );
    expect(counts).toEqual({ 404: GUESSES, 429: 5 });
  });
});

describe('guessing at the console', () => {
  it('when ten logins failed, then an address waits, also with the right token and under other claimed addresses', async () => {
    const api = await started();
    const claimed = (index: number) => ({ 'X-Forwarded-For': `203.0.113.${index}` });
    const counts = await tried(LOGINS + 5, (index) => login(api, guess(), claimed(index)));
    expect(counts).toEqual({ 401: LOGINS, 429: 5 });
    expect((await login(api, OPS_TOKEN)).status).toBe(429);
  });

  it('when a login is not even readable, then it counts as a failed one', async () => {
    const api = await started();
    const counts = await tried(LOGINS + 2, () =>
      api.call('POST', '/console/session', {
        rawBody: '{"token":',
        headers: { 'Content-Type': 'application/json' },
        credential: null,
      }),
    );
    expect(counts).toEqual({ 400: LOGINS, 429: 2 });
  });

  it('when sessions are guessed, then none is open', async () => {
    const api = await started();
    const answers = await tried(20, async () =>
      api.call('GET', '/console/overview', {
        credential: null,
        headers: { Cookie: `${SESSION_COOKIE}=${guess()}.${guess()}` },
      }),
    );
    expect(answers).toEqual({ 401: 20 });
  });
});

describe('the gateway’s callback', () => {
  it('when an address is over every limit, then a signed callback from it is still taken', async () => {
    const api = await started();
    await tried(GUESSES + 1, () => api.call('GET', paidPath, { credential: guess() }));
    await tried(LOGINS + 1, () => login(api, guess()));
    const forged = await tried(100, () =>
      sendCallback(api, '{"app_id":"wz0000000001","sign":"AAAA"}'),
    );
    expect(forged).toEqual({ 401: 100 });
    const answer = await sendCallback(api, genuine('T-after-the-flood', codepay.privateKey));
    expect([answer.status, answer.text]).toEqual([200, 'success']);
    expect(answer.headers.get('RateLimit')).toBeNull();
  });

  it('when very many signed callbacks come at once, then all of them are taken', async () => {
    const api = await started();
    const bodies = Array.from({ length: 100 }, (_, index) =>
      genuine(`T-burst-${index}`, codepay.privateKey),
    );
    const answers = await Promise.all(bodies.map((body) => sendCallback(api, body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  });
});
