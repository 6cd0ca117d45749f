/**
 * Every error a caller may be told about. The code is stable and machine-readable, the message is for the log,
 * the safe message may be shown to anybody.
 */
export const ERROR_CODES = [
  'validation_failed',
  'idempotency_required',
  'idempotency_conflict',
  'order_not_found',
  'order_final',
  'order_not_payable',
  'order_paid',
  'order_in_review',
  'order_not_in_review',
  'order_not_refundable',
  'refund_exceeds_paid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'payload_too_large',
  'unsupported_media_type',
  'malformed_body',
  'malformed_request',
  'rate_limited',
  'signature_missing',
  'signature_invalid',
  'app_unknown',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface FieldError {
  /** JSON pointer of the field, such as `/amount`. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly safeMessage: string;
  readonly fieldErrors: readonly FieldError[];

  constructor(
    code: ErrorCode,
    safeMessage: string,
    options: { logMessage?: string; fieldErrors?: readonly FieldError[]; cause?: unknown } = {},
  ) {
    super(options.logMessage ?? safeMessage, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.safeMessage = safeMessage;
    this.fieldErrors = options.fieldErrors ?? [];
  }
}
