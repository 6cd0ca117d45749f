/**
 * Money is an integer of minor units and a currency; no floating point anywhere.
 * Source: ISO 4217, list one: the number of decimals per currency. All that are not two are listed here.
 */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
      .split(' ')
      .map((currency) => [currency, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((currency) => [currency, 3])),
  CLF: 4,
  UYW: 4,
};

/** Amounts above this are refused: sums of a thousand such orders are still exact integers. */
export const AMOUNT_MINOR_MAX = 999_999_999_999;

/** Number of decimals of a currency: USD 2, JPY 0, KWD 3. */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** Exact decimal text in major units, with the currency's own number of decimals: 1050 USD is `10.50`. */
export function formatMajor(amountMinor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Parses an exact decimal text in major units to minor units. `null` when the text is no plain decimal, has more
 * significant decimals than the currency, or is too large to be exact: such an amount equals nothing.
 */
export function parseMajor(text: string, currency: string): number | null {
  const match = /^(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,10}))?$/.exec(text.trim());
  if (match === null) return null;
  const exponent = currencyExponent(currency);
  const decimals = match[2] ?? '';
  if (/[1-9]/.test(decimals.slice(exponent))) return null;
  const amountMinor = Number(`${match[1]}${decimals.slice(0, exponent).padEnd(exponent, '0')}`);
  return Number.isSafeInteger(amountMinor) ? amountMinor : null;
}
