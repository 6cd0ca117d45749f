import { type Connection, type Model, Schema } from 'mongoose';
import type { Order } from '../domain/order.js';

/**
 * The orders collection. Times are RFC 3339 text as in the API and in the audit, so that a record hashes and compares
 * the same everywhere; they sort as text.
 */
export interface OrderDocument extends Order {
  readonly _id: string;
  readonly version: number;
  readonly auditHash: string;
  readonly lastTransitionId: string;
  /** When the order's workflow must have acted at the latest; `null` when nothing is due any more. */
  readonly nextActionAt: string | null;
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
  },
  { collection: 'orders', strict: 'throw', minimize: false, versionKey: false },
);
orderSchema.index({ merchantNo: 1, createdAt: -1, _id: -1 });
orderSchema.index({ merchantNo: 1, status: 1, createdAt: -1, _id: -1 });
orderSchema.index({ merchantNo: 1, paidAt: -1 });
orderSchema.index({ nextActionAt: 1 });
orderSchema.index({ gatewayTransNo: 1 });

export function orderModel(connection: Connection): Model<OrderDocument> {
  return connection.model<OrderDocument>('Order', orderSchema);
}
