/**
 * What can be known about a payment, in our own words. CodePay's names stay in src/gateway.
 * Everything here is plain JSON: it travels in signals and activity results, and carries no payer data.
 */

/** `open`: created, nobody pays yet (9). `paying`: in progress (0). `closed`: over, unpaid (1 or 3). */
export type PaymentState = 'open' | 'paying' | 'closed' | 'paid';

export type TransactionKind = 'sale' | 'void' | 'refund' | 'other';

/** The content of one message that the gateway signed, about one number. Amounts in minor units. */
export interface PaymentFacts {
  readonly merchantNo: string | null;
  /** The number the message is about: an order's, or a refund's own. */
  readonly merchantOrderNo: string | null;
  readonly transactionKind: TransactionKind;
  readonly state: PaymentState;
  readonly currency: string | null;
  /** What was ordered (`order_amount`): the one amount that is compared with ours. */
  readonly amount: number | null;
  readonly transactionAmount: number | null;
  readonly paidAmount: number | null;
  readonly tipAmount: number | null;
  readonly discountAmount: number | null;
  /** The most that refunds of this payment may give back, by the gateway's rule. */
  readonly refundCapAmount: number | null;
  readonly gatewayTransNo: string | null;
  /** When the gateway says it was paid, RFC 3339 UTC. */
  readonly endedAt: string | null;
  /** A paid amount, a channel transaction number or an end time is there: money moved at some time. */
  readonly hasPaymentTraces: boolean;
  readonly failureCode: string | null;
}

export type UnknownCause =
  | 'transport'
  | 'timeout'
  | 'http_status'
  | 'not_understood'
  | 'unsigned'
  | 'wrong_signature'
  | 'gateway_code'
  | 'other_order'
  | 'not_a_sale'
  | 'not_attempted';

/** A reply's fields that help a person and hold nothing about the payer. */
export type RedactedReply = Readonly<Record<string, string>>;

/** The gateway's answer about an order. Only a signed reply about this very order is anything but `unknown`. */
export type QueryAnswer =
  | {
      readonly answer: PaymentState;
      readonly facts: PaymentFacts;
      readonly reply: RedactedReply;
    }
  | { readonly answer: 'not_found'; readonly code: string; readonly reply: RedactedReply }
  | {
      readonly answer: 'unknown';
      readonly cause: UnknownCause;
      readonly code: string | null;
      readonly detail: string;
      readonly reply: RedactedReply;
    };

/** Every answer a query can have, as stored and shown. */
export type AnswerWord = QueryAnswer['answer'];

/** Why the gateway was asked. Only `schedule` and `scheduled_task` count towards a limit. */
export type QueryReason =
  | 'schedule'
  | 'verify'
  | 'callback'
  | 'create'
  | 'pay'
  | 'closing'
  | 'after_cancel'
  | 'late_watch'
  | 'check_due'
  | 'drift';

export interface QueryEvidence {
  readonly source: 'query';
  /** The same for every retry of one question: an answer is recorded once. */
  readonly queryId: string;
  readonly reason: QueryReason;
  readonly askedAt: string;
  readonly answeredAt: string;
  readonly result: QueryAnswer;
}

/** A callback whose signature was verified. */
export interface CallbackEvidence {
  readonly source: 'callback';
  /** Id of its entry in the inbox: SHA-256 of the bytes received. */
  readonly callbackId: string;
  readonly receivedAt: string;
  /** Its own timestamp is too old to decide with (a resend after an outage, or a replay): it wakes a query. */
  readonly isStale: boolean;
  /** `null` when the signed message says nothing that we understand: it wakes a query and decides nothing. */
  readonly facts: PaymentFacts | null;
}

/** `close` only closes; `revoke` closes an unpaid order and refunds a paid one. Source: CodePay Open API, 3.3. */
export type CancelMethod = 'close' | 'revoke';

/** Outcome of a call that changes something: `unknown` may or may not have happened. */
export type CallOutcome = 'accepted' | 'refused' | 'unknown';

export interface CancelEvidence {
  readonly source: 'cancel';
  readonly method: CancelMethod;
  readonly outcome: CallOutcome;
  readonly code: string | null;
  readonly detail: string;
  readonly sentAt: string;
  readonly answeredAt: string;
}

export type Evidence = QueryEvidence | CallbackEvidence;
