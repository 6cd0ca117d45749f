/** Everything the checks look at: what the shop was told, what the gateway did, what the service has. */
import type { Connection } from 'mongoose';
import type { AuditEntry } from '../../domain/audit.js';
import { type AuditDocument, auditModel } from '../../store/audit.model.js';
import { type CallbackDocument, callbackModel } from '../../store/callback.model.js';
import { type OrderDocument, orderModel } from '../../store/order.model.js';
import type { GatewayHistory } from '../gateway-history.js';
import type { JournalEntry } from '../journal.js';
import type { Findings } from './findings.js';

export interface Evidence {
  readonly findings: Findings;
  readonly journal: readonly JournalEntry[];
  readonly gateway: GatewayHistory;
  /** By order number. */
  readonly orders: ReadonlyMap<string, OrderDocument>;
  /** Order by the number of each of its refunds. */
  readonly ordersOfRefunds: ReadonlyMap<string, OrderDocument>;
  /** By order id, each oldest first. */
  readonly audits: ReadonlyMap<string, readonly AuditEntry[]>;
  /** By callback id. */
  readonly inbox: ReadonlyMap<string, CallbackDocument>;
}

/** Reads what the service has when nothing is under way any more. */
export async function readEvidence(
  connection: Connection,
  told: Pick<Evidence, 'findings' | 'journal' | 'gateway'>,
): Promise<Evidence> {
  const orders = await orderModel(connection).find().lean<OrderDocument[]>();
  const entries = await auditModel(connection).find().lean<AuditDocument[]>();
  const callbacks = await callbackModel(connection).find().lean<CallbackDocument[]>();
  const audits = new Map<string, AuditEntry[]>();
  for (const entry of entries.sort((left, right) => left.sequence - right.sequence)) {
    const audit = audits.get(entry.orderId);
    if (audit === undefined) audits.set(entry.orderId, [entry]);
    else audit.push(entry);
  }
  return {
    ...told,
    orders: new Map(orders.map((order) => [order.merchantOrderNo, order])),
    ordersOfRefunds: new Map(
      orders.flatMap((order) => order.refunds.map(({ refundNo }) => [refundNo, order] as const)),
    ),
    audits,
    inbox: new Map(callbacks.map((callback) => [callback._id, callback])),
  };
}

/** Entries of one kind of what the shop was told. */
export function toldOf<K extends JournalEntry['kind']>(
  journal: readonly JournalEntry[],
  kind: K,
): readonly Extract<JournalEntry, { readonly kind: K }>[] {
  return journal.filter(
    (entry): entry is Extract<JournalEntry, { readonly kind: K }> => entry.kind === kind,
  );
}
