/** JSON as text, because half of what breaks readers cannot be made by `JSON.stringify`. */
import fc from 'fast-check';
import { HOSTILE_TEXTS, hostileText, MARK } from './hostile-text.js';

const DEPTH = 100_000;

/** Values where something else is expected. Small enough for a body of 64 KB. */
export const HOSTILE_VALUES: readonly string[] = [
  ...['null', 'true', 'false', '[]', '{}', '""', '0', '-0', '-1', '1.0', '1.5', '1e2', '1E+2'],
  ...['1e400', '-1e400', '1e-400', '9007199254740993', '999999999999', '1000000000000'],
  ...['0.1', '10.50', '1050.0000000000001', '"1050"', '"10.50"', '[1050]', '{"value":1050}'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u202e"', '"\\ufeff"', '"\\u200b"'],
  ...['{"$gt":""}', '{"$where":"1"}', '{"$numberLong":"1"}', '{"$oid":"0"}', '{"$date":0}'],
  ...['{"_bsontype":"ObjectId"}', '{"_bsontype":"Long","low":1}', '{"toJSON":"x"}', '{"then":1}'],
  ...['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{}}}', '{"toString":1}'],
  ...['{"length":1e9}', '{"a":1,"a":2}', '[[[[[[]]]]]]', '[null]', '[""]'],
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `[${Array.from({ length: 5_000 }, () => 1).join(',')}]`,
  `{${Array.from({ length: 2_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
];

/** Texts that are no JSON object, or none that anybody should accept. */
export const HOSTILE_DOCUMENTS: readonly string[] = [
  ...[
    '',
    ' ',
    'null',
    '7',
    '"x"',
    '[]',
    '[{}]',
    '{',
    '}',
    '{]',
    '{"a"}',
    '{"a":}',
    '{,}',
    "{'a':1}",
  ],
  ...['{"a":1,}', '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":NaN}', '{"a":Infinity}', '{a:1}'],
  ...['{"a":"\\x41"}', '{"a":"\t"}', '{"a":1}{"a":2}', '{"a":1}//', '/**/{}', '\ufeff{}'],
  ...['{"__proto__":{"amount":1}}', '{"constructor":{}}', '{"a":{"__proto__":null}}', '\u0000'],
  `<html>${MARK}</html>`,
  `${'{"a":'.repeat(DEPTH / 10)}1${'}'.repeat(DEPTH / 10)}`,
  `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
  `{"a":"${'x'.repeat(1_000_000)}"}`,
  `{"a":${'9'.repeat(60_000)}}`,
  `{"a":1${' '.repeat(60_000)}}`,
];

/** One value as JSON text; lone surrogates are escaped, as `JSON.stringify` does it. */
export const hostileValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  { weight: 3, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

const hostileName: fc.Arbitrary<string> = fc.oneof(
  hostileText.map((text) => text.slice(0, 200)),
  fc.constantFrom('_bsontype', '$set', 'a.b', '', '__defineGetter__', 'valueOf', 'toJSON', 'then'),
);

type Change =
  | { readonly kind: 'replace'; readonly at: number; readonly value: string }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly value: string }
  | { readonly kind: 'add'; readonly name: string; readonly value: string };

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      at: fc.nat(30),
      value: hostileValue,
    }),
  },
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(30) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(30), value: hostileValue }),
  fc.record({ kind: fc.constant('add' as const), name: hostileName, value: hostileValue }),
);

/** The text of an object that is valid but for none, one or two changes, also inside what it nests. */
export function nearlyValid(valid: fc.Arbitrary<object>): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.array(change, { maxLength: 2 }), fc.option(change, { nil: null }))
    .map(([value, changes, inside]) => changed(value, changes, inside));
}

/** Anything at all as a body, from nearly valid to no JSON. */
export function hostileBody(valid: fc.Arbitrary<object>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: nearlyValid(valid) },
    { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_DOCUMENTS) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(HOSTILE_TEXTS)) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
  );
}

function changed(value: object, changes: readonly Change[], inside: Change | null): string {
  const pairs = Object.entries(value).map(([name, one]): [string, string] => {
    const isNested = typeof one === 'object' && one !== null && !Array.isArray(one);
    const text = isNested && inside !== null ? changed(one, [inside], null) : JSON.stringify(one);
    return [JSON.stringify(name), text];
  });
  for (const one of changes) applyChange(pairs, one);
  return `{${pairs.map((pair) => pair.join(':')).join(',')}}`;
}

function applyChange(pairs: [string, string][], one: Change): void {
  if (one.kind === 'add') {
    pairs.push([JSON.stringify(one.name), one.value]);
    return;
  }
  const at = one.at % Math.max(pairs.length, 1);
  const pair = pairs[at];
  if (pair === undefined) return;
  if (one.kind === 'remove') pairs.splice(at, 1);
  if (one.kind === 'replace') pair[1] = one.value;
  if (one.kind === 'repeat') pairs.push([pair[0], one.value]);
}
