/** Answers to errors: application/problem+json. Source: RFC 9457. */
import { DomainError, type ErrorCode, type FieldError } from '../domain/errors.js';
import { PAYER_WORDS } from '../domain/payer-words.js';
import { MessageTimeout, MessengerUnavailable } from '../temporal/order-messenger.js';
import { DeadlineExceeded } from './deadline.js';
import { PROBLEM_KINDS } from './problem-kinds.js';

/** More help nobody, and a small request could make a very large answer. */
const FIELD_ERRORS_MAX = 50;

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors: readonly FieldError[];
  readonly nextAction?: 'check_later';
}

/** Nobody can tell now whether the order is paid: the answer must not be read as unpaid. */
export class VerdictUnavailable extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', PAYER_WORDS.check_later, {
      logMessage: 'no verdict: the record does not answer',
      cause,
    });
    this.name = 'VerdictUnavailable';
  }
}

/** @returns the error in the words of the API; whatever is not expected is `internal` */
export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (
    error instanceof MessageTimeout ||
    error instanceof MessengerUnavailable ||
    error instanceof DeadlineExceeded
  ) {
    return unavailable('The workflow engine does not answer. Repeat the call later.', error);
  }
  return fromHttpError(error) ?? new DomainError('internal', 'Unexpected error.', { cause: error });
}

/** A part of the service does not answer; the same call may be repeated. */
export function unavailable(safeMessage: string, cause: unknown): DomainError {
  return new DomainError('unavailable', safeMessage, { cause });
}

export function problemFor(
  error: DomainError,
  context: { readonly publicUrl: string; readonly requestId: string; readonly path: string },
): Problem {
  const kind = PROBLEM_KINDS[error.code];
  return {
    type: `${context.publicUrl}/docs/errors#${error.code}`,
    title: kind.title,
    status: kind.status,
    detail: error.safeMessage,
    instance: context.path,
    code: error.code,
    requestId: context.requestId,
    errors: error.fieldErrors.slice(0, FIELD_ERRORS_MAX),
    ...(error instanceof VerdictUnavailable ? { nextAction: 'check_later' as const } : {}),
  };
}

/** Errors of Express and its body parser. They carry the body, so nothing of them is kept as a cause. */
function fromHttpError(error: unknown): DomainError | null {
  if (error instanceof URIError) {
    return new DomainError('not_found', 'The address cannot be decoded.');
  }
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return new DomainError('payload_too_large', 'The body is larger than 64 KB.');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new DomainError('unsupported_media_type', 'Send UTF-8, not compressed.');
    case 'entity.parse.failed':
    case 'entity.verify.failed':
    case 'request.aborted':
    case 'request.size.invalid':
      return new DomainError('malformed_body', 'The body is not valid JSON or incomplete.');
    default:
      return isRefusedByExpress(error)
        ? new DomainError('malformed_request', 'The headers do not fit what is at this address.')
        : null;
  }
}

/** As where files are sent: a range beyond their end, or a condition that does not hold. */
function isRefusedByExpress(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}
