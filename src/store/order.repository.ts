import type { Connection, Model } from 'mongoose';
import { assert } from '../domain/assert.js';
import type { AuditEntry } from '../domain/audit.js';
import { eventsOf } from '../domain/events.js';
import { applyChanges, type Order } from '../domain/order.js';
import { nextStep } from '../domain/schedule.js';
import type { AnomalyRepository } from './anomaly.repository.js';
import { type AuditDocument, auditId, auditModel } from './audit.model.js';
import { chainEntries, genesisHash } from './audit-chain.js';
import type { CallbackRepository } from './callback.repository.js';
import type { EventPublisher } from './event-publisher.js';
import { isDuplicateKey } from './mongo-errors.js';
import { type OrderDocument, orderModel, storedOrder } from './order.model.js';
import { OrderQueries } from './order-queries.js';
import type {
  OrderStore,
  RecordComparison,
  RecordRequest,
  RecordResult,
  StoredOrder,
} from './order-store.js';
import { RecordRestorer } from './record-restorer.js';
import type { RefundRepository } from './refund.repository.js';

/**
 * Orders and their audit in MongoDB. The audit is the write-ahead log: an entry is there before the order shows it,
 * and whoever finds an entry that the order does not show yet applies it.
 */
export class OrderRepository extends OrderQueries implements OrderStore {
  readonly #orders: Model<OrderDocument>;
  readonly #audit: Model<AuditDocument>;
  readonly #callbacks: CallbackRepository;
  readonly #anomalies: AnomalyRepository;
  readonly #refunds: RefundRepository;
  readonly #publisher: EventPublisher;
  readonly #restorer: RecordRestorer;

  constructor(
    connection: Connection,
    beside: {
      readonly callbacks: CallbackRepository;
      readonly anomalies: AnomalyRepository;
      readonly refunds: RefundRepository;
      readonly publisher: EventPublisher;
    },
  ) {
    super(connection);
    this.#orders = orderModel(connection);
    this.#audit = auditModel(connection);
    this.#callbacks = beside.callbacks;
    this.#anomalies = beside.anomalies;
    this.#refunds = beside.refunds;
    this.#publisher = beside.publisher;
    this.#restorer = new RecordRestorer(connection, this);
  }

  async createIndexes(): Promise<void> {
    await this.#orders.createIndexes();
    await this.#audit.createIndexes();
  }

  async find(orderId: string): Promise<StoredOrder | null> {
    const document = await this.#orders.findById(orderId).lean<OrderDocument>();
    return document === null ? null : storedOrder(document);
  }

  async load(orderId: string): Promise<StoredOrder | null> {
    let stored = await this.find(orderId);
    for (;;) {
      const sequence = (stored?.version ?? 0) + 1;
      const entry = await this.#audit.findById(auditId(orderId, sequence)).lean<AuditDocument>();
      if (entry === null) return stored;
      await this.#apply(orderId, stored?.order ?? null, [withoutId(entry)]);
      stored = await this.find(orderId);
    }
  }

  async record(request: RecordRequest): Promise<RecordResult> {
    const { orderId, before, transitionId } = request;
    if (before !== null && (await this.#isOlderThan(before, request))) {
      return { outcome: 'conflict', current: await this.load(orderId), isRepeated: false };
    }
    const entries = chainEntries(orderId, request.drafts, {
      version: before?.version ?? 0,
      auditHash: before?.auditHash ?? genesisHash(orderId),
      transitionId,
    });
    const last = entries.at(-1);
    assert(last !== undefined, 'a record without entries');
    // Before the audit shows it: whoever finds the evidence there counts it as recorded, and raises nothing.
    if (request.anomalies.length > 0 && (await this.#isFree(entries))) {
      await this.#anomalies.raise(orderId, transitionId, request.anomalies);
    }
    if (!(await this.#append(entries))) return await this.#conflict(orderId, entries);
    const place = await this.#advance(request, entries);
    if (place === 'conflict') return await this.#conflict(orderId, entries);
    await this.#anomalies.heal(orderId, request.healedAnomalies, last.at);
    await this.#callbacks.markProcessed(request.processedCallbackIds, 'recorded', last.at);
    const { sequence: version, hash: auditHash } = last;
    return { outcome: 'recorded', version, auditHash, isNew: place === 'advanced' };
  }

  async compare(orderId: string, known: StoredOrder): Promise<RecordComparison> {
    return await this.#restorer.compare(orderId, known);
  }

  async restore(orderId: string, known: StoredOrder, at: string): Promise<RecordComparison> {
    return await this.#restorer.restore(orderId, known, at);
  }

  /** What the writer knows is brought back first; then it decides again. */
  async #isOlderThan(known: StoredOrder, { orderId, drafts }: RecordRequest): Promise<boolean> {
    const { standing } = await this.#restorer.compare(orderId, known);
    if (standing === 'contains') return false;
    await this.restore(orderId, known, drafts.at(-1)?.at ?? known.order.updatedAt);
    return true;
  }

  async #conflict(orderId: string, entries: readonly AuditEntry[]): Promise<RecordResult> {
    const current = await this.load(orderId);
    const [first] = entries;
    const present = await this.#audit
      .findById(auditId(orderId, first?.sequence ?? 0))
      .lean<AuditEntry>();
    const isRepeated =
      present !== null &&
      present.transitionId === first?.transitionId &&
      present.event === first.event &&
      present.data.refundNo === first.data.refundNo;
    return { outcome: 'conflict', current, isRepeated };
  }

  async audit(orderId: string): Promise<readonly AuditEntry[]> {
    const documents = await this.#audit
      .find({ orderId })
      .sort({ sequence: 1 })
      .lean<AuditDocument[]>();
    return documents.map(withoutId);
  }

  /** Whether these entries can be written, or are there from an attempt before. */
  async #isFree([first]: readonly AuditEntry[]): Promise<boolean> {
    if (first === undefined) return false;
    const _id = auditId(first.orderId, first.sequence);
    const present = await this.#audit.findById(_id).lean<AuditEntry>();
    return present === null || present.hash === first.hash;
  }

  /** @returns false when another entry stands in the way; the hash covers the transition id */
  async #append(entries: readonly AuditEntry[]): Promise<boolean> {
    for (const entry of entries) {
      const _id = auditId(entry.orderId, entry.sequence);
      try {
        await this.#audit.collection.insertOne({ ...entry, _id } as never);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const present = await this.#audit.findById(_id).lean<AuditEntry>();
        if (present?.hash !== entry.hash) return false;
      }
    }
    return true;
  }

  /** @returns `conflict` when the order stands at another version and not because of these entries */
  async #advance(
    request: RecordRequest,
    entries: readonly AuditEntry[],
  ): Promise<'advanced' | 'present' | 'conflict'> {
    const { orderId, before } = request;
    if (await this.#apply(orderId, before?.order ?? null, entries)) return 'advanced';
    // A retry of a write that was done, or one that others have rolled forward, finds its entries in the order.
    const current = await this.load(orderId);
    const isPresent = current !== null && current.version >= (entries.at(-1)?.sequence ?? 0);
    return isPresent ? 'present' : 'conflict';
  }

  /** Brings entries that are in the audit into the order. @returns false when the order is at another version */
  async #apply(
    orderId: string,
    before: Order | null,
    entries: readonly AuditEntry[],
  ): Promise<boolean> {
    const [first] = entries;
    const last = entries.at(-1);
    assert(first !== undefined && last !== undefined, 'a transition without entries');
    const order = entries.reduce(
      (current, entry) => applyChanges(current, entry.changes, entry.at),
      // The first entry of a chain holds the whole order.
      before ?? (first.changes as Order),
    );
    const document = {
      ...order,
      version: last.sequence,
      auditHash: last.hash,
      lastTransitionId: last.transitionId,
      nextActionAt: nextActionAt(order),
      isCheckpointed: false,
    };
    const events = eventsOf(before, entries);
    const mark = this.#publisher.mark(events);
    // Before the order shows them: whoever finds the order at this version looks no further. One that is brought back
    // may have some with its first entry.
    await this.#refunds.project(order, entries);
    if (before === null) {
      if (!(await this.#insertFirst(orderId, { ...document, ...mark }))) return false;
    } else {
      const result = await this.#orders.collection.updateOne(
        { _id: orderId, version: first.sequence - 1 } as never,
        { $set: document, ...(mark === null ? {} : { $min: mark }) },
      );
      if (result.matchedCount === 0) return false;
    }
    await this.#publisher.publish(orderId, last.sequence, events);
    return true;
  }

  async #insertFirst(orderId: string, document: object): Promise<boolean> {
    try {
      await this.#orders.collection.insertOne({ ...document, _id: orderId } as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

function withoutId({ _id, ...entry }: AuditDocument): AuditEntry {
  return entry;
}

/** When the order must have been acted on, for the sweeper. */
export function nextActionAt(order: Order): string | null {
  const step = nextStep(order);
  return step.do === 'finish' ? null : new Date(step.atMs).toISOString();
}
