import { describe, expect, it } from 'vitest';
import { signingContent } from '../../src/domain/signing-content.js';

describe('the text that is signed', () => {
  it('when fields come in any order, then it is sorted by name in ordinal order', () => {
    const fields = new Map([
      ['b', '2'],
      ['a_b', '4'],
      ['aB', '3'],
      ['A', '1'],
    ]);
    expect(signingContent(fields)).toBe('A=1&aB=3&a_b=4&b=2');
  });

  it('when a field is the signature, null or empty, then it does not enter, but sign_type does', () => {
    const fields = new Map<string, string | null>([
      ['sign', 'xyz'],
      ['sign_type', 'RSA2'],
      ['description', ''],
      ['attach', null],
      ['zero', '0'],
    ]);
    expect(signingContent(fields)).toBe('sign_type=RSA2&zero=0');
  });

  it('when values hold separators or other alphabets, then nothing is encoded', () => {
    expect(signingContent(new Map([['url', 'https://a.test/?b=1&c=ä ✓']]))).toBe(
      'url=https://a.test/?b=1&c=ä ✓',
    );
  });
});
