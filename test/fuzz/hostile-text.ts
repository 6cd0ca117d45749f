/** Texts that break careless code, alone and among random ones. */
import fc from 'fast-check';

/** Stands in hostile texts; an answer in HTML or a line of the log that shows it has let a request through. */
export const MARK = 'zq7mark';

/** Each for a reason of its own: that is what the names say. */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' ',
  highSurrogateAlone: `${MARK}\ud800`,
  lowSurrogateAlone: `\udfff${MARK}`,
  surrogatesSwapped: '\udc00\ud83d',
  nul: `a\u0000${MARK}`,
  lineEnds: `${MARK}\r\nSet-Cookie: ${MARK}=1\r\n\r\n<${MARK}>`,
  logLine: `${MARK}\n{"level":"fatal","event":"${MARK}"}`,
  separators: 'a\u2028b\u2029c\u0085',
  escapes: '\u001b[2J\u001b]0;x\u0007',
  rightToLeft: '\u202epaid\u202c \u2066x\u2069',
  zeroWidth: 'pa\u200bid\u200d\ufeff',
  byteOrderMark: '\ufeffA-1',
  emoji: '👩‍👩‍👧‍👦🏳️‍🌈💶',
  combining: `e${'\u0301'.repeat(60)}`,
  normalForms: 'Å\u212bA\u030a',
  dotlessI: 'ıİſK',
  html: `<${MARK} onerror=x>"'><script>${MARK}()</script>`,
  template: `\${${MARK}}{{7*7}}#{7*7}%{7*7}`,
  formula: `=HYPERLINK("http://${MARK}")`,
  mongo: '{"$gt":""}',
  mongoPath: '$where.a.b',
  prototype: '__proto__',
  constructorName: 'constructor',
  hiddenMethod: 'hasOwnProperty',
  pathUp: '../../../../etc/passwd',
  pathUpEncoded: '..%2f..%252f%00',
  overlongNumber: '9'.repeat(400),
  exponent: '1e400',
  negativeZero: '-0',
  hexadecimal: '0x10',
  otherDigits: '١٠٥٠',
  fullWidthDigits: '１０',
  notANumber: 'NaN',
  infinity: 'Infinity',
  undefinedWord: 'undefined',
  booleanWord: 'true',
  ampersand: 'a&trans_status=2&b=',
  long: 'x'.repeat(20_000),
  longEmoji: '💶'.repeat(5_000),
};

/** Any UTF-16 code units, lone surrogates among them, which JavaScript allows in a text and UTF-8 does not. */
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 24 })
  .map((units) => String.fromCharCode(...units));

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(HOSTILE_TEXTS)) },
  { weight: 2, arbitrary: codeUnits },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
);

/** As bytes and then in percent signs: also what is no UTF-8 and what nobody would encode. */
export function percentEncoded(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

/** Parts of an address that were encoded wrongly, twice, or into what a path must not hold. */
export const hostileAddressPart: fc.Arbitrary<string> = fc.oneof(
  hostileText.map((text) => percentEncoded(text.slice(0, 2_000))),
  fc.constantFrom(
    ...['%', '%0', '%zz', '%00', '%ff', '%c0%ae', '%ed%a0%80', '%2F', '%5c', '%252e%252e', '..'],
    ...[
      '%2e%2e',
      '%2e%2e%2fv1',
      '.',
      '...',
      ';a=b',
      '..;',
      '~',
      '*',
      '@',
      '|',
      '%7C',
      '%2A',
      '%40',
    ],
    ...['A-1%0d%0aX-Injected:1', 'A-1%09', 'A-1%20', '%E2%80%AEA-1', 'null', '[object%20Object]'],
    'a'.repeat(4_000),
  ),
);
