import { expect, it } from 'vitest';
import { posHint } from '../../src/api/pos-result.js';

it.each([
  ['110', '[K026] operation canceled', 'canceled_by_user'],
  ['999', 'Transaction cancelled by the user', 'canceled_by_user'],
  ['110', 'Card declined', 'unexpected'],
  ['110', undefined, 'unexpected'],
  ['110', 'Communication error', 'unexpected'],
  ['106', '[M009] invalid app invoke', 'unexpected'],
  ['112', 'timeout', 'timeout'],
  ['000', 'Success', 'success'],
  ['0', '', 'success'],
  ['', '', 'unexpected'],
] as const)('when the terminal reports %s %s, then the hint is %s', (code, message, hint) => {
  const result = { responseCode: code, ...(message === undefined ? {} : { responseMsg: message }) };
  expect(posHint(result)).toBe(hint);
});
