import type { AnswerWord, QueryReason } from './evidence.js';
import type { Refund } from './refund.js';

/** Stored and transmitted names: they are forever. */
export const ORDER_STATUSES = [
  'pending',
  'canceling',
  'review',
  'paid',
  'partially_refunded',
  'refunded',
  'canceled',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const CHANNELS = ['pos', 'cloud', 'hosted'] as const;
export type Channel = (typeof CHANNELS)[number];

export const CHECK_STRATEGIES = ['progressive', 'scheduled'] as const;
export type CheckStrategy = (typeof CHECK_STRATEGIES)[number];

export const LATE_PAYMENT_POLICIES = ['review', 'refund', 'accept'] as const;
export type LatePaymentPolicy = (typeof LATE_PAYMENT_POLICIES)[number];

/** Why a person must look at an order. */
export const REVIEW_REASONS = [
  'amount_mismatch',
  'contradiction',
  'refunded_by_cancel',
  'unclosable',
  'late_payment',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** How the payer's last try ended, as far as known. */
export interface LastAttempt {
  readonly result: 'declined' | 'canceled_by_user' | 'expired' | 'unknown';
  readonly code: string | null;
  readonly at: string;
}

export interface OrderChecks {
  readonly strategy: CheckStrategy;
  /** Gaps between checks; the position in it is `done`. */
  readonly scheduleMs: readonly number[];
  readonly intervalMs: number;
  readonly limit: number;
  /** Checks that counted. On-demand queries never do. */
  readonly done: number;
  readonly nextAt: string | null;
}

/**
 * What is known about the order's existence at the gateway: `not_needed` (the till creates it), `not_attempted`,
 * `unknown` (a create call whose outcome is not known: never repeated without a query), `created`.
 */
export type GatewayCreation = 'not_needed' | 'not_attempted' | 'unknown' | 'created';

export interface OrderClosing {
  readonly startedAt: string;
  readonly requestedBy: 'schedule' | 'merchant' | 'operator';
  readonly cancelsSent: number;
  /**
   * Revokes that were sent. Each may have taken effect, whatever was answered, and a revoke refunds a paid order: from
   * here on a paid answer is not simply paid.
   */
  readonly possibleRevokes: number;
  /** A callback said paid after the revoke: what the gateway then calls closed was refunded by it. */
  readonly isPaymentSeen: boolean;
  /** Rounds without an end so far; sets the pause before the next one. */
  readonly rounds: number;
  readonly nextAt: string;
}

/** The watch for late money after an order was closed unpaid. */
export interface LateWatch {
  readonly until: string;
  readonly done: number;
  readonly nextAt: string | null;
}

/** Money that arrived after the order was closed, and what the policy made of it. Set once. */
export interface LateMoney {
  readonly gatewayTransNo: string | null;
  readonly resolution: LatePaymentPolicy;
  readonly at: string;
}

export interface OrderDecision {
  readonly source: 'callback' | 'query' | 'cancel' | 'operator';
  readonly at: string;
  /** The audit entry that holds the evidence. */
  readonly auditSequence: number;
}

export interface LastAnswer {
  readonly queryId: string;
  readonly answer: AnswerWord;
  readonly reason: QueryReason;
  readonly at: string;
}

/** Limits that were in force when the order was created and stay with it. */
export interface OrderPolicy {
  readonly closeGiveUpMs: number;
  readonly latePaymentWatchMs: number;
  readonly latePaymentPolicy: LatePaymentPolicy;
}

/** One order: the whole record, enough to go on from after anything is lost. Times are RFC 3339 UTC, amounts minor units. */
export interface Order {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly status: OrderStatus;
  readonly reviewReason: ReviewReason | null;
  readonly channel: Channel;
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly redirectUrl: string | null;
  readonly terminalSn: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** SHA-256 of the create request's content: the same number with other content is refused. */
  readonly contentHash: string;
  readonly paidAmount: number;
  /** The most that all refunds together may give back. Zero until paid. */
  readonly refundCapAmount: number;
  readonly refundedAmount: number;
  readonly gatewayTransNo: string | null;
  readonly paymentUrl: string | null;
  readonly gatewayCreation: GatewayCreation;
  /** When the gateway stops taking money for the order. */
  readonly expiresAt: string;
  /** When the payer's current try began: creation, or the last time payment was asked for again. */
  readonly attemptStartedAt: string;
  readonly lastAttempt: LastAttempt | null;
  readonly lastAnswer: LastAnswer | null;
  readonly checks: OrderChecks;
  readonly closing: OrderClosing | null;
  readonly lateWatch: LateWatch | null;
  readonly lateMoney: LateMoney | null;
  readonly refunds: readonly Refund[];
  readonly policy: OrderPolicy;
  /** The latest callbacks that the audit holds: the same one delivered again changes nothing. */
  readonly callbackIds: readonly string[];
  readonly decidedBy: OrderDecision | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly paidAt: string | null;
  readonly canceledAt: string | null;
}

/** A revoke may have closed the order, or given its money back. */
export function mayHaveRevoked(order: Order): boolean {
  return (order.closing?.possibleRevokes ?? 0) > 0;
}

/** What a transition changes: top-level fields, replaced whole. */
export type OrderChanges = Partial<
  Omit<Order, 'merchantNo' | 'merchantOrderNo' | 'createdAt' | 'updatedAt'>
>;

/** The one way an order changes; the audit's changes folded with it, oldest first, give the order again. */
export function applyChanges(order: Order, changes: OrderChanges, at: string): Order {
  return { ...order, ...changes, updatedAt: at };
}

/** The `_id` of an order; its numbers hold no slash. */
export function orderId(merchantNo: string, merchantOrderNo: string): string {
  return `${merchantNo}/${merchantOrderNo}`;
}

/** Order and refund numbers. Source: CodePay Open API, merchant_order_no. */
export const MERCHANT_ORDER_NO_PATTERN = /^[A-Za-z0-9_\-|*@]{1,32}$/;
