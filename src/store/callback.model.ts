import { type Connection, type Model, Schema } from 'mongoose';
import type { InboxEntry } from './callback-store.js';

export interface CallbackDocument extends Omit<InboxEntry, 'callbackId'> {
  /** SHA-256 (hex) of the bytes received: the same bytes twice are one entry. */
  readonly _id: string;
}

const text = { type: String, default: null };

const callbackSchema = new Schema<CallbackDocument>(
  {
    _id: String,
    subject: String,
    merchantNo: String,
    merchantOrderNo: text,
    terminalSn: text,
    facts: { type: Schema.Types.Mixed, default: null },
    isStale: Boolean,
    sealedBody: String,
    contentType: text,
    receivedAt: String,
    lastReceivedAt: String,
    count: Number,
    deliveredAt: text,
    processedAt: text,
    outcome: text,
    redeliveredBy: text,
    redeliveredAt: text,
  },
  { collection: 'callbacks', strict: 'throw', minimize: false, versionKey: false },
);
callbackSchema.index({ processedAt: 1, receivedAt: 1 });
callbackSchema.index({ merchantOrderNo: 1, receivedAt: 1 });

export function callbackModel(connection: Connection): Model<CallbackDocument> {
  return connection.model<CallbackDocument>('Callback', callbackSchema);
}

export interface RejectedCallbackDocument {
  readonly refusal: string;
  readonly detail: string;
  readonly bodyHash: string;
  readonly at: Date;
}

const REJECTED_KEPT_SECONDS = 7 * 86_400;

const rejectedSchema = new Schema<RejectedCallbackDocument>(
  { refusal: String, detail: String, bodyHash: String, at: Date },
  { collection: 'rejected_callbacks', strict: 'throw', versionKey: false },
);
rejectedSchema.index({ at: 1 }, { expireAfterSeconds: REJECTED_KEPT_SECONDS });

export function rejectedCallbackModel(connection: Connection): Model<RejectedCallbackDocument> {
  return connection.model<RejectedCallbackDocument>('RejectedCallback', rejectedSchema);
}
