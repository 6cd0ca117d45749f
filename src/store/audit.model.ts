import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditEntry } from '../domain/audit.js';

/** The audit collection: append-only. The `_id` makes two entries with one number impossible. */
export interface AuditDocument extends AuditEntry {
  readonly _id: string;
}

// Untyped: entries hold JSON of any depth, which schema types cannot follow.
const auditSchema = new Schema(
  {
    _id: String,
    orderId: String,
    sequence: Number,
    transitionId: String,
    kind: String,
    event: String,
    at: String,
    summary: String,
    data: { type: Schema.Types.Mixed, default: {} },
    changes: { type: Schema.Types.Mixed, default: {} },
    previousHash: String,
    hash: String,
  },
  { collection: 'audit', strict: 'throw', minimize: false, versionKey: false },
);
auditSchema.index({ orderId: 1, sequence: 1 }, { unique: true });

export function auditModel(connection: Connection): Model<AuditDocument> {
  return connection.model<AuditDocument>('Audit', auditSchema);
}

export function auditId(orderId: string, sequence: number): string {
  return `${orderId}/${sequence}`;
}
