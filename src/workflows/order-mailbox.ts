import { condition } from '@temporalio/workflow';
import type { CallbackEvidence } from '../domain/evidence.js';
import type { NewOrder } from '../domain/new-order.js';
import type { RefundRequest } from '../domain/refund.js';
import type { ReviewResolution } from '../domain/review.js';
import type {
  CancelRequest,
  CheckRequest,
  OrderCreatedResult,
  PayRequest,
  PayResult,
  RefundResult,
  ReviewResult,
} from './order-messages.js';

/** A request of a caller who waits for its result. */
export class Waiting<Q, R> {
  readonly request: Q;
  #settled: { readonly result: R } | { readonly error: Error } | null = null;

  constructor(request: Q) {
    this.request = request;
  }

  resolve(result: R): void {
    this.#settled = { result };
  }

  reject(error: Error): void {
    this.#settled = { error };
  }

  /** @returns when the main loop has dealt with the request */
  async settled(): Promise<R> {
    await condition(() => this.#settled !== null);
    const settled = this.#settled;
    if (settled === null) throw new Error('unreachable: settled without a result');
    if ('error' in settled) throw settled.error;
    return settled.result;
  }
}

/** What has arrived and was not dealt with yet. Handlers only put things in; the main loop alone acts on them. */
export class OrderMailbox {
  readonly creations: Waiting<NewOrder, OrderCreatedResult>[] = [];
  readonly callbacks: CallbackEvidence[] = [];
  readonly verifications: Waiting<void, void>[] = [];
  readonly payRequests: Waiting<PayRequest, PayResult>[] = [];
  cancelRequest: CancelRequest | null = null;
  readonly refundRequests: Waiting<RefundRequest, RefundResult>[] = [];
  readonly reviewResolutions: Waiting<ReviewResolution, ReviewResult>[] = [];
  readonly checkRequests: CheckRequest[] = [];
  /** Refunds that a callback told of without settling them. */
  readonly refundsToAsk = new Set<string>();
  /** A callback said something that only the gateway's answer can settle. */
  isQueryWanted = false;
  readonly #seenCallbackIds = new Set<string>();

  /** The same callback signalled again, or signalled and found in the inbox, is one. */
  addCallback(evidence: CallbackEvidence): void {
    if (this.#seenCallbackIds.has(evidence.callbackId)) return;
    this.#seenCallbackIds.add(evidence.callbackId);
    this.callbacks.push(evidence);
  }

  /** However long the order is busy, one waiting check of each kind is enough; an operator's are all answered. */
  addCheckRequest(request: CheckRequest): void {
    const isWaiting = this.checkRequests.some((each) => each.requestedBy === request.requestedBy);
    if (request.requestedBy === 'operator' || !isWaiting) this.checkRequests.push(request);
  }

  /** Callbacks of an order that does not exist stay in the inbox and may be signalled again. */
  forgetCallbacks(): void {
    this.callbacks.splice(0);
    this.#seenCallbackIds.clear();
  }

  get hasMessages(): boolean {
    return (
      this.creations.length > 0 ||
      this.callbacks.length > 0 ||
      this.verifications.length > 0 ||
      this.payRequests.length > 0 ||
      this.cancelRequest !== null ||
      this.refundRequests.length > 0 ||
      this.reviewResolutions.length > 0 ||
      this.checkRequests.length > 0 ||
      this.refundsToAsk.size > 0 ||
      this.isQueryWanted
    );
  }
}
