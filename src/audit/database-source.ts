/** Reads orders, audit and checkpoints of a database side by side, sorted by order id, one order at a time. */
import type { Connection } from 'mongoose';
import type { AuditEntry } from '../domain/audit.js';
import { type AuditDocument, auditModel } from '../store/audit.model.js';
import { type OrderDocument, orderModel, storedOrder } from '../store/order.model.js';
import type { AuditedOrder, AuditSource, LeafRecord, OrderRecord } from './audited-order.js';
import { CheckpointRepository } from './checkpoint.repository.js';

/** A service that goes on writing moves orders between the reads; such an order is read again this many times. */
const REREADS_MAX = 5;
const REREAD_PAUSE_MS = 200;

export function databaseSource(connection: Connection): AuditSource {
  const checkpoints = new CheckpointRepository(connection);
  return {
    orders: async function* () {
      const merged = mergeByOrder({
        records: allRecords(connection),
        entries: allEntries(connection),
        leaves: checkpoints.leaves(),
      });
      for await (const audited of merged) yield await settled(connection, audited);
    },
    checkpoints: () => checkpoints.all(),
  };
}

/** Orders that were created in a time, each with its audit. For what looks at orders and not at proofs. */
export async function* ordersCreatedBetween(
  connection: Connection,
  between: { readonly from: string | null; readonly to: string | null },
): AsyncGenerator<AuditedOrder> {
  const createdAt = {
    ...(between.from === null ? {} : { $gte: between.from }),
    ...(between.to === null ? {} : { $lt: between.to }),
  };
  const cursor = orderModel(connection)
    .find(Object.keys(createdAt).length === 0 ? {} : { createdAt })
    .lean<OrderDocument>()
    .cursor() as unknown as AsyncIterable<OrderDocument>;
  for await (const document of cursor) {
    const record = recordOf(document);
    const entries = await entriesOf(connection, record.orderId);
    yield { orderId: record.orderId, record, entries, leaves: [] };
  }
}

interface Streams {
  readonly records: AsyncIterable<OrderRecord>;
  readonly entries: AsyncIterable<AuditEntry>;
  readonly leaves: AsyncIterable<LeafRecord>;
}

/** Joins streams that are sorted by order id. Whatever an order has in any of them makes it appear. */
export async function* mergeByOrder(streams: Streams): AsyncGenerator<AuditedOrder> {
  const records = new Lookahead(streams.records);
  const entries = new Lookahead(streams.entries);
  const leaves = new Lookahead(streams.leaves);
  for (;;) {
    const heads = [await records.peek(), await entries.peek(), await leaves.peek()];
    const ids = heads.flatMap((head) => (head === null ? [] : [head.orderId]));
    const orderId = ids.reduce<string | null>(
      (least, id) => (least === null || id < least ? id : least),
      null,
    );
    if (orderId === null) return;
    const [record = null] = await records.takeOf(orderId);
    yield {
      orderId,
      record,
      entries: await entries.takeOf(orderId),
      leaves: await leaves.takeOf(orderId),
    };
  }
}

class Lookahead<T extends { readonly orderId: string }> {
  readonly #iterator: AsyncIterator<T>;
  #head: T | null = null;
  #isRead = false;

  constructor(items: AsyncIterable<T>) {
    this.#iterator = items[Symbol.asyncIterator]();
  }

  async peek(): Promise<T | null> {
    if (!this.#isRead) {
      const next = await this.#iterator.next();
      this.#head = next.done === true ? null : next.value;
      this.#isRead = true;
    }
    return this.#head;
  }

  async takeOf(orderId: string): Promise<readonly T[]> {
    const taken: T[] = [];
    for (let head = await this.peek(); head?.orderId === orderId; head = await this.peek()) {
      taken.push(head);
      this.#isRead = false;
    }
    return taken;
  }
}

async function* allRecords(connection: Connection): AsyncGenerator<OrderRecord> {
  const cursor = orderModel(connection)
    .find()
    .sort({ _id: 1 })
    .lean<OrderDocument>()
    .cursor() as unknown as AsyncIterable<OrderDocument>;
  for await (const document of cursor) yield recordOf(document);
}

async function* allEntries(connection: Connection): AsyncGenerator<AuditEntry> {
  const cursor = auditModel(connection)
    .find()
    .sort({ orderId: 1, sequence: 1 })
    .lean<AuditDocument>()
    .cursor() as unknown as AsyncIterable<AuditDocument>;
  for await (const { _id, ...entry } of cursor) yield entry;
}

/** An order that was being written while it was read: read again until both sides are of one moment. */
async function settled(connection: Connection, audited: AuditedOrder): Promise<AuditedOrder> {
  let current = audited;
  for (let reread = 0; reread < REREADS_MAX && isUneven(current); reread += 1) {
    if (reread > 0) await new Promise((resolve) => setTimeout(resolve, REREAD_PAUSE_MS));
    const document = await orderModel(connection).findById(audited.orderId).lean<OrderDocument>();
    current = {
      ...audited,
      record: document === null ? null : recordOf(document),
      entries: await entriesOf(connection, audited.orderId),
    };
  }
  return current;
}

function isUneven({ record, entries, leaves }: AuditedOrder): boolean {
  const signed = Math.max(0, ...leaves.map(({ version }) => version));
  return (record?.version ?? 0) !== entries.length || signed > entries.length;
}

async function entriesOf(connection: Connection, orderId: string): Promise<readonly AuditEntry[]> {
  const documents = await auditModel(connection)
    .find({ orderId })
    .sort({ sequence: 1 })
    .lean<AuditDocument[]>();
  return documents.map(({ _id, ...entry }) => entry);
}

function recordOf(document: OrderDocument): OrderRecord {
  return { orderId: document._id, ...storedOrder(document) };
}
