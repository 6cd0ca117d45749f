import { expect, it } from 'vitest';
import { partEnvironments } from '../../src/trial/part-environments.js';
import { readTrialSettings } from '../../src/trial/trial-settings.js';

const SECRETS = {
  merchant: { privateKeyFile: '/m-private', publicKeyFile: '/m-public' },
  gateway: { privateKeyFile: '/g-private', publicKeyFile: '/g-public' },
  audit: { privateKeyFile: '/a-private', publicKeyFile: '/a-public' },
  apiKey: 'the-api-key',
  opsToken: 'the-ops-token',
  verifyTokenSecret: 'the-verify-token-secret',
};

function environments(env: NodeJS.ProcessEnv = {}) {
  return partEnvironments(env, readTrialSettings(env), SECRETS);
}

it('when nothing is set, then all that the configuration asks for is invented', () => {
  const { api, worker, simulator } = environments();
  expect(api).toMatchObject({
    PORT: '3000',
    PUBLIC_URL: 'http://localhost:3000',
    MONGODB_URI: 'mongodb://127.0.0.1:27018/payment-orders',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    CODEPAY_BASE_URL: 'http://127.0.0.1:3100/api/entry',
    CODEPAY_NOTIFY_URL: 'http://127.0.0.1:3000/v1/webhooks/codepay',
    CODEPAY_PRIVATE_KEY_FILE: '/m-private',
    CODEPAY_PUBLIC_KEY_FILE: '/g-public',
    API_KEYS: 'trial:the-api-key',
    OPS_TOKENS: 'trial:the-ops-token',
    VERIFY_TOKEN_SECRET: 'the-verify-token-secret',
    TRIAL_MODE: '1',
  });
  expect(worker).toMatchObject({
    METRICS_PORT: '9464',
    AUDIT_SIGNING_KEY_FILE: '/a-private',
    CODEPAY_NOT_FOUND_CODES: 'ORDER_NOT_FOUND',
  });
  expect(simulator).toMatchObject({
    SIMULATOR_PORT: '3100',
    SIMULATOR_PRIVATE_KEY_FILE: '/g-private',
    SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: '/m-public',
  });
  expect(simulator.CODEPAY_APP_ID).toBe(worker.CODEPAY_APP_ID);
  expect(simulator.CODEPAY_MERCHANT_NO).toBe(worker.CODEPAY_MERCHANT_NO);
});

it('when a port of the worker is set, then the API does not take it as well', () => {
  const { api, worker } = environments({ METRICS_PORT: '9999' });
  expect(worker.METRICS_PORT).toBe('9999');
  expect(api).not.toHaveProperty('METRICS_PORT');
});

it('when the user has set values, then they win', () => {
  const { api } = environments({
    API_KEYS: 'shop:0123456789abcdef',
    MONGODB_URI: 'mongodb://elsewhere/orders',
    CODEPAY_MERCHANT_NO: 'M42',
    CHECK_SCHEDULE: '1s,2s',
  });
  expect(api).toMatchObject({
    API_KEYS: 'shop:0123456789abcdef',
    MONGODB_URI: 'mongodb://elsewhere/orders',
    CODEPAY_MERCHANT_NO: 'M42',
    CHECK_SCHEDULE: '1s,2s',
  });
});

it('when payloads are to be encrypted, then API and worker are told, whoever’s Temporal it is', () => {
  const { api, worker } = environments({ TEMPORAL_PAYLOAD_KEYS: 'k1:key' });
  expect([api.TEMPORAL_PAYLOAD_KEYS, worker.TEMPORAL_PAYLOAD_KEYS]).toEqual(['k1:key', 'k1:key']);
});

it('when the simulator runs, then keys of a real merchant are not used', () => {
  const { worker } = environments({
    CODEPAY_PRIVATE_KEY: 'real',
    CODEPAY_PUBLIC_KEY_FILE: '/real',
  });
  expect(worker.CODEPAY_PRIVATE_KEY).toBe('');
  expect(worker.CODEPAY_PUBLIC_KEY_FILE).toBe('/g-public');
});

it('when a gateway is given, then no credentials are invented for it', () => {
  const { worker } = environments({ CODEPAY_BASE_URL: 'https://gateway.test/api/entry' });
  expect(worker.CODEPAY_BASE_URL).toBe('https://gateway.test/api/entry');
  for (const name of ['CODEPAY_APP_ID', 'CODEPAY_MERCHANT_NO', 'CODEPAY_PRIVATE_KEY_FILE']) {
    expect(worker).not.toHaveProperty(name);
  }
});

it('when Temporal runs embedded, then credentials of another Temporal do not reach it', () => {
  const { worker } = environments({
    TEMPORAL_API_KEY: 'secret',
    TEMPORAL_NAMESPACE: 'production',
    TEMPORAL_TASK_QUEUE: 'mine',
  });
  expect(worker).not.toHaveProperty('TEMPORAL_API_KEY');
  expect(worker).toMatchObject({ TEMPORAL_NAMESPACE: 'default', TEMPORAL_TASK_QUEUE: 'mine' });
});

it('when a Temporal is given, then its settings are passed on untouched', () => {
  const given = { TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_API_KEY: 'secret' };
  const { worker } = environments({ ...given });
  expect(worker).toMatchObject(given);
  expect(worker).not.toHaveProperty('TEMPORAL_CONFIG_FILE');
});
