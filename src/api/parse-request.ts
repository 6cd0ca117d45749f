import type { Request } from 'express';
import type { ZodError, z } from 'zod';
import { DomainError, type FieldError } from '../domain/errors.js';
import { idempotencyHeadersSchema } from './common-schemas.js';

/** Where the value came from; the first part of the pointers of query and header errors. */
export type RequestPart = 'body' | 'query' | 'header';

/**
 * @returns the value as the schema reads it
 * @throws {DomainError} `validation_failed` naming every wrong field, `malformed_body` when there is no body at all
 */
export function parseRequest<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: RequestPart,
): z.output<S> {
  if (part === 'body' && value === undefined) {
    throw new DomainError('malformed_body', 'A JSON body is needed.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(fieldErrors(parsed.error, value, part), `The ${part} of the request is not valid.`);
}

/** @throws {DomainError} `validation_failed` for a key that is too long or not printable */
export function idempotencyKeyOf(request: Request): string | undefined {
  const headers = { 'Idempotency-Key': request.get('Idempotency-Key') };
  return parseRequest(idempotencyHeadersSchema, headers, 'header')['Idempotency-Key'];
}

/** The parameters of a query as text. */
export function parseQuery<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  return parseRequest(schema, { ...request.query }, 'query');
}

/** @throws {DomainError} `validation_failed`: the page cannot begin after something that is not there */
export function unknownStart(what: string): DomainError {
  const detail = `is not the ${what}`;
  return invalid(
    [{ pointer: '/query/startingAfter', code: 'invalid_value', detail }],
    'The query of the request is not valid.',
  );
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the filters that were not asked for. */
export function givenFilters<T extends object>(filter: T): Given<T> {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}

/** A request that is well-formed and not acceptable. */
export function invalid(errors: readonly FieldError[], safeMessage: string): DomainError {
  return new DomainError('validation_failed', safeMessage, { fieldErrors: errors });
}

function fieldErrors(error: ZodError, value: unknown, part: RequestPart): FieldError[] {
  const prefix = part === 'body' ? '' : `/${part}`;
  return error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: prefix + pointerTo([...issue.path, key]),
        code: 'unknown_field',
        detail: 'is not a known field',
      }));
    }
    const isAbsent = ABSENCE_CODES.has(issue.code) && valueAt(value, issue.path) === undefined;
    return [
      {
        pointer: prefix + pointerTo(issue.path),
        code: isAbsent ? 'required' : ISSUE_CODES[issue.code],
        detail: isAbsent ? 'is required' : issue.message,
      },
    ];
  });
}

/** What a schema says of a field that is not there. */
const ABSENCE_CODES: ReadonlySet<string> = new Set([
  'invalid_type',
  'invalid_value',
  'invalid_union',
]);

const ISSUE_CODES = {
  invalid_type: 'wrong_type',
  too_big: 'out_of_range',
  too_small: 'out_of_range',
  not_multiple_of: 'out_of_range',
  unrecognized_keys: 'unknown_field',
  invalid_format: 'invalid_value',
  invalid_union: 'invalid_value',
  invalid_key: 'invalid_key',
  invalid_element: 'invalid_value',
  invalid_value: 'invalid_value',
  custom: 'invalid_value',
} as const;

/** Source: RFC 6901, JSON Pointer. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === 'object' && current !== null
        ? (current as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}
