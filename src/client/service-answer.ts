/** Reading what came back. Whatever does not fit in every field is no answer: a page must not end on it. */
import { NEXT_ACTIONS, type NextAction } from '../domain/payer-words.js';

/** A verify answer of the service, checked. Source: docs/api.md, "Is it paid?". */
export interface ServiceAnswer {
  readonly status: string;
  readonly nextAction: NextAction;
  readonly pollAfterMs: number;
  readonly pollForMs: number;
  /** `null` when the answer has none that can be shown. */
  readonly message: string | null;
}

/** The statuses with which an action can be told. Any other pair contradicts itself. */
const STATUSES: Readonly<Record<NextAction, readonly string[]>> = {
  show_success: ['paid', 'partially_refunded'],
  pay_again: ['pending'],
  keep_polling: ['pending'],
  check_later: ['pending', 'canceling'],
  show_canceled: ['canceled', 'refunded'],
  contact_support: ['review'],
};

/** A broken figure must neither flood the service nor keep a page waiting for ever. */
const POLL_AFTER_MS_MIN = 500;
const POLL_AFTER_MS_MAX = 30_000;
const POLL_FOR_MS_MAX = 600_000;

/** @returns `null` when the body is not the service's answer about this order */
export function readAnswer(body: unknown, merchantOrderNo: string): ServiceAnswer | null {
  if (!isRecord(body) || body.merchantOrderNo !== merchantOrderNo) return null;
  const { status, paid, nextAction, pollAfterMs, pollForMs, message } = body;
  const action = NEXT_ACTIONS.find((known) => known === nextAction);
  if (action === undefined || typeof status !== 'string') return null;
  if (!STATUSES[action].includes(status) || paid !== (action === 'show_success')) return null;
  if (!isDuration(pollAfterMs) || !isDuration(pollForMs)) return null;
  return {
    status,
    nextAction: action,
    pollAfterMs: Math.min(Math.max(pollAfterMs, POLL_AFTER_MS_MIN), POLL_AFTER_MS_MAX),
    pollForMs: Math.min(pollForMs, POLL_FOR_MS_MAX),
    message: typeof message === 'string' && message.trim() !== '' ? message : null,
  };
}

/**
 * The order that was asked to be paid again.
 * @returns `null` when the body is not that order
 */
export function readPayable(
  body: unknown,
  merchantOrderNo: string,
): { readonly paymentUrl: string | null } | null {
  if (!isRecord(body) || body.merchantOrderNo !== merchantOrderNo) return null;
  const { paymentUrl } = body;
  return paymentUrl === null || isWebAddress(paymentUrl) ? { paymentUrl } : null;
}

/** The code of a problem of the service; `null` for any other body, a proxy's say. */
export function problemCode(body: unknown): string | null {
  return isRecord(body) && typeof body.code === 'string' ? body.code : null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Nobody is sent to a `javascript:` address. */
export function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value);
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
