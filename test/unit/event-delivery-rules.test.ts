/** What follows from an attempt, where a webhook may lead, and which configuration is refused. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { checkLiteralAddress, isPublicAddress } from '../../src/events/address-guard.js';
import { afterAttempt, RETRY_PAUSES_MS } from '../../src/events/delivery-schedule.js';
import { COMPLETE, problemsOf } from '../support/complete-environment.js';

const NOW_MS = Date.parse('2026-01-01T00:00:00.000Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const URL_OF_SHOP = 'https://shop.example.com/events';

const outcomeOf = (httpStatus: number | null, attempts: number, randomness = 0) =>
  afterAttempt({ httpStatus, attempts, nowMs: NOW_MS, randomness });

describe('afterAttempt', () => {
  it.each([200, 201, 204, 299])('when the answer is %i, then it is delivered', (status) => {
    expect(outcomeOf(status, 1)).toEqual({ state: 'delivered', nextAttemptAt: null });
  });

  it.each([null, 100, 301, 302, 307, 308, 400, 401, 404, 409, 429, 500, 503])(
    'when the answer is %s, then it is tried again',
    (status) => {
      expect(outcomeOf(status, 1)).toEqual({
        state: 'waiting',
        nextAttemptAt: '2026-01-01T00:00:05.000Z',
      });
    },
  );

  it('when the answer is 410, then it stops at once', () => {
    expect(outcomeOf(410, 1)).toEqual({ state: 'stopped', nextAttemptAt: null });
  });

  it('when attempts go on, then each pause is longer than the last, over a little more than a day in all', () => {
    const sorted = [...RETRY_PAUSES_MS].sort((one, other) => one - other);
    expect(RETRY_PAUSES_MS).toEqual(sorted);
    const hours = RETRY_PAUSES_MS.reduce((sum, pauseMs) => sum + pauseMs, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(26);
    expect(outcomeOf(500, RETRY_PAUSES_MS.length).state).toBe('waiting');
    expect(outcomeOf(500, RETRY_PAUSES_MS.length + 1)).toEqual({
      state: 'exhausted',
      nextAttemptAt: null,
    });
  });

  it('when many fail together, then they come back apart, never early and at most a fifth later', () => {
    expect(outcomeOf(500, 2, 0).nextAttemptAt).toBe('2026-01-01T00:00:30.000Z');
    expect(outcomeOf(500, 2, 0.5).nextAttemptAt).toBe('2026-01-01T00:00:33.000Z');
    expect(outcomeOf(500, 2, 0.999_999).nextAttemptAt).toBe('2026-01-01T00:00:36.000Z');
  });
});

describe('addresses', () => {
  it.each([
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00:1450:4001:81b::200e',
  ])('when it is %s, then it is public', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254'],
    ...[
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...['::', '::1', '::127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1'],
    ...['2001:db8::1', '2002:a00:1::', 'fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'ff02::1'],
    ...['', 'localhost', '127.1'],
  ])('when it is "%s", then it is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
  ])('when a URL hides one as %s, then it is found', (url) => {
    expect(() => checkLiteralAddress(new URL(url))).toThrow('not a public one');
  });
});

describe('configuration of the webhook', () => {
  const problems = (changes: NodeJS.ProcessEnv) =>
    problemsOf({ MERCHANT_WEBHOOK_URL: URL_OF_SHOP, MERCHANT_WEBHOOK_SECRET: SECRET, ...changes });

  it('when no address is given, then events are sent nowhere', () => {
    expect(readConfig({ ...COMPLETE }).merchantWebhook).toBeNull();
  });

  it('when address and secrets are given, then the secrets do not print', () => {
    const { merchantWebhook } = readConfig({
      ...COMPLETE,
      MERCHANT_WEBHOOK_URL: URL_OF_SHOP,
      MERCHANT_WEBHOOK_SECRET: `${SECRET}, ${SECRET}`,
    });
    expect(merchantWebhook?.url).toBe(URL_OF_SHOP);
    expect(merchantWebhook?.secrets.map((secret) => secret.reveal())).toEqual([SECRET, SECRET]);
    expect(JSON.stringify(merchantWebhook)).not.toContain(SECRET);
  });

  it('when the secret is missing, then the start is refused', () => {
    expect(problems({ MERCHANT_WEBHOOK_SECRET: '' })).toEqual([
      'MERCHANT_WEBHOOK_SECRET is missing: MERCHANT_WEBHOOK_URL needs it',
    ]);
  });

  it.each(['secret', SECRET.slice('whsec_'.length), 'whsec_c2hvcnQ=', 'whsec_!!!!', `${SECRET},x`])(
    'when the secrets are "%s", then the start is refused and they are not shown',
    (secrets) => {
      const found = problems({ MERCHANT_WEBHOOK_SECRET: secrets });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^MERCHANT_WEBHOOK_SECRET must be whsec_/);
      expect(found[0]).not.toContain(SECRET);
    },
  );

  it('when the address is not https, then only the trial mode takes it', () => {
    const plain = { MERCHANT_WEBHOOK_URL: 'http://shop.example.com/events' };
    expect(problems(plain)).toEqual(['MERCHANT_WEBHOOK_URL must begin with https://']);
    expect(problems({ ...plain, TRIAL_MODE: '1' })).toEqual([]);
  });

  it.each([
    'ftp://shop.example.com/',
    'file:///etc/passwd',
    'shop.example.com',
    'javascript:alert(1)',
  ])('when the address is %s, then the start is refused', (url) =>
    expect(problems({ MERCHANT_WEBHOOK_URL: url, TRIAL_MODE: '1' })).toHaveLength(1),
  );

  it('when the address holds a password, then the start is refused and it is not shown', () => {
    const found = problems({ MERCHANT_WEBHOOK_URL: 'https://ann:hidden@shop.example.com/' });
    expect(found).toEqual(['MERCHANT_WEBHOOK_URL must hold no user name or password']);
  });
});
