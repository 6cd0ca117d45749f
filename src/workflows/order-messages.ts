/**
 * Everything that can be said to an order's workflow. Imported by the API, the worker and the tests: no name is
 * written twice. Names and shapes are forever.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CallbackEvidence } from '../domain/evidence.js';
import type { NewOrder } from '../domain/new-order.js';
import type { OrderClosing, OrderDecision, OrderStatus } from '../domain/order.js';
import type { Refund, RefundRequest } from '../domain/refund.js';
import type { RefundRefusal } from '../domain/refund-rules.js';
import type { ReviewResolution } from '../domain/review.js';
import type { StoredOrder } from '../store/order-store.js';

export const ORDER_WORKFLOW_TYPE = 'orderPayment';

/** One workflow per order number: the id is the key, a second start joins the first. */
export function orderWorkflowId(merchantNo: string, merchantOrderNo: string): string {
  return `order/${merchantNo}/${merchantOrderNo}`;
}

export interface OrderPaymentInput {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
}

export interface OrderCreatedResult {
  /** `conflict`: the number is taken by an order with other content, which is untouched. */
  readonly outcome: 'created' | 'existing' | 'conflict';
}

export interface CancelRequest {
  readonly requestedBy: Exclude<OrderClosing['requestedBy'], 'schedule'>;
  /** Name of the API key or ops token, for the audit. */
  readonly actor: string;
}

export interface PayRequest {
  /** Name of the API key, or `payer` for a verify token. */
  readonly actor: string;
}

export interface PayResult {
  /** `not_payable`: final, closing or in review. `unknown`: the gateway's outcome is not known. */
  readonly outcome: 'payable' | 'not_payable' | 'unknown';
}

export interface RefundResult {
  /** `existing`: the same number and content again. Otherwise why it cannot be made. */
  readonly outcome: 'accepted' | 'existing' | RefundRefusal;
  readonly refund: Refund | null;
}

export interface ReviewResult {
  readonly outcome: 'resolved' | 'not_in_review';
}

/** Why an order is told to look at what is due. */
export interface CheckRequest {
  readonly requestedBy: 'sweep' | 'operator' | 'scheduled_task' | 'drift';
  readonly actor: string;
}

export interface OrderSummary {
  readonly status: OrderStatus;
  readonly decidedBy: OrderDecision['source'] | null;
  readonly version: number;
  readonly checksDone: number;
  readonly nextAt: string | null;
}

export interface TimelineItem {
  readonly at: string;
  readonly event: string;
  readonly summary: string;
}

/** Brings the order into being, or finds it. Answers when the gateway's answer to the creation is in. */
export const orderCreated = defineUpdate<OrderCreatedResult, [NewOrder]>('orderCreated');
/** Asks the gateway unless the last answer is fresh. Answers when the record holds the answer. */
export const verifyNow = defineUpdate<OrderSummary, []>('verifyNow');
/** Pay again under the same number. */
export const payRequested = defineUpdate<PayResult, [PayRequest]>('payRequested');

/** Refunds what was paid, or finds the refund under its number. Answers when the gateway was told. */
export const refundRequested = defineUpdate<RefundResult, [RefundRequest]>('refundRequested');
/** An operator's resolution of a review. */
export const reviewResolved = defineUpdate<ReviewResult, [ReviewResolution]>('reviewResolved');

/** A verified callback from the inbox. */
export const callbackReceived = defineSignal<[CallbackEvidence]>('callbackReceived');
export const cancelRequested = defineSignal<[CancelRequest]>('cancelRequested');
/** Wakes the workflow to do what is due; starts it again when it is gone. */
export const checkDue = defineSignal<[CheckRequest?]>('checkDue');

/** The whole order as the run knows it, for when the record is lost. Answered for closed runs too. */
export const recordQuery = defineQuery<StoredOrder | null>('record');
export const statusQuery = defineQuery<OrderSummary | null>('status');
export const timelineQuery = defineQuery<readonly TimelineItem[]>('timeline');
