import { formatMajor } from '../../domain/money.js';

/** An amount for reading, exact: 1050 minor units of USD is `10.50 USD`. */
export function moneyWords(amountMinor: number, currency: string): string {
  return `${formatMajor(amountMinor, currency)} ${currency}`;
}
