/** What brings an older record back to what a run knows: after MongoDB was restored from a copy. Pure. */
import type { AuditDraft } from './audit.js';
import type { Order } from './order.js';
import { isPaid } from './order-state.js';

/** Name of the audit entry that holds a whole order again. A stored name: it is forever. */
export const RESTORED_EVENT = 'order.restored';

/** What is known of an order and of its place in the chain that is lost. */
export interface KnownOrder {
  readonly order: Order;
  readonly version: number;
  readonly auditHash: string;
}

/**
 * The whole order again, as one entry on top of the older record, or as the first one of an order that is gone. The
 * evidence behind it stood in entries that are lost; so the entry itself is what a decision now refers to.
 * @param sequence the audit sequence that the entry will get
 * @param at when it is written, RFC 3339 UTC
 */
export function restoredEntry(known: KnownOrder, sequence: number, at: string): AuditDraft {
  const { merchantNo, merchantOrderNo, createdAt, updatedAt, ...changes } = known.order;
  const decidedBy =
    changes.decidedBy === null ? null : { ...changes.decidedBy, auditSequence: sequence };
  return {
    kind: sequence === 1 ? 'create' : 'operator',
    event: RESTORED_EVENT,
    at,
    summary:
      'The record had gone back to an older copy; what its run still knew was written again.',
    data: {
      status: known.order.status,
      // Where the entries that are lost ended.
      knownVersion: known.version,
      knownAuditHash: known.auditHash,
      knownUpdatedAt: updatedAt,
    },
    changes:
      sequence === 1
        ? ({ ...known.order, decidedBy } as AuditDraft['changes'])
        : { ...changes, decidedBy },
  };
}

/**
 * Whether what is known may take the place of an older record. Never when the record was written to since: then both
 * hold something that the other one lacks, and a person has to look. Paid stays paid.
 */
export function mayTakeThePlaceOf(known: KnownOrder, record: KnownOrder): boolean {
  return (
    record.version < known.version &&
    record.order.updatedAt <= known.order.updatedAt &&
    (!isPaid(record.order.status) || known.order.paidAmount > 0)
  );
}
