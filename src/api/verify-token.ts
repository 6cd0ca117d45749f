import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../config/secret.js';

/** Separates this use of the secret from every other. */
const LABEL = 'payment-orders verify token v1';

/** Marks a verify token, so that a wrong one is told apart from a wrong API key. */
export const VERIFY_TOKEN_PREFIX = 'verify_';

/** The payer's credential for one order: nothing is stored, the same order always has the same token. */
export interface VerifyTokens {
  issue(orderId: string): string;
  /** In constant time. */
  matches(token: string, orderId: string): boolean;
}

export function createVerifyTokens(secret: Secret<string>): VerifyTokens {
  const issue = (orderId: string): string =>
    VERIFY_TOKEN_PREFIX +
    createHmac('sha256', secret.reveal()).update(`${LABEL}\n${orderId}`).digest('base64url');
  return {
    issue,
    matches(token, orderId) {
      const expected = Buffer.from(issue(orderId));
      const given = Buffer.from(token);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
