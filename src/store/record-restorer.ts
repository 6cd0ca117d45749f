import type { Connection, Model } from 'mongoose';
import { mayTakeThePlaceOf, RESTORED_EVENT, restoredEntry } from '../domain/restored-entry.js';
import { type AuditDocument, auditId, auditModel } from './audit.model.js';
import type { OrderStore, RecordComparison, StoredOrder } from './order-store.js';

/**
 * Finds records that are older than what a run knows of them, and writes that again. While the service runs no record
 * goes back; after MongoDB was restored from a copy it has, and an entry appended then would leave a hole in the audit.
 */
export class RecordRestorer {
  readonly #audit: Model<AuditDocument>;
  readonly #orders: Pick<OrderStore, 'load' | 'record'>;

  constructor(connection: Connection, orders: Pick<OrderStore, 'load' | 'record'>) {
    this.#audit = auditModel(connection);
    this.#orders = orders;
  }

  /** One read for a record that is as it should be. */
  async compare(orderId: string, known: StoredOrder): Promise<RecordComparison> {
    const entry = await this.#audit.findById(auditId(orderId, known.version)).lean<AuditDocument>();
    if (entry?.hash === known.auditHash) return { standing: 'contains', record: null };
    // With what a crash left between audit and order: it belongs to the older record.
    const record = await this.#orders.load(orderId);
    if (record === null) return { standing: 'missing', record };
    // A copy that was not of one moment may hold an order and lack its last entries: `audit:verify` tells of it.
    if (record.auditHash === known.auditHash) return { standing: 'contains', record };
    if (await this.#wasRestored(orderId, known)) return { standing: 'restored', record };
    return { standing: mayTakeThePlaceOf(known, record) ? 'behind' : 'differs', record };
  }

  /** @returns how the record stood before */
  async restore(orderId: string, known: StoredOrder, at: string): Promise<RecordComparison> {
    const { reviewReason } = known.order;
    const detail = 'in review before the record was restored from an older copy';
    for (;;) {
      const comparison = await this.compare(orderId, known);
      const { standing, record } = comparison;
      if (standing !== 'behind' && standing !== 'missing') return comparison;
      const { outcome } = await this.#orders.record({
        orderId,
        before: record,
        transitionId: `restored/${known.auditHash}`,
        drafts: [restoredEntry(known, (record?.version ?? 0) + 1, at)],
        anomalies: reviewReason === null ? [] : [{ kind: reviewReason, at, detail }],
        healedAnomalies: [],
        processedCallbackIds: [],
      });
      if (outcome === 'recorded') return comparison;
    }
  }

  /**
   * Written again before: by an attempt of which nobody learnt, by another look at the same run, or by a later run of the
   * order, which knew more. The record's time does not tell that: an entry bears the time of its message, which may have
   * waited for long.
   */
  async #wasRestored(orderId: string, known: StoredOrder): Promise<boolean> {
    const filter = {
      orderId,
      event: RESTORED_EVENT,
      'data.knownVersion': { $gte: known.version },
      'data.knownUpdatedAt': { $gte: known.order.updatedAt },
    };
    return (await this.#audit.exists(filter)) !== null;
  }
}
