import type { Refund, RefundStatus } from '../domain/refund.js';

/** A refund as lists and exports show it. The order's record decides; this is written after it. */
export interface StoredRefund extends Refund {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly currency: string;
}

export interface RefundReservation {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly refundNo: string;
  readonly contentHash: string;
}

export interface RefundFilter {
  readonly status?: RefundStatus;
  readonly createdFrom?: string;
  readonly createdTo?: string;
}

export interface RefundPage {
  readonly data: readonly StoredRefund[];
  readonly hasMore: boolean;
}

/** Refunds by their own numbers. All methods throw when MongoDB does not answer. */
export interface RefundStore {
  /** Takes a number for an order's refund, for ever. @returns false when it belongs to anything else */
  reserve(reservation: RefundReservation): Promise<boolean>;
  /** The number's owner, also while the refund is only reserved. */
  ownerOf(
    merchantNo: string,
    refundNo: string,
  ): Promise<{ readonly merchantOrderNo: string } | null>;
  find(merchantNo: string, refundNo: string): Promise<StoredRefund | null>;
  /** Newest first. */
  list(
    merchantNo: string,
    filter: RefundFilter,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<RefundPage>;
  /** All of them, newest first, one after another. */
  stream(merchantNo: string, filter: RefundFilter): AsyncIterable<StoredRefund>;
}
