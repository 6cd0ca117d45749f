import { createHash } from 'node:crypto';

/** Crockford's base 32: no letters that look like others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/**
 * The number of a cart's order. It is made of the customer and the cart alone, so every retry, reload and tab of one
 * cart means one order, and nobody can name an order of somebody else.
 * Source: CodePay guide, 3.3: a retry reuses the order number.
 */
export function orderNumber(customerTag: string, cartId: string): string {
  const digest = createHash('sha256').update(`${customerTag}\n${cartId}`).digest();
  const symbols = [...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return `BAR-${symbols.join('')}`;
}
