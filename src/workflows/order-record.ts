import {
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type AnomalyDraft,
  type AuditDraft,
  applyDrafts,
  type WrittenChange,
} from '../domain/audit.js';
import { healedAnomalies } from '../domain/healing.js';
import { type Order, orderId } from '../domain/order.js';
import type { StoredOrder } from '../store/order-store.js';
import { orderRecordWith } from './activity-options.js';
import { currentDetails, searchAttributes, writeSummary } from './order-display.js';
import type { OrderPaymentInput, TimelineItem } from './order-messages.js';

/** The latest things this run did, for the query; the audit has all of them. */
const TIMELINE_MAX = 100;

export interface RecordOptions {
  readonly anomalies?: readonly AnomalyDraft[];
  readonly callbackIds?: readonly string[];
}

/** The order as this run knows it, and the only way it is written. */
export class OrderRecord {
  readonly #key: OrderPaymentInput;
  readonly timeline: TimelineItem[] = [];
  #stored: StoredOrder | null = null;
  #writes = 0;
  #wasWrittenBefore = false;

  constructor(key: OrderPaymentInput) {
    this.#key = key;
  }

  get order(): Order | null {
    return this.#stored?.order ?? null;
  }

  /** The order with its place in its audit, as this run knows it. */
  get stored(): StoredOrder | null {
    return this.#stored;
  }

  /** The audit sequence of the next entry. */
  get nextSequence(): number {
    return (this.#stored?.version ?? 0) + 1;
  }

  get version(): number {
    return this.#stored?.version ?? 0;
  }

  /** The last write was refused only because this very step had made it before, before its worker died. */
  get wasWrittenBefore(): boolean {
    return this.#wasWrittenBefore;
  }

  adopt(stored: StoredOrder | null): void {
    this.#stored = stored;
    if (stored !== null) setCurrentDetails(currentDetails(stored.order, this.timeline));
  }

  /**
   * Writes what happened. @returns false when somebody else had written: the run now knows the record as it is there
   * and has to decide again.
   */
  async write(drafts: readonly AuditDraft[], options: RecordOptions = {}): Promise<boolean> {
    this.#writes += 1;
    const before = this.#stored;
    const planned = orderAfter(before?.order ?? null, drafts);
    const result = await orderRecordWith(writeSummary(drafts)).recordTransition({
      orderId: orderId(this.#key.merchantNo, this.#key.merchantOrderNo),
      before,
      transitionId: `${workflowInfo().runId}/${this.#writes}`,
      drafts,
      anomalies: options.anomalies ?? [],
      healedAnomalies: healedAnomalies(before?.order ?? null, planned),
      processedCallbackIds: options.callbackIds ?? [],
    });
    this.#wasWrittenBefore = result.outcome === 'conflict' && result.isRepeated;
    if (result.outcome === 'conflict') {
      this.adopt(result.current);
      return false;
    }
    // What was written, not what would be written now: when a write takes so long that its task goes on in another one,
    // a replay sees the later task's time from the begin, and drafts made anew differ. Histories of before lack it.
    const order = orderAfter(before?.order ?? null, result.written ?? drafts);
    this.timeline.push(...drafts.map(({ at, event, summary }) => ({ at, event, summary })));
    this.timeline.splice(0, this.timeline.length - TIMELINE_MAX);
    this.adopt({ order, version: result.version, auditHash: result.auditHash });
    if (order.status !== before?.order.status && before !== null) {
      upsertSearchAttributes(searchAttributes(order));
    }
    return true;
  }

  /** Writes what surely happened: after somebody else's write the entry is made again on what is there then. */
  async writeOnLatest(entryOf: (order: Order) => AuditDraft): Promise<void> {
    while (this.order !== null && !(await this.write([entryOf(this.order)]))) {
      // The refused write has brought the latest record. Where that holds this very entry, from a task that was lost with
      // its worker, a second one would count what happened twice: a cancel that was not sent, for one.
      if (this.#wasWrittenBefore && patched('written-before-is-written')) return;
    }
  }
}

/** The first draft of a new order holds the whole order. */
function orderAfter(before: Order | null, drafts: readonly WrittenChange[]): Order {
  if (before !== null) return applyDrafts(before, drafts);
  const [first, ...rest] = drafts;
  return applyDrafts(first?.changes as Order, rest);
}
