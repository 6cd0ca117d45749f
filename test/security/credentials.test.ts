/** Attack: find a usable key in the environment, go on with one that was taken away, do more than a key is for. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, apiConfig, OPS_TOKEN, type RunningApi } from '../api/api-environment.js';
import { document } from '../api/openapi-check.js';
import { ConsoleCaller } from '../console/console-caller.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { problemsOf } from '../support/complete-environment.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const NEXT_KEY = 'the-key-after-the-rotation';

let stage: RecordStage;
let path: string;

beforeAll(async () => {
  stage = await recordStage();
  const order = await seedOrder(stage.database.stores, { status: 'paid' });
  path = `/v1/orders/${order.merchantOrderNo}`;
});

afterAll(async () => await stage.close());

async function started(environment: NodeJS.ProcessEnv): Promise<RunningApi> {
  return await stage.start({
    config: apiConfig(environment),
    rateLimits: { perAddressUnauthenticated: 10_000 },
  });
}

describe('keys that stand in the environment as hashes', () => {
  it('when a key is used whose hash is there, then it opens; the hash itself opens nothing', async () => {
    const hash = sha256(API_KEY);
    const api = await started({ API_KEYS: `shop:sha256=${hash}` });
    expect((await api.call('GET', path)).status).toBe(200);
    for (const credential of [hash, `sha256=${hash}`, `shop:sha256=${hash}`, sha256(hash)]) {
      expect((await api.call('GET', path, { credential })).status).toBe(401);
    }
  });

  it('when an ops token is there as a hash, then it logs in to the console and calls', async () => {
    const api = await started({ OPS_TOKENS: `ann:sha256=${sha256(OPS_TOKEN).toUpperCase()}` });
    expect((await api.call('GET', path, { credential: OPS_TOKEN })).status).toBe(200);
    const operator = await ConsoleCaller.login(api);
    expect(operator.session.operator).toBe('ann');
    expect((await operator.call('GET', path)).status).toBe(200);
  });

  it('when a token is replaced by its hash, then sessions that it opened go on', async () => {
    const { cookie } = await ConsoleCaller.login(await started({}));
    const later = await started({ OPS_TOKENS: `ann:sha256=${sha256(OPS_TOKEN)}` });
    const options = { credential: null, headers: { Cookie: cookie } };
    expect((await later.call('GET', '/console/session', options)).body).toMatchObject({
      operator: 'ann',
    });
  });

  it.each([
    'shop:sha256=',
    'shop:sha256=abc',
    `shop:sha256=${'g'.repeat(64)}`,
    `shop:sha256=${'a'.repeat(65)}`,
    `shop[]:${API_KEY}`,
    `shop[everything]:${API_KEY}`,
    `shop[read+]:${API_KEY}`,
    `shop[operate]:${API_KEY}`,
    `shop[read:${API_KEY}`,
    `[read]:${API_KEY}`,
  ])('when API_KEYS is %s, then the service does not start and shows nothing of it', (API_KEYS) => {
    const problems = problemsOf({ API_KEYS });
    expect(problems).toEqual([expect.stringMatching(/^API_KEYS must be name:value pairs/)]);
    expect(problems.join()).not.toContain(API_KEY);
  });
});

describe('rotation of a key', () => {
  it('when two keys have one name, then both open; when the old one is gone, then it does not', async () => {
    const both = `shop:${API_KEY},shop:sha256=${sha256(NEXT_KEY)}`;
    const during = await started({ API_KEYS: both });
    const after = await started({ API_KEYS: `shop:sha256=${sha256(NEXT_KEY)}` });
    const statuses = async (api: RunningApi) => [
      (await api.call('GET', path, { credential: API_KEY })).status,
      (await api.call('GET', path, { credential: NEXT_KEY })).status,
    ];
    expect(await statuses(during)).toEqual([200, 200]);
    expect(await statuses(after)).toEqual([401, 200]);
    // Whichever of them was used, it is the same caller to whoever reads the log.
    expect(during.log().match(/"actor":"shop"/g)).toHaveLength(2);
  });
});

/** Every call that wants a credential, except those that only the other kind may make. */
function guardedCalls(kind: 'apiKey' | 'opsToken'): { method: string; address: string }[] {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => security.some((scheme) => kind in scheme))
      .map(([method]) => ({
        method: method.toUpperCase(),
        address: template
          .replace('/v1/orders/{merchantOrderNo}', path)
          .replace('{id}', '0'.repeat(64)),
      })),
  );
}

describe('what a credential is for', () => {
  /** @returns what was not forbidden */
  async function allowed(kind: 'apiKey' | 'opsToken', scopes: string): Promise<readonly string[]> {
    const credential = kind === 'apiKey' ? API_KEY : OPS_TOKEN;
    const api = await started({
      API_KEYS: `shop[${kind === 'apiKey' ? scopes : 'read'}]:${API_KEY}`,
      OPS_TOKENS: `ann[${kind === 'opsToken' ? scopes : 'read'}]:${OPS_TOKEN}`,
    });
    const open: string[] = [];
    for (const { method, address } of guardedCalls(kind)) {
      const { status } = await api.call(method, address, { credential, body: bodyOf(method) });
      if (status !== 403) open.push(`${method} ${address.split('/').at(-1)}`);
    }
    return open;
  }
  // Of no call: what is let in is refused for its body and does nothing.
  const bodyOf = (method: string) => (method === 'GET' ? undefined : { unknown: 1 });

  it('when a key may only read, then nothing that changes anything is open to it', async () => {
    const open = await allowed('apiKey', 'read');
    expect(open.length).toBeGreaterThan(8);
    expect(open.filter((call) => !call.startsWith('GET '))).toEqual([]);
  });

  it('when a key may only write, then it reads nothing and gives nothing back', async () => {
    const open = await allowed('apiKey', 'write');
    expect(open).toContain('POST orders');
    expect(open).toContain('POST cancel');
    expect(open).not.toContain('POST refunds');
    expect(open.filter((call) => call.startsWith('GET '))).toEqual([]);
  });

  it('when a key is for refunds alone, then refunds are all that is open', async () => {
    expect(await allowed('apiKey', 'refund')).toEqual(['POST refunds']);
  });

  it('when an operator may only look, then nothing that changes anything is open', async () => {
    const open = await allowed('opsToken', 'read');
    expect(open.length).toBeGreaterThan(8);
    expect(open.filter((call) => !call.startsWith('GET '))).toEqual([]);
  });

  it('when an operator may only look, then neither may the console’s session of that token', async () => {
    const api = await started({ OPS_TOKENS: `ann[read]:${OPS_TOKEN}` });
    const operator = await ConsoleCaller.login(api);
    expect((await operator.call('GET', path)).status).toBe(200);
    for (const action of ['cancel', 'check', 'review', 'refunds']) {
      expect((await operator.call('POST', `${path}/${action}`, { body: {} })).status).toBe(403);
    }
  });

  it('when a key may not have orders paid, then it is not shown their verify tokens', async () => {
    const api = await started({ API_KEYS: `shop[read]:${API_KEY},all:${NEXT_KEY}` });
    const reader = await api.call('GET', path);
    expect([reader.status, 'verifyToken' in reader.body]).toEqual([200, false]);
    const list = await api.call('GET', '/v1/orders');
    expect(list.text).not.toContain('verify_');
    const payer = await api.call('GET', path, { credential: NEXT_KEY });
    expect(payer.body.verifyToken).toMatch(/^verify_/);
  });
});

describe('npm run keys:new', () => {
  const entry = fileURLToPath(new URL('../../src/config/new-key.ts', import.meta.url));
  const run = async (...labels: string[]) =>
    await promisify(execFile)(process.execPath, ['--import', 'tsx', entry, ...labels]);

  it('when a name is given, then the key that it prints is the one whose hash it prints', async () => {
    const { stdout } = await run('shop[read+write]');
    const [, key = '', line = ''] = /^ {2}(\S+)\n.*\n {2}(\S+)\n$/m.exec(stdout) ?? [];
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(line).toBe(`shop[read+write]:sha256=${sha256(key)}`);
    const api = await started({ API_KEYS: line });
    expect((await api.call('GET', path, { credential: key })).status).toBe(200);
    expect((await api.call('POST', `${path}/refunds`, { credential: key })).status).toBe(403);
  });

  it.each([[], ['shop[all]']])(
    'when it is called with %j, then it says how, and invents nothing',
    async (...labels) => {
      await expect(run(...labels)).rejects.toMatchObject({ code: 1, stdout: '' });
    },
  );
});
