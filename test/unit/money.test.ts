import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMOUNT_MINOR_MAX,
  currencyExponent,
  formatMajor,
  parseMajor,
} from '../../src/domain/money.js';

describe('money', () => {
  it.each([
    [1_050, 'USD', '10.50'],
    [5, 'USD', '0.05'],
    [300, 'JPY', '300'],
    [1_500, 'KWD', '1.500'],
    [0, 'USD', '0.00'],
  ])('when %i minor units of %s are written, then the text is %s', (amount, currency, text) => {
    expect(formatMajor(amount, currency)).toBe(text);
    expect(parseMajor(text, currency)).toBe(amount);
  });

  it('when an amount is written and read again, then not a unit is lost', () => {
    const amounts = fc.integer({ min: 0, max: AMOUNT_MINOR_MAX });
    fc.assert(
      fc.property(amounts, fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (amount, currency) => {
        expect(parseMajor(formatMajor(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it.each(['1.005', '-1', '1e3', '1,000', '', ' ', '.5', '01', '99999999999999999999'])(
    'when the gateway writes %j, then it is no amount of US dollars',
    (text) => {
      expect(parseMajor(text, 'USD')).toBeNull();
    },
  );

  it('when the gateway drops or adds zeros, then the amount is the same', () => {
    expect(parseMajor('34.5', 'USD')).toBe(3_450);
    expect(parseMajor('34.5000', 'USD')).toBe(3_450);
    expect(parseMajor('300.00', 'JPY')).toBe(300);
  });

  it('when a currency is in the list of a money library, then the decimals agree', async () => {
    const currencies = await import('dinero.js/currencies');
    const listed = Object.values(currencies).filter(
      (currency): currency is typeof currencies.USD =>
        typeof currency === 'object' && 'exponent' in currency && currency.base === 10,
    );
    expect(listed.length).toBeGreaterThan(100);
    const differing = listed.filter(({ code, exponent }) => currencyExponent(code) !== exponent);
    expect(differing.map(({ code, exponent }) => `${code} ${exponent}`)).toEqual([]);
  });
});
