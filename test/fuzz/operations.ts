/** Every operation of the OpenAPI document as requests that are nearly right, or not at all. */
import fc from 'fast-check';
import { document } from '../api/openapi-check.js';
import { hostileBody } from './hostile-json.js';
import { hostileAddressPart, hostileText, percentEncoded } from './hostile-text.js';
import type { RawRequest } from './raw-exchange.js';
import { type JsonSchema, valuesOf } from './schema-values.js';

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly security: readonly object[];
  readonly parameters: readonly Parameter[];
  readonly bodySchema: JsonSchema | null;
}

interface DocumentedOperation {
  readonly security: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: object }>>;
  };
}

const components = document.components.schemas as Readonly<Record<string, JsonSchema>>;

/** All below /v1 but the gateway's callback, which has tests of its own. */
export const V1_OPERATIONS: readonly Operation[] = Object.entries(document.paths)
  .filter(([path]) => path.startsWith('/v1/') && !path.startsWith('/v1/webhooks/'))
  .flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, DocumentedOperation>>).map(
      ([method, { security, parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        security,
        parameters,
        bodySchema: (requestBody?.content['application/json']?.schema ?? null) as JsonSchema | null,
      }),
    ),
  );

/** Whether only operators may. */
export function isForOperators({ security }: Operation): boolean {
  return security.every((one) => Object.hasOwn(one, 'opsToken'));
}

/** @param orderNos of orders that are there */
export function requestsOf(
  operation: Operation,
  orderNos: readonly string[],
): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      target: targets(operation, orderNos),
      key: idempotencyKeys(operation),
      content: contents(operation),
    })
    .map(({ target, key, content }) => ({
      method: operation.method,
      target,
      headers: [
        ...(key === null ? [] : [['Idempotency-Key', key] as const]),
        ...(content.type === null ? [] : [['Content-Type', content.type] as const]),
      ],
      body: content.body,
    }));
}

function targets(operation: Operation, orderNos: readonly string[]): fc.Arbitrary<string> {
  const path = operation.path
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith('{') ? pathParts(part, orderNos) : fc.constant(part)));
  return fc
    .tuple(fc.tuple(...path), queries(operation))
    .map(([parts, query]) => `${parts.join('')}${query}`);
}

function pathParts(template: string, orderNos: readonly string[]): fc.Arbitrary<string> {
  const isOrderNo = template === '{merchantOrderNo}';
  return fc.oneof(
    { weight: isOrderNo ? 5 : 1, arbitrary: fc.constantFrom(...orderNos) },
    {
      weight: 1,
      arbitrary: fc.stringMatching(/^[A-Za-z0-9_\-|*@]{1,32}$/).map(encodeURIComponent),
    },
    { weight: 2, arbitrary: hostileAddressPart },
  );
}

function queries({ parameters }: Operation): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query');
  const names = fc.constantFrom(
    ...known.map(({ name }) => name),
    ...['limit', 'startingAfter', 'x', '__proto__', 'constructor', '%00', 'a[b]', 'limit[]', ''],
  );
  const hostilePair = fc
    .tuple(names, fc.constantFrom('', '[]', '[0]', '[$gt]', '%00'), hostileAddressPart)
    .map(([name, suffix, value]) => `${name}${suffix}=${value}`);
  const rightPairs = known.map(({ name, schema }) =>
    valuesOf(schema, components).map((value) => `${name}=${percentEncoded(String(value))}`),
  );
  const pairs = fc.array(
    fc.oneof(
      hostilePair,
      names.chain((name) =>
        hostileText.map((text) => `${name}=${percentEncoded(text.slice(0, 900))}`),
      ),
      ...rightPairs,
      ...rightPairs,
    ),
    { maxLength: 4 },
  );
  return pairs.map((all) => (all.length === 0 ? '' : `?${all.join('&')}`).slice(0, 9_000));
}

/** Of a header only Latin-1 without line ends: the others are no requests, and have tests of their own. */
export function headerText(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '')
    .slice(0, 2_000);
}

function idempotencyKeys({ parameters }: Operation): fc.Arbitrary<string | null> {
  return parameters.some((one) => one.in === 'header')
    ? fc.option(fc.oneof(hostileText.map(headerText), fc.uuid()), { nil: null })
    : fc.constant(null);
}

const CONTENT_TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'],
  ...['application/json; charset=utf-16', 'application/json;charset=;', 'application/problem+json'],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'x',
    '/',
  ],
] as const;

function contents({ method, bodySchema }: Operation): fc.Arbitrary<{
  readonly body: string | null;
  readonly type: string | null;
}> {
  if (method === 'GET') return fc.constant({ body: null, type: null });
  const valid = valuesOf(bodySchema ?? { type: 'object', properties: {} }, components);
  return fc.record({
    body: fc.option(hostileBody(valid as fc.Arbitrary<object>), { nil: null, freq: 12 }),
    type: fc.oneof(
      { weight: 8, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom(null, ...CONTENT_TYPES) },
    ),
  });
}
