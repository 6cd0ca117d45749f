import type { ZodError, z } from 'zod';
import { DomainError, type FieldError } from '../domain/errors.js';

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
