/** Refunds of one order. They live in the order's record, so that what is reserved is decided by one writer. */
import type { CallOutcome, PaymentFacts, RedactedReply } from './evidence.js';

/** `unknown`: the gateway may have been told; it keeps its amount reserved and is never sent under another number. */
export const REFUND_STATUSES = ['pending', 'succeeded', 'failed', 'unknown'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** `void` takes back a payment that is not settled yet, on the terminal; `refund` gives money back. */
export const REFUND_METHODS = ['refund', 'void'] as const;
export type RefundMethod = (typeof REFUND_METHODS)[number];

export interface Refund {
  readonly refundNo: string;
  /** Minor units of the order's currency. */
  readonly amount: number;
  readonly reason: string;
  readonly method: RefundMethod;
  readonly status: RefundStatus;
  /** Name of the API key or ops token, or `late_payment_policy`. */
  readonly requestedBy: string;
  /** SHA-256 of the request's content: the same number with other content is refused. */
  readonly contentHash: string;
  readonly requestedAt: string;
  readonly settledAt: string | null;
  readonly gatewayTransNo: string | null;
  /** Times the gateway was told, always under this number. */
  readonly submissions: number;
  /** Questions without an end so far; sets the pause before the next one. */
  readonly rounds: number;
  readonly nextCheckAt: string | null;
  /** The last question whose answer is in the audit. */
  readonly lastQueryId: string | null;
  readonly failureCode: string | null;
}

/** What the merchant asks for; without an amount it is all that is left. */
export interface RefundRequest {
  readonly refundNo: string;
  readonly amount: number | null;
  readonly reason: string;
  readonly method: RefundMethod;
  readonly requestedBy: string;
  readonly contentHash: string;
}

/** The gateway's answer about a refund. Only a signed one about this very refund is anything but `unknown`. */
export type RefundAnswer =
  | {
      readonly answer: 'succeeded' | 'pending' | 'failed';
      readonly facts: PaymentFacts;
      readonly reply: RedactedReply;
    }
  | { readonly answer: 'not_found'; readonly code: string; readonly reply: RedactedReply }
  | {
      readonly answer: 'unknown';
      readonly code: string | null;
      readonly detail: string;
      readonly reply: RedactedReply;
    };

export interface RefundQueryEvidence {
  readonly queryId: string;
  readonly refundNo: string;
  readonly askedAt: string;
  readonly answeredAt: string;
  readonly result: RefundAnswer;
}

export interface RefundSubmission {
  readonly refundNo: string;
  readonly outcome: CallOutcome;
  readonly code: string | null;
  readonly detail: string;
  readonly gatewayTransNo: string | null;
  readonly answeredAt: string;
}
