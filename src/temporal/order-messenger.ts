import type { CallbackEvidence } from '../domain/evidence.js';
import type { NewOrder } from '../domain/new-order.js';
import type { RefundRequest } from '../domain/refund.js';
import type { ReviewResolution } from '../domain/review.js';
import type {
  CancelRequest,
  CheckRequest,
  OrderCreatedResult,
  OrderSummary,
  PayRequest,
  PayResult,
  RefundResult,
  ReviewResult,
} from '../workflows/order-messages.js';

export interface OrderKey {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
}

/** A callback on its way through Temporal while MongoDB is away. */
export interface SealedCallback {
  readonly callbackId: string;
  readonly sealedBody: string;
  readonly contentType: string | null;
  readonly receivedAt: string;
}

/** The message may or may not have arrived; the same message may be sent again. */
export class MessageTimeout extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MessageTimeout';
  }
}

/** Temporal does not answer; nothing was accepted as far as known. Safe to send again. */
export class MessengerUnavailable extends Error {
  constructor(cause: unknown) {
    super('Temporal does not answer', { cause });
    this.name = 'MessengerUnavailable';
  }
}

/**
 * Talks to order workflows. Every message starts the workflow when it is not running: the record tells it where it
 * stands. All methods throw {@link MessageTimeout} past the deadline and {@link MessengerUnavailable} without Temporal.
 */
export interface OrderMessenger {
  createOrder(order: NewOrder, deadlineMs: number): Promise<OrderCreatedResult>;
  /** @param bucket number of the two-second bucket: one question per bucket over all processes */
  verifyNow(key: OrderKey, bucket: number, deadlineMs: number): Promise<OrderSummary>;
  payAgain(key: OrderKey, request: PayRequest, deadlineMs: number): Promise<PayResult>;
  cancel(key: OrderKey, request: CancelRequest, deadlineMs: number): Promise<void>;
  callbackReceived(key: OrderKey, evidence: CallbackEvidence, deadlineMs: number): Promise<void>;
  refund(key: OrderKey, request: RefundRequest, deadlineMs: number): Promise<RefundResult>;
  resolveReview(
    key: OrderKey,
    resolution: ReviewResolution,
    deadlineMs: number,
  ): Promise<ReviewResult>;
  checkDue(key: OrderKey, request: CheckRequest, deadlineMs: number): Promise<void>;
  /** Durable in Temporal when it returns; the worker brings it to the inbox. */
  carryCallback(callback: SealedCallback, deadlineMs: number): Promise<void>;
  /** @throws when Temporal does not answer in time */
  ping(deadlineMs: number): Promise<void>;
}
