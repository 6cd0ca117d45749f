import type { ErrorCode } from '../domain/errors.js';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What it means and what the caller should do; shown at /docs/errors. */
  readonly explanation: string;
  /** Seconds after which it is worth another try, when it is. */
  readonly retryAfterSeconds?: number;
}

/** Every error the API answers with. The code is stable; the status belongs to the code. */
export const PROBLEM_KINDS: Readonly<Record<ErrorCode, ProblemKind>> = {
  validation_failed: {
    status: 422,
    title: 'The request is not valid',
    explanation:
      'A field, a query parameter or a header is missing, unknown or out of range. `errors` names each one by JSON pointer.',
  },
  idempotency_required: {
    status: 400,
    title: 'A number or an Idempotency-Key is needed',
    explanation:
      'Creating an order needs `merchantOrderNo`, and a refund `refundNo`, in the body, or an `Idempotency-Key` header, so that repeating the call cannot create a second one.',
  },
  idempotency_conflict: {
    status: 422,
    title: 'The number or key is taken by other content',
    explanation:
      'An order or a refund with this number or Idempotency-Key exists and was asked for with other content. It was left as it is. Orders and refunds share their numbers.',
  },
  order_not_found: {
    status: 404,
    title: 'There is no such order',
    explanation: 'The record holds no order with this number that this credential may see.',
  },
  order_final: {
    status: 409,
    title: 'The order is final',
    explanation: 'The order is paid, refunded or canceled; it can no longer be paid or canceled.',
  },
  order_not_payable: {
    status: 409,
    title: 'The order cannot be paid now',
    explanation: 'The order is being closed or needs review. Do not take payment for it.',
  },
  order_paid: {
    status: 409,
    title: 'The order is paid',
    explanation: 'A paid order cannot be canceled.',
  },
  order_in_review: {
    status: 409,
    title: 'The order needs review',
    explanation: 'What happened to the order is not clear; a person decides about it.',
  },
  order_not_in_review: {
    status: 409,
    title: 'The order is not in review',
    explanation: 'Only a review can be resolved; the order is in another status.',
  },
  order_not_refundable: {
    status: 409,
    title: 'The order cannot be refunded now',
    explanation:
      'The order is not paid, nothing of it is left to refund, it has as many refunds as the gateway allows, or the method does not fit it.',
  },
  refund_exceeds_paid: {
    status: 409,
    title: 'The refund is more than what is left',
    explanation:
      'All refunds together may not exceed what was paid. Refunds that are pending or unknown reserve their amount until they have failed.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid credential is needed',
    explanation:
      'Send `Authorization: Bearer` with an API key, an ops token or, for the payer routes, the verify token.',
  },
  forbidden: {
    status: 403,
    title: 'This credential may not do that',
    explanation: 'The credential is valid, but not for this call.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    explanation: 'There is nothing at this address for this credential.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    explanation: 'A body may have 64 KB at most.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The media type is not supported',
    explanation: 'Send the body as `application/json` in UTF-8, not compressed.',
  },
  malformed_body: {
    status: 400,
    title: 'The body cannot be read',
    explanation: 'The body is missing, no valid JSON, or holds a key that is not accepted.',
  },
  malformed_request: {
    status: 400,
    title: 'The request cannot be read',
    explanation:
      'It is no valid HTTP, its headers are larger than 16 KB or do not fit what is at the address, or it did not arrive within 30 seconds. Nothing of it was done.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    explanation: 'Wait for the seconds in `Retry-After`.',
    retryAfterSeconds: 60,
  },
  signature_missing: {
    status: 401,
    title: 'The callback is not signed',
    explanation: 'The callback carries no signature, or names another way of signing than RSA2.',
  },
  signature_invalid: {
    status: 401,
    title: 'The signature of the callback is wrong',
    explanation:
      "The signature does not fit the bytes received and the gateway's public keys that are configured.",
  },
  app_unknown: {
    status: 401,
    title: 'The callback is for another app',
    explanation: 'The app id of the callback is not the one that is configured.',
  },
  unavailable: {
    status: 503,
    title: 'Not available at the moment',
    explanation:
      'MongoDB or Temporal does not answer. Nothing is decided by this: repeat the same call with the same number after `Retry-After`. It never means that an order is unpaid.',
    retryAfterSeconds: 2,
  },
  internal: {
    status: 500,
    title: 'Internal error',
    explanation: 'An error of the service. Quote `requestId` when you report it.',
  },
};
