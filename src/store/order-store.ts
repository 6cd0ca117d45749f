import type { AnomalyDraft, AnomalyKind, AuditDraft, AuditEntry } from '../domain/audit.js';
import type { Channel, Order, OrderStatus, ReviewReason } from '../domain/order.js';

/** An order with its place in its audit chain. */
export interface StoredOrder {
  readonly order: Order;
  /** Sequence of the last audit entry that is in the order. */
  readonly version: number;
  readonly auditHash: string;
}

export interface RecordRequest {
  readonly orderId: string;
  /** The order as the writer knows it; `null` for a new one. */
  readonly before: StoredOrder | null;
  /** The same for every retry of this write, and for no other. */
  readonly transitionId: string;
  readonly drafts: readonly AuditDraft[];
  readonly anomalies: readonly AnomalyDraft[];
  /** Kinds of anomalies of this order that the transition ends. */
  readonly healedAnomalies: readonly AnomalyKind[];
  /** Inbox entries whose evidence is among the drafts. */
  readonly processedCallbackIds: readonly string[];
}

export type RecordResult =
  | {
      readonly outcome: 'recorded';
      readonly version: number;
      readonly auditHash: string;
      /** Brought into the order by this very call, not found there from an earlier try. */
      readonly isNew: boolean;
    }
  /** Somebody else wrote: the writer has to decide again on what is there now. */
  | {
      readonly outcome: 'conflict';
      readonly current: StoredOrder | null;
      /** The other write was this one, made before its worker died and told again with another time. */
      readonly isRepeated: boolean;
    };

/**
 * How a record stands to what a run knows of it: its audit `contains` that; it is `behind` or `missing`, as after
 * MongoDB was restored from an older copy; it was `restored` since, from that or from what a later run knew; or it
 * `differs`, because it was written to since, and a person has to look.
 */
export interface RecordComparison {
  readonly standing: 'contains' | 'restored' | 'behind' | 'missing' | 'differs';
  /** `null` when there is none, or when it was not needed to tell. */
  readonly record: StoredOrder | null;
}

export interface OrderFilter {
  readonly merchantOrderNo?: string;
  readonly gatewayTransNo?: string;
  readonly status?: OrderStatus;
  readonly reviewReason?: ReviewReason;
  readonly channel?: Channel;
  readonly currency?: string;
  /** Minor units, inclusive. */
  readonly amountFrom?: number;
  /** Minor units, inclusive. */
  readonly amountTo?: number;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  readonly paidFrom?: string;
  readonly paidTo?: string;
}

/** How many orders have a status, and since when the oldest of them is there. */
export interface OrderStatusCount {
  readonly status: OrderStatus;
  readonly count: number;
  readonly oldestCreatedAt: string;
}

export interface OrderPage {
  readonly data: readonly Order[];
  readonly hasMore: boolean;
}

/** Orders and their audit. All methods throw when MongoDB does not answer; a write that threw may have happened. */
export interface OrderStore {
  find(orderId: string): Promise<StoredOrder | null>;
  /** As find, after finishing a write that a crash left between audit and order. For writers. */
  load(orderId: string): Promise<StoredOrder | null>;
  /** Audit entries first, then the order by compare-and-set on its version. Idempotent by transition id. */
  record(request: RecordRequest): Promise<RecordResult>;
  /** How the record stands to what a run knows of it. */
  compare(orderId: string, known: StoredOrder): Promise<RecordComparison>;
  /**
   * Writes what is known of an order again when its record is behind it or missing; otherwise changes nothing. Safe to
   * repeat.
   * @param at when it is written, RFC 3339 UTC
   * @returns how the record stood before
   */
  restore(orderId: string, known: StoredOrder, at: string): Promise<RecordComparison>;
  /** Newest first. @param startingAfter the order number after which the page begins */
  list(
    merchantNo: string,
    filter: OrderFilter,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<OrderPage>;
  /** All of them, newest first, one after another. */
  stream(merchantNo: string, filter: OrderFilter): AsyncIterable<Order>;
  /** Of all orders, or of those that have one of the statuses; a status that none has is missing. */
  statusCounts(statuses?: readonly OrderStatus[]): Promise<readonly OrderStatusCount[]>;
  audit(orderId: string): Promise<readonly AuditEntry[]>;
  /** Open orders whose next step is overdue: their workflow is gone or far behind. */
  overdue(overdueSince: string, limit: number): Promise<readonly Order[]>;
  /**
   * Records that a writer left behind their audit, among so many by id. {@link OrderStore.load} brings one forward.
   * @returns `lookedTo` where the next look goes on; `null` at the end
   */
  behindAudit(
    after: string,
    limit: number,
  ): Promise<{ readonly orderIds: readonly string[]; readonly lookedTo: string | null }>;
  /** Unpaid orders of the scheduled strategy, created since then, whose check is due. Oldest check first. */
  scheduledDue(createdSince: string, dueBefore: string, limit: number): Promise<readonly Order[]>;
  /** Some of the orders that became final since then, any of them. */
  sampleFinal(finalSince: string, size: number): Promise<readonly Order[]>;
}
