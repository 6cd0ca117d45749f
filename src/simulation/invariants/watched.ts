/** What the invariants look at. */
import type { AuditEntry } from '../../domain/audit.js';
import type { Order } from '../../domain/order.js';
import type { StoredDocument } from '../database/documents.js';
import type { SimulatedDatabase } from '../database/simulated-database.js';
import type { CallbackSender } from '../gateway/callback-sender.js';
import type { EvidenceLedger } from '../gateway/evidence-ledger.js';
import type { GatewayWorld } from '../gateway/gateway-world.js';
import type { Fleet } from '../service/fleet.js';
import type { SimulatedTemporal } from '../temporal/simulated-temporal.js';
import type { Findings } from './findings.js';
import type { TakenEvidence } from './taken-evidence.js';

export interface Watched {
  readonly findings: Findings;
  readonly database: SimulatedDatabase;
  readonly temporal: SimulatedTemporal;
  readonly world: GatewayWorld;
  readonly ledger: EvidenceLedger;
  readonly sender: CallbackSender;
  readonly fleet: Fleet;
  readonly taken: TakenEvidence;
  readonly nowMs: () => number;
  readonly sweepIntervalMs: number;
  /** Numbers of orders and refunds that the merchant was told are accepted. */
  readonly accepted: {
    readonly orders: ReadonlySet<string>;
    readonly refunds: ReadonlyMap<string, string>;
  };
}

export type OrderDocument = Order & {
  readonly _id: string;
  readonly version: number;
  readonly auditHash: string;
  readonly nextActionAt: string | null;
  readonly unpublishedFrom?: number;
};

export function orderDocuments(database: SimulatedDatabase): readonly OrderDocument[] {
  return [...database.collection('orders').documents] as unknown as readonly OrderDocument[];
}

/** An order's audit, oldest first. */
export function auditOf(database: SimulatedDatabase, orderId: string): readonly AuditEntry[] {
  const entries = database.collection('audit').select({ orderId }).map(withoutId);
  return entries.sort((left, right) => left.sequence - right.sequence);
}

function withoutId({ _id, ...entry }: StoredDocument): AuditEntry {
  return entry as unknown as AuditEntry;
}
