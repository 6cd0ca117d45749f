/** Orders with all that must agree about them, as a stream: from the database or from an export, one at a time. */
import type { AuditEntry } from '../domain/audit.js';
import type { Order } from '../domain/order.js';
import type { Checkpoint, CheckpointLeaf } from './checkpoint.js';

/** An order as it is stored, with its place in its chain. */
export interface OrderRecord {
  readonly orderId: string;
  readonly version: number;
  readonly auditHash: string;
  readonly order: Order;
}

/** What a checkpoint says about an order. */
export interface LeafRecord extends CheckpointLeaf {
  /** Sequence of the checkpoint. */
  readonly checkpoint: number;
}

/** One order from all sides. Any of them may be missing: that is what the verification is for. */
export interface AuditedOrder {
  readonly orderId: string;
  readonly record: OrderRecord | null;
  readonly entries: readonly AuditEntry[];
  readonly leaves: readonly LeafRecord[];
}

/** Where a verification reads. Orders come sorted by id, checkpoints by sequence and after the orders. */
export interface AuditSource {
  orders(): AsyncIterable<AuditedOrder>;
  checkpoints(): AsyncIterable<Checkpoint>;
}
