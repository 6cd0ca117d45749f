import { type Connection, type Model, Schema } from 'mongoose';
import type { Order } from '../domain/order.js';
import type { StoredOrder } from './order-store.js';

/**
 * The orders collection. Times are RFC 3339 text as in the API and in the audit, so that a record hashes and compares
 * the same everywhere; they sort as text.
 */
export interface OrderDocument extends Order, Partial<UnpublishedMark> {
  readonly _id: string;
  readonly version: number;
  readonly auditHash: string;
  readonly lastTransitionId: string;
  /** When the order's workflow must have acted at the latest; `null` when nothing is due any more. */
  readonly nextActionAt: string | null;
  /** The latest audit checkpoint that names the order names it as it stands now. */
  readonly isCheckpointed: boolean;
}

/** Stands in an order's record from the write that brings events until they are in the feed. */
export interface UnpublishedMark {
  /** Sequence of the first audit entry whose event may be missing in the feed. */
  readonly unpublishedFrom: number;
  readonly unpublishedSince: string;
}

const text = { type: String, default: null };
const nested = { type: Schema.Types.Mixed, default: null };

const orderSchema = new Schema<OrderDocument>(
  {
    _id: String,
    merchantNo: String,
    merchantOrderNo: String,
    status: String,
    reviewReason: text,
    channel: String,
    amount: Number,
    currency: String,
    description: text,
    redirectUrl: text,
    terminalSn: text,
    metadata: { type: Schema.Types.Mixed, default: {} },
    contentHash: String,
    paidAmount: Number,
    refundCapAmount: Number,
    refundedAmount: Number,
    gatewayTransNo: text,
    paymentUrl: text,
    gatewayCreation: String,
    expiresAt: String,
    attemptStartedAt: String,
    lastAttempt: nested,
    lastAnswer: nested,
    checks: nested,
    closing: nested,
    lateWatch: nested,
    lateMoney: nested,
    refunds: { type: [Schema.Types.Mixed], default: [] },
    callbackIds: { type: [String], default: [] },
    policy: nested,
    decidedBy: nested,
    createdAt: String,
    updatedAt: String,
    paidAt: text,
    canceledAt: text,
    version: Number,
    auditHash: String,
    lastTransitionId: String,
    nextActionAt: text,
    unpublishedFrom: Number,
    unpublishedSince: String,
    isCheckpointed: Boolean,
  },
  { collection: 'orders', strict: 'throw', minimize: false, versionKey: false },
);
orderSchema.index({ merchantNo: 1, createdAt: -1, _id: -1 });
orderSchema.index({ merchantNo: 1, status: 1, createdAt: -1, _id: -1 });
orderSchema.index({ merchantNo: 1, paidAt: -1 });
orderSchema.index({ nextActionAt: 1 });
orderSchema.index({ status: 1, 'checks.strategy': 1, 'checks.nextAt': 1 });
orderSchema.index({ status: 1, updatedAt: -1 });
orderSchema.index({ gatewayTransNo: 1 });
orderSchema.index({ unpublishedSince: 1 }, { sparse: true });
orderSchema.index({ isCheckpointed: 1 });

export function orderModel(connection: Connection): Model<OrderDocument> {
  return connection.model<OrderDocument>('Order', orderSchema);
}

/** The order of a document, with its place in its chain. */
export function storedOrder(document: OrderDocument): StoredOrder {
  const { _id, version, auditHash, lastTransitionId, nextActionAt, isCheckpointed, ...rest } =
    document;
  const { unpublishedFrom, unpublishedSince, ...order } = rest;
  return { order, version, auditHash };
}
