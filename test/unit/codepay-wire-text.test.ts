import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUtf8,
  readFormFields,
  readJsonFields,
  writeJsonFields,
} from '../../src/gateway/codepay/codepay-wire-text.js';

const entries = (fields: ReadonlyMap<string, string | null> | null) => fields && [...fields];

describe('messages as they were sent', () => {
  it('when JSON holds numbers and nested values, then each field is its source text', () => {
    const text =
      '{"amount":1.00,"big":12345678901234567890,"data":{ "a" : 1.0 },"list":[1, 2],"flag":true,"none":null,"text":"a\\u00e9\\n"}';
    expect(entries(readJsonFields(text))).toEqual([
      ['amount', '1.00'],
      ['big', '12345678901234567890'],
      ['data', '{ "a" : 1.0 }'],
      ['list', '[1, 2]'],
      ['flag', 'true'],
      ['none', null],
      ['text', 'aé\n'],
    ]);
  });

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a comment', '{"a":1 /* no */}'],
    ['a trailing comma', '{"a":1,}'],
    ['an array', '[1]'],
    ['a text', '"a"'],
    ['nothing', ''],
    ['more after it', '{"a":1}{"b":2}'],
    ['a raw line end in a string', '{"a":"\n"}'],
    ['a number with a leading zero', '{"a":01}'],
    ['nesting without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('when JSON is or has %s, then it is refused', (_, text) => {
    expect(readJsonFields(text)).toBeNull();
  });

  it('when a form is read, then names and values are decoded and base64 keeps its plus signs', () => {
    expect(entries(readFormFields('a=1+2&b=%C3%A9%26&sign=ab+c%2Bd%3D&empty='))).toEqual([
      ['a', '1 2'],
      ['b', 'é&'],
      ['sign', 'ab+c+d='],
      ['empty', ''],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a name twice', 'a=1&a=2'],
    ['no value', 'a'],
    ['no name', '=1'],
    ['bytes that are no UTF-8', 'a=%ff'],
    ['a broken escape', 'a=%4'],
  ])('when a form is or has %s, then it is refused', (_, text) => {
    expect(readFormFields(text)).toBeNull();
  });

  it('when bytes are no UTF-8 or begin with a byte order mark of other parsers, then no JSON is read', () => {
    expect(decodeUtf8(Uint8Array.of(0x7b, 0xff, 0x7d))).toBeNull();
    const marked = decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d));
    expect(marked === null ? null : readJsonFields(marked)).toBeNull();
  });

  it('when any fields are written, then the same fields are read again', () => {
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const value = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 8 }),
        (pairs) => {
          expect(entries(readJsonFields(writeJsonFields(new Map(pairs))))?.sort()).toEqual(
            pairs.sort(),
          );
        },
      ),
    );
  });
});
