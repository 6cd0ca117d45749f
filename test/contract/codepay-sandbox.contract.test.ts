/**
 * The contract suite against CodePay's real sandbox. It needs an account there, in the environment:
 * CODEPAY_SANDBOX_BASE_URL, _APP_ID, _MERCHANT_NO, _PRIVATE_KEY_FILE, _PUBLIC_KEY_FILE and _NOTIFY_URL;
 * _TERMINAL_SN adds the part that pushes an order to a terminal. No money moves, unless _REFUND=1 and _PAID_ORDER_NO, an
 * order in USD that somebody paid, ask for the part that refunds a cent of it.
 */
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { parsePrivateKey, parsePublicKeys } from '../../src/gateway/codepay/codepay-keys.js';
import { describeGatewayContract } from './gateway-contract.js';

const NEEDED = [
  'BASE_URL',
  'APP_ID',
  'MERCHANT_NO',
  'PRIVATE_KEY_FILE',
  'PUBLIC_KEY_FILE',
  'NOTIFY_URL',
] as const;

const given = (name: string): string => process.env[`CODEPAY_SANDBOX_${name}`] ?? '';
const missing = NEEDED.filter((name) => given(name) === '');

if (missing.length > 0) {
  describe('the gateway contract: CodePay sandbox', () => {
    it.skip(`not run: ${missing.map((name) => `CODEPAY_SANDBOX_${name}`).join(', ')} not given`);
  });
} else {
  describeGatewayContract(
    'CodePay sandbox',
    async () => ({
      options: {
        baseUrl: given('BASE_URL'),
        appId: given('APP_ID'),
        merchantNo: given('MERCHANT_NO'),
        privateKey: parsePrivateKey(readFileSync(given('PRIVATE_KEY_FILE'), 'utf8')),
        publicKeys: parsePublicKeys(readFileSync(given('PUBLIC_KEY_FILE'), 'utf8')),
        notifyUrl: given('NOTIFY_URL'),
        notFoundCodes: given('NOT_FOUND_CODES').split(',').filter(Boolean),
        requestTimeoutMs: 30_000,
      },
      terminalSn: given('TERMINAL_SN') || null,
      paidOrderNo: async () => given('PAID_ORDER_NO'),
      close: async () => undefined,
    }),
    {
      hasTerminal: given('TERMINAL_SN') !== '',
      refunds: given('REFUND') === '1' && given('PAID_ORDER_NO') !== '',
    },
  );
}
