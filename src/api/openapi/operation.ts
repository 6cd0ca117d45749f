/** What the descriptions of operations share. */
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.js';
import { problemSchema } from '../answer-schemas.js';
import { merchantOrderNoSchema } from '../order-schemas.js';
import { PROBLEM_KINDS } from '../problem-kinds.js';

export const SECURITY_SCHEMES = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'API key of the merchant; 403 for what it is not for.',
  },
  opsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'Token of an operator; 403 for what it is not for.',
  },
  verifyToken: {
    type: 'http',
    scheme: 'bearer',
    description: "The payer's token: verify, pay and pos-result of one order.",
  },
} as const;

type SchemeName = keyof typeof SECURITY_SCHEMES;

/** Any one of these credentials. */
export function anyOf(...names: readonly SchemeName[]): NonNullable<RouteConfig['security']> {
  return names.map((name) => ({ [name]: [] }));
}

export const orderPathSchema = z.object({ merchantOrderNo: merchantOrderNoSchema });

const requestIdHeader = {
  'X-Request-Id': {
    description: 'As sent, or made by the service.',
    schema: { type: 'string' as const },
  },
};

type Responses = RouteConfig['responses'];

export function jsonResponse(
  description: string,
  schema: z.ZodType,
  options: { readonly headers?: object; readonly examples?: object } = {},
): Responses[string] {
  return {
    description,
    headers: { ...requestIdHeader, ...options.headers },
    content: {
      'application/json': {
        schema,
        ...(options.examples === undefined ? {} : { examples: options.examples as never }),
      },
    },
  };
}

/** A call that takes a body, even an empty one, may end so. */
export const BODY_CODES = [
  'malformed_body',
  'payload_too_large',
  'unsupported_media_type',
] as const satisfies readonly ErrorCode[];

/** Every call behind a credential may end so. */
const COMMON_CODES: readonly ErrorCode[] = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'rate_limited',
  'validation_failed',
  'internal',
];

/** The errors of an operation, by status, each with an example. */
export function problemResponses(codes: readonly ErrorCode[], isPublic = false): Responses {
  const all = isPublic ? codes : [...new Set([...codes, ...COMMON_CODES])];
  const statuses = [...new Set(all.map((code) => PROBLEM_KINDS[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = all.filter((code) => PROBLEM_KINDS[code].status === status);
      const isRetryable = ofStatus.some(
        (code) => PROBLEM_KINDS[code].retryAfterSeconds !== undefined,
      );
      return [
        status,
        {
          description: ofStatus
            .map((code) => `\`${code}\`: ${PROBLEM_KINDS[code].explanation}`)
            .join('\n\n'),
          headers: {
            ...requestIdHeader,
            ...(isRetryable
              ? { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' as const } } }
              : {}),
          },
          content: {
            'application/problem+json': {
              schema: problemSchema,
              examples: Object.fromEntries(
                ofStatus.map((code) => [code, { value: exampleProblem(code) }]),
              ),
            },
          },
        },
      ];
    }),
  );
}

function exampleProblem(code: ErrorCode): z.output<typeof problemSchema> {
  const { title, status, explanation } = PROBLEM_KINDS[code];
  return {
    type: `https://pay.example.com/docs/errors#${code}`,
    title,
    status,
    detail: explanation,
    instance: '/v1/orders',
    code,
    requestId: '7e0b6f3a-3a44-4d6c-9b6b-1f2f5f6d7a01',
    errors:
      code === 'validation_failed'
        ? [{ pointer: '/amount', code: 'required', detail: 'is required' }]
        : [],
  };
}
