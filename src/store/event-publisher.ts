import type { Connection, Model } from 'mongoose';
import type { AuditEntry } from '../domain/audit.js';
import { eventsOf, type OrderEvent } from '../domain/events.js';
import { type AuditDocument, auditModel } from './audit.model.js';
import type { EventRepository } from './event.repository.js';
import type { WaitingEvents } from './event-store.js';
import { type OrderDocument, orderModel, type UnpublishedMark } from './order.model.js';

export interface EventPublisherOptions {
  /** Whether new events are delivered to a webhook as well as listed in the feed. */
  readonly isDelivered: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type MarkedOrder = Pick<OrderDocument, '_id' | 'version' | 'unpublishedFrom'>;

/**
 * Brings events from the audit into the feed, each order's in their order, at least once. The order's record carries a
 * mark from the very write that shows the decision until its events are in the feed: a crash in between loses none.
 */
export class EventPublisher implements WaitingEvents {
  readonly #orders: Model<OrderDocument>;
  readonly #audit: Model<AuditDocument>;
  readonly #events: EventRepository;
  readonly #options: EventPublisherOptions;

  constructor(connection: Connection, events: EventRepository, options: EventPublisherOptions) {
    this.#orders = orderModel(connection);
    this.#audit = auditModel(connection);
    this.#events = events;
    this.#options = options;
  }

  /** The mark that an order's record gets with these events; `null` when there are none. */
  mark(events: readonly OrderEvent[]): UnpublishedMark | null {
    const [first] = events;
    if (first === undefined) return null;
    return { unpublishedFrom: first.data.sequence, unpublishedSince: this.#now() };
  }

  /**
   * Publishes the events of a write that is in the order's record. Never throws: the decision stands whether or not
   * anybody is told yet, and the mark brings the events into the next sweep.
   */
  async publish(orderId: string, version: number, events: readonly OrderEvent[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    try {
      const marked = await this.#orders
        .findById(orderId, { version: 1, unpublishedFrom: 1 })
        .lean<MarkedOrder>();
      // Gone: a sweep was faster.
      if (marked?.unpublishedFrom === undefined) return;
      // An earlier write's events are still waiting: they go first.
      if (marked.unpublishedFrom !== first.data.sequence) return await this.#publishMarked(marked);
      await this.#append(events);
      await this.#clearMark(orderId, version);
    } catch {
      // The mark is still there.
    }
  }

  async republish(
    markedBefore: string,
    limit: number,
  ): Promise<{ readonly ordersFound: number; readonly ordersFailed: number }> {
    const marked = await this.#orders
      .find({ unpublishedSince: { $lt: markedBefore } }, { version: 1, unpublishedFrom: 1 })
      .sort({ unpublishedSince: 1 })
      .limit(limit)
      .lean<MarkedOrder[]>();
    let ordersFailed = 0;
    for (const order of marked) {
      await this.#publishMarked(order).catch(() => {
        ordersFailed += 1;
      });
    }
    return { ordersFound: marked.length, ordersFailed };
  }

  async #publishMarked({ _id, version, unpublishedFrom }: MarkedOrder): Promise<void> {
    const entries: readonly AuditEntry[] = await this.#audit
      .find({ orderId: _id, sequence: { $lte: version } })
      .sort({ sequence: 1 })
      .lean<AuditDocument[]>();
    const waiting: OrderEvent[] = [];
    for (const event of eventsOf(null, entries)) {
      const isMarked = event.data.sequence >= (unpublishedFrom ?? 0);
      if (isMarked && !(await this.#events.has(event.id))) waiting.push(event);
    }
    await this.#append(waiting);
    await this.#clearMark(_id, version);
  }

  async #append(events: readonly OrderEvent[]): Promise<void> {
    const { isDelivered } = this.#options;
    for (const event of events) await this.#events.append(event, { isDelivered, at: this.#now() });
  }

  /** Only when the record is still at that version: a later write may have brought events of its own. */
  async #clearMark(orderId: string, version: number): Promise<void> {
    await this.#orders.updateOne(
      { _id: orderId, version },
      { $unset: { unpublishedFrom: 1, unpublishedSince: 1 } },
    );
  }

  #now(): string {
    return new Date(this.#options.now()).toISOString();
  }
}
