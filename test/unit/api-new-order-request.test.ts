import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOrderRequest } from '../../src/api/new-order-request.js';
import { createOrderSchema } from '../../src/api/order-schemas.js';
import { parseRequest } from '../../src/api/parse-request.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { DomainError } from '../../src/domain/errors.js';
import { AMOUNT_MINOR_MAX } from '../../src/domain/money.js';
import { MERCHANT_ORDER_NO_PATTERN } from '../../src/domain/order.js';
import { generatedNumber } from '../../src/store/generated-number.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function configWith(environment: NodeJS.ProcessEnv = {}): Config {
  return readConfig({
    MONGODB_URI: 'mongodb://127.0.0.1:1/unused',
    CODEPAY_BASE_URL: 'http://127.0.0.1:1/api/entry',
    CODEPAY_APP_ID: 'wz0000000001',
    CODEPAY_MERCHANT_NO: 'M1001',
    CODEPAY_PRIVATE_KEY: privateKey,
    CODEPAY_PUBLIC_KEY: publicKey,
    API_KEYS: 'shop:0123456789abcdef',
    VERIFY_TOKEN_SECRET: '0123456789abcdef0123456789abcdef',
    ...environment,
  });
}

const config = configWith();
const posOrder = { merchantOrderNo: 'A-1', channel: 'pos', amount: 1_050, currency: 'USD' };

function asked(body: object, using: Config = config) {
  const parsed = parseRequest(createOrderSchema, body, 'body');
  return newOrderRequest(parsed, { idempotencyKey: undefined, config: using });
}

/** The fields that a body is refused for, with the codes. */
function refusedFields(body: object): readonly string[] {
  try {
    asked(body);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.fieldErrors.map(({ pointer, code }) => `${pointer} ${code}`);
  }
  return [];
}

describe('the content of an order', () => {
  it('when the configured defaults change, then the same request has the same content hash', () => {
    const other = configWith({ CHECK_SCHEDULE: '1s,2s', LATE_PAYMENT_WATCH: '1h' });
    expect(asked(posOrder, other).contentHash).toBe(asked(posOrder).contentHash);
    expect(asked(posOrder, other).checks.scheduleMs).toEqual([1_000, 2_000]);
  });

  it('when fields stand in another order or a duration is written otherwise, then it is the same content', () => {
    const checks = { strategy: 'progressive', schedule: ['60s'] };
    const { contentHash } = asked({ ...posOrder, checks });
    const { channel, currency, ...rest } = posOrder;
    const rewritten = { ...checks, schedule: ['1m'] };
    expect(asked({ checks: rewritten, currency, channel, ...rest }).contentHash).toBe(contentHash);
  });

  it.each([
    ['amount', { amount: 1_051 }],
    ['currency', { currency: 'EUR' }],
    ['channel', { channel: 'hosted' }],
    ['description', { description: 'x' }],
    ['metadata', { metadata: { cart: '1' } }],
    ['checks', { checks: { strategy: 'progressive' } }],
  ])('when the %s differs, then it is other content', (_name, change) => {
    expect(asked({ ...posOrder, ...change }).contentHash).not.toBe(asked(posOrder).contentHash);
  });

  it('when a key is given, then the number is legal, always the same, and another merchant has another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 255 }), (key) => {
        const number = generatedNumber('O', 'M1001', key);
        expect(number).toMatch(MERCHANT_ORDER_NO_PATTERN);
        expect(number).toHaveLength(32);
        expect(generatedNumber('O', 'M1001', key)).toBe(number);
        expect(generatedNumber('O', 'M1002', key)).not.toBe(number);
      }),
    );
  });
});

describe('a body', () => {
  it.each([
    [{ amount: 0 }, '/amount out_of_range'],
    [{ amount: -1 }, '/amount out_of_range'],
    [{ amount: AMOUNT_MINOR_MAX + 1 }, '/amount out_of_range'],
    [{ amount: 1.5 }, '/amount wrong_type'],
    [{ amount: '1050' }, '/amount wrong_type'],
    [{ amount: undefined }, '/amount required'],
    [{ channel: undefined }, '/channel required'],
    [{ channel: 'web' }, '/channel invalid_value'],
    [{ currency: 'usd' }, '/currency invalid_value'],
    [{ currency: 'ZZZ' }, '/currency invalid_value'],
    [{ channel: 'cloud' }, '/terminalSn invalid_value'],
    [{ description: 'x'.repeat(256) }, '/description out_of_range'],
    [{ description: 'line\nbreak' }, '/description invalid_value'],
    [{ redirectUrl: 'javascript:alert(1)' }, '/redirectUrl invalid_value'],
    [{ redirectUrl: '/relative' }, '/redirectUrl invalid_value'],
    [{ redirectUrl: 'https://user@shop.example.com/' }, '/redirectUrl invalid_value'],
    [{ metadata: { a: 1 } }, '/metadata/a wrong_type'],
    [{ metadata: { a: 'x'.repeat(501) } }, '/metadata/a out_of_range'],
    [{ metadata: { 'a b': 'x' } }, '/metadata/a b invalid_key'],
    [{ merchantOrderNo: 'x'.repeat(33) }, '/merchantOrderNo invalid_value'],
    [{ merchantOrderNo: '' }, '/merchantOrderNo invalid_value'],
    [{ policy: {} }, '/policy unknown_field'],
    [{ checks: { strategy: 'progressive', limit: 3 } }, '/checks/limit unknown_field'],
    [{ checks: { strategy: 'progressive', schedule: [] } }, '/checks/schedule out_of_range'],
    [{ checks: { strategy: 'progressive', schedule: ['0s'] } }, '/checks/schedule/0 invalid_value'],
    [
      { checks: { strategy: 'progressive', schedule: ['25h'] } },
      '/checks/schedule/0 invalid_value',
    ],
    [{ checks: { strategy: 'scheduled', interval: '1s' } }, '/checks/interval invalid_value'],
    [{ checks: { strategy: 'scheduled', limit: 0 } }, '/checks/limit out_of_range'],
    [{ checks: { strategy: 'never' } }, '/checks/strategy invalid_value'],
  ])('when it has %j, then %s', (change, refusal) => {
    expect(refusedFields({ ...posOrder, ...change })).toEqual([refusal]);
  });

  it('when there are more than twenty metadata keys, then it is refused', () => {
    const metadata = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'v']));
    expect(refusedFields({ ...posOrder, metadata })).toEqual(['/metadata invalid_value']);
  });

  it('when scheduled checks would outlast the window, then they are refused: the order would never be closed', () => {
    const checks = { strategy: 'scheduled', interval: '60s', limit: 10 };
    expect(refusedFields({ ...posOrder, checks })).toEqual([]);
    expect(refusedFields({ ...posOrder, checks: { ...checks, limit: 11 } })).toEqual([
      '/checks out_of_range',
    ]);
  });
});
