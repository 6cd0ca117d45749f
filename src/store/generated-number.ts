import { createHash } from 'node:crypto';

const DIGITS = 31;

/**
 * A number for an order or refund that follows from what it is about: the same parts always give the same number.
 * @param prefix `O` for orders, `R` for refunds; 31 digits of a base 32 hash follow
 */
export function generatedNumber(prefix: 'O' | 'R', ...parts: readonly string[]): string {
  const hash = createHash('sha256').update(parts.join('\n')).digest('hex');
  const digits = BigInt(`0x${hash}`).toString(32).padStart(52, '0').toUpperCase();
  return prefix + digits.slice(0, DIGITS);
}
