/** An environment that the service starts with, and what is wrong with changed ones. */
import { readFileSync } from 'node:fs';
import { ConfigError, readConfig } from '../../src/config/config.js';

/** The text of a file in test/unit/vectors. */
export const vector = (name: string): string =>
  readFileSync(new URL(`../unit/vectors/${name}`, import.meta.url), 'utf8');

export const API_KEY = 'an-api-key-nobody-may-see';
export const OPS_TOKEN = 'an-ops-token-nobody-may-see';
export const VERIFY_TOKEN_SECRET = 'a verify token secret nobody may see';
export const MONGODB_PASSWORD = 'a-database-password-nobody-may-see';

export const COMPLETE = {
  MONGODB_URI: `mongodb://pay:${MONGODB_PASSWORD}@127.0.0.1:27017/payment-orders`,
  CODEPAY_BASE_URL: 'https://gateway.example.com/api/entry',
  CODEPAY_APP_ID: 'wz0000000001',
  CODEPAY_MERCHANT_NO: 'M1001',
  CODEPAY_PRIVATE_KEY: vector('rsa2048.pkcs8.pem'),
  CODEPAY_PUBLIC_KEY: vector('rsa2048.spki.pem'),
  API_KEYS: `shop:${API_KEY}`,
  OPS_TOKENS: `ann:${OPS_TOKEN}`,
  VERIFY_TOKEN_SECRET,
} as const;

/** What is wrong with the complete environment after these changes. */
export function problemsOf(changes: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig({ ...COMPLETE, ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
