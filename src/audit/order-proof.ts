/** Whether one order is what its audit says, and its audit what was signed. Pure besides hashing. */
import type { AuditEntry } from '../domain/audit.js';
import { applyChanges, type Order, type OrderStatus, orderId } from '../domain/order.js';
import { canTransition, isPaid } from '../domain/order-state.js';
import { RESTORED_EVENT } from '../domain/restored-entry.js';
import { findChainFault } from '../store/audit-chain.js';
import { canonicalHash } from '../store/canonical-hash.js';
import type { AuditedOrder, OrderRecord } from './audited-order.js';

export type OrderProblem =
  | 'missing'
  | 'content_changed'
  | 'chain_broken'
  | 'order_missing'
  | 'audit_missing'
  | 'checkpoint_contradicted'
  | 'entries_removed'
  | 'not_created_first'
  | 'decision_inconsistent'
  | 'refund_total_wrong'
  | 'order_behind'
  | 'order_differs'
  | 'unreadable';

export interface OrderFault {
  readonly orderId: string;
  /** The audit entry where it shows; 0 when there is none. */
  readonly sequence: number;
  readonly problem: OrderProblem;
  readonly detail: string;
}

type Found = Omit<OrderFault, 'orderId'>;

/** @returns the first fault of the order, or `null` when everything agrees */
export function findOrderFault(audited: AuditedOrder): OrderFault | null {
  const found = firstFault(audited);
  return found === null ? null : { orderId: audited.orderId, ...found };
}

function firstFault(audited: AuditedOrder): Found | null {
  try {
    return chainFault(audited) ?? signedFault(audited) ?? recordFault(audited);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { sequence: 0, problem: 'unreadable', detail };
  }
}

function chainFault({ orderId: id, entries }: AuditedOrder): Found | null {
  const fault = findChainFault(id, entries);
  if (fault === null) return null;
  const details = {
    missing: 'an entry of this number is not there',
    content_changed: 'its content is not what its hash covers',
    chain_broken: 'it does not follow the entry before it',
  } as const;
  return { ...fault, detail: details[fault.problem] };
}

/** A chain that is whole may still be another one than the one that was signed, or a shorter one. */
function signedFault({ entries, leaves }: AuditedOrder): Found | null {
  for (const { checkpoint, version, auditHash } of leaves) {
    const entry = entries[version - 1];
    if (entry === undefined) {
      return {
        sequence: entries.length + 1,
        problem: 'entries_removed',
        detail: `checkpoint ${checkpoint} was signed with ${version} entries, ${entries.length} are there`,
      };
    }
    if (entry.hash !== auditHash) {
      return {
        sequence: version,
        problem: 'checkpoint_contradicted',
        detail: `checkpoint ${checkpoint} was signed with another entry of this number`,
      };
    }
  }
  return null;
}

function recordFault({ record, entries, orderId: id }: AuditedOrder): Found | null {
  const last = entries.at(-1);
  if (record === null) {
    return { sequence: entries.length, problem: 'order_missing', detail: 'no record of the order' };
  }
  if (last === undefined) {
    return { sequence: 0, problem: 'audit_missing', detail: 'the order has no audit' };
  }
  const derived = deriveOrder(entries);
  if ('problem' in derived) return derived;
  if (orderId(derived.order.merchantNo, derived.order.merchantOrderNo) !== id) {
    return { sequence: 1, problem: 'not_created_first', detail: 'it creates another order' };
  }
  return recordDifference(record, derived.order, last);
}

function recordDifference(record: OrderRecord, derived: Order, last: AuditEntry): Found | null {
  if (record.version > last.sequence) {
    return {
      sequence: last.sequence + 1,
      problem: 'entries_removed',
      detail: `the order stands at entry ${record.version}`,
    };
  }
  if (record.version < last.sequence) {
    return {
      sequence: record.version + 1,
      problem: 'order_behind',
      detail:
        'the order does not show this entry; the next sweep brings it in, or the order was set back',
    };
  }
  const fields = differentFields(record.order, derived);
  if (record.auditHash !== last.hash) fields.push('auditHash');
  if (fields.length === 0) return null;
  return {
    sequence: last.sequence,
    problem: 'order_differs',
    detail: `not what the audit gives: ${fields.join(', ')}`,
  };
}

/** The order, from its audit alone: its changes folded, each decision and each refund total checked on the way. */
export function deriveOrder(entries: readonly AuditEntry[]): { readonly order: Order } | Found {
  const [first] = entries;
  if (first === undefined || first.kind !== 'create') {
    return { sequence: 1, problem: 'not_created_first', detail: 'the first entry is no creation' };
  }
  let order = first.changes as Order;
  let refunded = 0;
  for (const entry of entries) {
    const after = applyChanges(order, entry.changes, entry.at);
    const wrong =
      entry.event === RESTORED_EVENT
        ? restorationFault(order, after)
        : decisionFault(order.status, after, entry, entry === first);
    if (wrong !== null) {
      return { sequence: entry.sequence, problem: 'decision_inconsistent', detail: wrong };
    }
    refunded = refundedAfter(refunded, entry, after);
    const total = refundTotalFault(after, refunded);
    if (total !== null) {
      return { sequence: entry.sequence, problem: 'refund_total_wrong', detail: total };
    }
    order = after;
  }
  return { order };
}

/** Only a decision changes the status, it says so, and the table of transitions allows it. */
function decisionFault(
  before: OrderStatus,
  after: Order,
  { kind, data, sequence }: AuditEntry,
  isFirst: boolean,
): string | null {
  if (kind !== 'decision') {
    return isFirst || before === after.status ? null : `a ${kind} changes the status`;
  }
  if (data.from !== before) return `it says from ${data.from}, the order was ${before}`;
  if (data.to !== after.status) return `it says to ${data.to}, it makes the order ${after.status}`;
  if (before !== after.status && !canTransition(before, after.status)) {
    return `there is no transition from ${before} to ${after.status}`;
  }
  const evidence = data.evidenceSequence;
  return typeof evidence === 'number' && (evidence < 1 || evidence > sequence)
    ? `its evidence ${evidence} is not before it`
    : null;
}

/** A restored entry holds the whole order as a run knew it; it may not make a paid order unpaid. */
function restorationFault(before: Order, after: Order): string | null {
  return isPaid(before.status) && after.paidAmount === 0 ? 'it makes a paid order unpaid' : null;
}

function refundedAfter(refunded: number, entry: AuditEntry, after: Order): number {
  if (entry.event === RESTORED_EVENT) return after.refundedAmount;
  if (entry.event === 'refund.succeeded') return refunded + Number(entry.data.amount);
  // An operator's word that all of it was given back outside.
  const { kind, data } = entry;
  return kind === 'decision' && data.to === 'refunded' && after.decidedBy?.source === 'operator'
    ? after.paidAmount
    : refunded;
}

function refundTotalFault(order: Order, refunded: number): string | null {
  if (order.refundedAmount !== refunded) {
    return `the order says ${order.refundedAmount} refunded, its refunds give ${refunded}`;
  }
  const reserved = order.refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + amount, 0);
  return reserved > order.refundCapAmount
    ? `refunds of ${reserved}, at most ${order.refundCapAmount} may be given back`
    : null;
}

function differentFields(left: Order, right: Order): string[] {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter(
    (name) =>
      canonicalHash(left[name as keyof Order]) !== canonicalHash(right[name as keyof Order]),
  );
}
