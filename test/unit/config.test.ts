/** Configuration is read once: all of it is right, or the process says everything that is wrong and nothing secret. */
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.js';
import { Secret } from '../../src/config/secret.js';
import { VARIABLES } from '../../src/config/variables.js';
import {
  API_KEY,
  COMPLETE,
  MONGODB_PASSWORD,
  OPS_TOKEN,
  problemsOf,
  VERIFY_TOKEN_SECRET,
} from '../support/complete-environment.js';

const REQUIRED = Object.entries(VARIABLES)
  .filter(([, variable]) => variable.default === null)
  .map(([name]) => name);

describe('readConfig', () => {
  it('when only what is required is given, then everything else has its documented default', () => {
    const { OPS_TOKENS: _, ...required } = COMPLETE;
    const config = readConfig(required);
    expect(config.http).toEqual({
      port: 3_000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      metricsPort: null,
      corsOrigins: [],
      trustProxy: null,
    });
    expect(config.taskQueue).toBe('payment-orders');
    expect(config.codepay.notifyUrl).toBe('http://localhost:3000/v1/webhooks/codepay');
    expect(config.codepay.notFoundCodes).toEqual([]);
    expect(config.codepay.rateLimitPerSecond).toBe(50);
    expect(config.checks).toEqual({
      strategy: 'progressive',
      scheduleMs: [5_000, 30_000, 60_000, 180_000, 300_000, 600_000, 1_800_000],
      intervalMs: 30_000,
      windowMs: 600_000,
      limit: 10,
    });
    expect(config.policy).toEqual({
      closeGiveUpMs: 86_400_000,
      latePaymentWatchMs: 86_400_000,
      latePaymentPolicy: 'review',
    });
    expect(config.opsTokens).toEqual([]);
    expect(config.logLevel).toBe('info');
    expect(config.isTrial).toBe(false);
  });

  it('when nothing is given, then the error names everything that is missing at once', () => {
    expect(REQUIRED.length).toBeGreaterThan(4);
    let problems: readonly string[] = [];
    try {
      readConfig({});
    } catch (error) {
      problems = (error as ConfigError).problems;
      for (const problem of problems) expect((error as ConfigError).message).toContain(problem);
    }
    const named = problems.map((problem) => problem.split(' ')[0]);
    expect(named).toEqual([...REQUIRED, 'CODEPAY_PRIVATE_KEY', 'CODEPAY_PUBLIC_KEY']);
  });

  it.each(REQUIRED)('when %s is missing, empty or blank, then the start is refused', (name) => {
    for (const value of [undefined, '', '   ']) {
      expect(problemsOf({ [name]: value })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is missing: `)),
      ]);
    }
  });

  it('when the check of TLS certificates is switched off, then the start is refused', () => {
    expect(problemsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED .* NODE_EXTRA_CA_CERTS/),
    ]);
    expect(problemsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([]);
  });

  it('when several are wrong, then each is named in the same error', () => {
    const problems = problemsOf({
      PORT: 'http',
      CHECK_SCHEDULE: '5s,soon',
      CODEPAY_BASE_URL: 'gateway.example.com',
      CODEPAY_PRIVATE_KEY: 'no key',
      CHECK_STRATEGY: 'scheduled',
      SCHEDULED_CHECK_WINDOW: '1m',
      MONGODB_URI: undefined,
    });
    expect(problems.map((problem) => problem.split(/[ :]/)[0]).sort()).toEqual([
      'CHECK_SCHEDULE',
      'CODEPAY_BASE_URL',
      'CODEPAY_PRIVATE_KEY',
      'MONGODB_URI',
      'PORT',
      'SCHEDULED_CHECK_WINDOW',
    ]);
  });

  it('when values are wrong, then none of them appears in the error', () => {
    const marker = 'xXmarkerXx';
    const wrong = Object.fromEntries(
      Object.entries(VARIABLES)
        // Any text is a path, a name or a list; what a file holds is checked below.
        .filter(([name]) => name !== 'DATA_DIR')
        .map(([name]) => [name, `${marker} ${'!'.repeat(40)}:`]),
    );
    const environment = { ...wrong, CODEPAY_PRIVATE_KEY_FILE: '', CODEPAY_PUBLIC_KEY_FILE: '' };
    try {
      readConfig(environment);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems.length).toBeGreaterThan(15);
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(marker);
    }
  });

  it.each([
    ['PORT', ['-1', '65536', '3000.5', '80a'], ['0', '65535']],
    ['METRICS_PORT', ['-1', '65536', 'no'], ['0', '9464']],
    ['PUBLIC_URL', ['ftp://a.example.com', 'a.example.com', '/x'], ['https://a.example.com']],
    ['CODEPAY_NOTIFY_URL', ['a.example.com'], ['https://a.example.com/callbacks']],
    ['CODEPAY_BASE_URL', ['file:///etc/passwd'], ['http://127.0.0.1:3100/api/entry']],
    ['MONGODB_URI', ['http://a', 'localhost:27017'], ['mongodb+srv://a.example.com/x']],
    ['CODEPAY_APP_ID', ['x'.repeat(33)], ['x'.repeat(32)]],
    ['CODEPAY_MERCHANT_NO', ['M/1', 'x'.repeat(33)], ['M_1-a']],
    ['GATEWAY_RATE_LIMIT', ['0', '10001', 'fast'], ['0.1', '10000']],
    ['CHECK_STRATEGY', ['often'], ['progressive', 'scheduled']],
    ['SCHEDULED_CHECK_INTERVAL', ['4s', '3601s', '30'], ['5s', '1h']],
    ['SCHEDULED_CHECK_WINDOW', ['59s', '25h'], ['60s', '24h']],
    ['SCHEDULED_CHECK_LIMIT', ['0', '1001', '2.5'], ['1', '1000']],
    ['CLOSE_GIVE_UP', ['0s', '721h', '1d'], ['1s', '720h']],
    ['LATE_PAYMENT_WATCH', ['721h', '-1s'], ['1s', '720h']],
    ['LATE_PAYMENT_POLICY', ['ignore'], ['review']],
    ['VERIFY_TOKEN_SECRET', ['x'.repeat(31)], ['x'.repeat(32)]],
    ['CORS_ORIGINS', ['shop'], ['https://a.example.com, https://b.example.com']],
    ['LOG_LEVEL', ['verbose'], ['trace', 'silent']],
    ['TRIAL_MODE', ['yes'], ['0', '1', 'true', 'false']],
  ])(
    'when %s is outside its limits, then it is refused, and taken on them',
    (name, wrong, right) => {
      for (const value of wrong) {
        expect(problemsOf({ [name]: value }), value).toEqual([
          expect.stringMatching(new RegExp(`^${name} `)),
        ]);
      }
      for (const value of right) expect(problemsOf({ [name]: value }), value).toEqual([]);
    },
  );

  it('when the schedule has 1 to 50 steps of 1 s to 24 h, then it is taken in milliseconds', () => {
    const steps = (count: number, step: string) => Array(count).fill(step).join(',');
    for (const schedule of ['0s', '25h', '5', '5s,,x', ',', steps(51, '1s'), '1.5s', '5 s,1m']) {
      expect(problemsOf({ CHECK_SCHEDULE: schedule }), schedule).toHaveLength(1);
    }
    for (const [schedule, length] of [[steps(50, '24h'), 50] as const, ['1s', 1] as const]) {
      const config = readConfig({ ...COMPLETE, CHECK_SCHEDULE: schedule });
      expect(config.checks.scheduleMs).toHaveLength(length);
    }
    const spaced = readConfig({ ...COMPLETE, CHECK_SCHEDULE: ' 5s , 2h,' });
    expect(spaced.checks.scheduleMs).toEqual([5_000, 7_200_000]);
  });

  it('when the scheduled strategy would let orders leave the window unfinished, then it is refused', () => {
    const scheduled = { CHECK_STRATEGY: 'scheduled', SCHEDULED_CHECK_INTERVAL: '1m' };
    expect(problemsOf({ ...scheduled, SCHEDULED_CHECK_LIMIT: '10' })).toEqual([]);
    expect(problemsOf({ ...scheduled, SCHEDULED_CHECK_LIMIT: '11' })).toEqual([
      expect.stringMatching(/^SCHEDULED_CHECK_WINDOW must be at least/),
    ]);
    const progressive = { ...scheduled, CHECK_STRATEGY: 'progressive' };
    expect(problemsOf({ ...progressive, SCHEDULED_CHECK_LIMIT: '11' })).toEqual([]);
  });

  it('when API keys or tokens are malformed, then they are refused without being shown', () => {
    const good = 'x'.repeat(16);
    const wrong = ['a', `a b:${good}`, `:${good}`, 'a:short', `a:${good} ${good}`, `a:${good},b`];
    for (const value of wrong) {
      for (const name of ['API_KEYS', 'OPS_TOKENS']) {
        expect(problemsOf({ [name]: value }), value).toEqual([
          expect.stringMatching(new RegExp(`^${name} must be name:value pairs`)),
        ]);
      }
    }
    const config = readConfig({ ...COMPLETE, API_KEYS: `a:${good}:1, b.2:${good}` });
    expect(config.apiKeys.map(({ name, key }) => [name, key?.reveal()])).toEqual([
      ['a', `${good}:1`],
      ['b.2', good],
    ]);
  });

  it('when PUBLIC_URL ends with a slash, then the callback address has no double one', () => {
    const config = readConfig({ ...COMPLETE, PUBLIC_URL: 'https://pay.example.com/' });
    expect(config.codepay.notifyUrl).toBe('https://pay.example.com/v1/webhooks/codepay');
  });
});

describe('the parsed configuration', () => {
  const config = readConfig(COMPLETE);

  it('when somebody tries to change it, then it does not change', () => {
    const unfrozen: string[] = [];
    const visit = (value: unknown, path: string) => {
      const isPlain =
        Array.isArray(value) ||
        (typeof value === 'object' &&
          value !== null &&
          Object.getPrototypeOf(value) === Object.prototype);
      if (!isPlain) return;
      if (!Object.isFrozen(value)) unfrozen.push(path);
      for (const [name, part] of Object.entries(value as object)) visit(part, `${path}.${name}`);
    };
    visit(config, 'config');
    expect(unfrozen).toEqual([]);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => (config.apiKeys as unknown[]).push('x')).toThrow(TypeError);
  });

  it('when it is printed in whatever way, then no secret is in the text', () => {
    const texts = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true, getters: true }),
      format('%s %o %O %j', config, config, config, config),
      String(config.mongodbUri),
      `${config.verifyTokenSecret}`,
    ];
    const keyLine = COMPLETE.CODEPAY_PRIVATE_KEY.split('\n')[1] ?? '';
    expect(keyLine.length).toBeGreaterThan(20);
    const secrets = [API_KEY, OPS_TOKEN, VERIFY_TOKEN_SECRET, MONGODB_PASSWORD, keyLine];
    for (const text of texts) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(config.mongodbUri.reveal()).toContain(MONGODB_PASSWORD);
  });
});

describe('Secret', () => {
  it('when it is revealed, then it is the value, and nothing else shows it', () => {
    const secret = new Secret({ pin: 'hidden-value' });
    expect(secret.reveal()).toEqual({ pin: 'hidden-value' });
    expect(Object.keys(secret)).toEqual([]);
    for (const text of [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      `${secret}`,
    ]) {
      expect(text).toContain('[secret]');
      expect(text).not.toContain('hidden-value');
    }
  });
});
