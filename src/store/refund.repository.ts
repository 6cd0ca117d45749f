import { type Connection, type Model, type QueryFilter, Schema } from 'mongoose';
import type { AuditEntry } from '../domain/audit.js';
import { type Order, orderId } from '../domain/order.js';
import type { Refund } from '../domain/refund.js';
import { isDuplicateKey } from './mongo-errors.js';
import { orderModel } from './order.model.js';
import type {
  RefundFilter,
  RefundPage,
  RefundReservation,
  RefundStore,
  StoredRefund,
} from './refund-store.js';

interface RefundDocument extends Partial<Refund> {
  /** `<merchantNo>/<refundNo>`: a number is one refund's for ever. */
  readonly _id: string;
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly refundNo: string;
  readonly contentHash: string;
  readonly currency?: string;
  /** Version of the order that this shows; 0 while the number is only reserved. */
  readonly orderVersion: number;
}

/** Not only reserved. One whose version is damaged is shown: nothing is left out silently. */
const SHOWN = { $ne: 0 };

const text = { type: String, default: null };

// Untyped: a refund's fields are the domain's, and are written whole.
const refundSchema = new Schema(
  {
    _id: String,
    merchantNo: String,
    merchantOrderNo: String,
    refundNo: String,
    contentHash: String,
    currency: text,
    orderVersion: Number,
    amount: Number,
    reason: text,
    method: text,
    status: text,
    requestedBy: text,
    requestedAt: text,
    settledAt: text,
    gatewayTransNo: text,
    submissions: Number,
    rounds: Number,
    nextCheckAt: text,
    lastQueryId: text,
    failureCode: text,
  },
  { collection: 'refunds', strict: 'throw', versionKey: false },
);
refundSchema.index({ merchantNo: 1, requestedAt: -1, _id: -1 });
refundSchema.index({ merchantNo: 1, merchantOrderNo: 1 });

export class RefundRepository implements RefundStore {
  readonly #refunds: Model<RefundDocument>;
  readonly #orders: ReturnType<typeof orderModel>;

  constructor(connection: Connection) {
    this.#refunds = connection.model<RefundDocument>('Refund', refundSchema);
    this.#orders = orderModel(connection);
  }

  async createIndexes(): Promise<void> {
    await this.#refunds.createIndexes();
  }

  async reserve(reservation: RefundReservation): Promise<boolean> {
    const { merchantNo, merchantOrderNo, refundNo, contentHash } = reservation;
    const _id = orderId(merchantNo, refundNo);
    if ((await this.#orders.exists({ _id })) !== null) return false;
    try {
      const document: RefundDocument = { _id, ...reservation, orderVersion: 0 };
      await this.#refunds.collection.insertOne(document as never);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const present = await this.#refunds.findById(_id).lean<RefundDocument>();
    return present?.merchantOrderNo === merchantOrderNo && present.contentHash === contentHash;
  }

  async ownerOf(merchantNo: string, refundNo: string) {
    const document = await this.#refunds
      .findById(orderId(merchantNo, refundNo))
      .lean<RefundDocument>();
    return document === null ? null : { merchantOrderNo: document.merchantOrderNo };
  }

  async find(merchantNo: string, refundNo: string): Promise<StoredRefund | null> {
    const document = await this.#refunds
      .findOne({ _id: orderId(merchantNo, refundNo), orderVersion: SHOWN })
      .lean<RefundDocument>();
    return document === null ? null : storedRefund(document);
  }

  /** Shows what entries of the audit changed in the order's refunds. Safe to repeat and to come late. */
  async project(order: Order, entries: readonly AuditEntry[]): Promise<void> {
    const latest = entries.findLast((entry) => entry.changes.refunds !== undefined);
    if (latest === undefined) return;
    for (const refund of order.refunds) {
      const { merchantNo, merchantOrderNo, currency } = order;
      const _id = orderId(merchantNo, refund.refundNo);
      const shown = { ...refund, currency, orderVersion: latest.sequence };
      // Usually reserved before; an order that is rolled forward from its audit may come first.
      await this.#insert({ _id, merchantNo, merchantOrderNo, ...refund, orderVersion: 0 });
      const { matchedCount } = await this.#refunds.collection.updateOne(
        { _id, orderVersion: { $lt: latest.sequence } } as never,
        { $set: shown },
      );
      if (matchedCount === 0) await this.#mend(_id, shown);
    }
  }

  /** Where it cannot be told which version a refund shows, it would never show a later one. */
  async #mend(_id: string, shown: Partial<RefundDocument>): Promise<void> {
    const stored = await this.#refunds.findById(_id).lean<RefundDocument>();
    if (stored === null || Number.isFinite(stored.orderVersion)) return;
    await this.#refunds.collection.updateOne({ _id } as never, { $set: shown });
  }

  async list(
    merchantNo: string,
    filter: RefundFilter,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<RefundPage> {
    const conditions: QueryFilter<RefundDocument>[] = [fieldFilter(merchantNo, filter)];
    if (page.startingAfter !== undefined) {
      const anchor = await this.find(merchantNo, page.startingAfter);
      if (anchor === null) return { data: [], hasMore: false };
      const _id = orderId(merchantNo, page.startingAfter);
      conditions.push({
        $or: [
          { requestedAt: { $lt: anchor.requestedAt } },
          { requestedAt: anchor.requestedAt, _id: { $lt: _id } },
        ],
      });
    }
    const documents = await this.#refunds
      .find({ $and: conditions })
      .sort({ requestedAt: -1, _id: -1 })
      .limit(page.limit + 1)
      .lean<RefundDocument[]>();
    return {
      data: documents.slice(0, page.limit).map(storedRefund),
      hasMore: documents.length > page.limit,
    };
  }

  async *stream(merchantNo: string, filter: RefundFilter): AsyncIterable<StoredRefund> {
    const cursor = this.#refunds
      .find(fieldFilter(merchantNo, filter))
      .sort({ requestedAt: -1, _id: -1 })
      .lean<RefundDocument[]>()
      .cursor();
    for await (const document of cursor) yield storedRefund(document as RefundDocument);
  }

  async #insert(document: RefundDocument): Promise<void> {
    try {
      await this.#refunds.collection.insertOne(document as never);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

function storedRefund({ _id, orderVersion, ...refund }: RefundDocument): StoredRefund {
  // Its id holds the number as well: by that it can always be named.
  return { ...refund, refundNo: _id.slice(_id.indexOf('/') + 1) } as StoredRefund;
}

function fieldFilter(merchantNo: string, filter: RefundFilter): QueryFilter<RefundDocument> {
  const { status, createdFrom, createdTo } = filter;
  const requestedAt = {
    ...(createdFrom === undefined ? {} : { $gte: createdFrom }),
    ...(createdTo === undefined ? {} : { $lt: createdTo }),
  };
  return {
    merchantNo,
    orderVersion: SHOWN,
    ...(status === undefined ? {} : { status }),
    ...(Object.keys(requestedAt).length === 0 ? {} : { requestedAt }),
  };
}
