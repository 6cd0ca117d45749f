import type { Connection, Model, QueryFilter } from 'mongoose';
import { DomainError } from '../domain/errors.js';
import { type Order, type OrderStatus, orderId } from '../domain/order.js';
import { type AuditDocument, auditId, auditModel } from './audit.model.js';
import { type OrderDocument, orderModel, storedOrder } from './order.model.js';
import type { OrderFilter, OrderPage, OrderStatusCount } from './order-store.js';

/** Documents that a stream holds at once. */
const STREAM_BATCH_SIZE = 500;

/** A sample is drawn from so many of the latest: counting further would cost more than it tells. */
const SAMPLED_MAX = 10_000;

/** Reading many orders: lists, exports, and what the sweep looks for. */
export class OrderQueries {
  readonly #orders: Model<OrderDocument>;
  readonly #audit: Model<AuditDocument>;

  constructor(connection: Connection) {
    this.#orders = orderModel(connection);
    this.#audit = auditModel(connection);
  }

  async list(
    merchantNo: string,
    filter: OrderFilter,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<OrderPage> {
    const conditions = [fieldFilter(merchantNo, filter)];
    if (page.startingAfter !== undefined) {
      const anchor = await this.#orders
        .findById(orderId(merchantNo, page.startingAfter))
        .lean<OrderDocument>();
      if (anchor === null) return { data: [], hasMore: false };
      if (typeof anchor.createdAt !== 'string') throw damagedStart(page.startingAfter);
      conditions.push({
        $or: [
          { createdAt: { $lt: anchor.createdAt } },
          { createdAt: anchor.createdAt, _id: { $lt: anchor._id } },
        ],
      });
    }
    const documents = await this.#orders
      .find({ $and: conditions })
      .sort({ createdAt: -1, _id: -1 })
      .limit(page.limit + 1)
      .lean<OrderDocument[]>();
    return {
      data: documents.slice(0, page.limit).map((document) => storedOrder(document).order),
      hasMore: documents.length > page.limit,
    };
  }

  async *stream(merchantNo: string, filter: OrderFilter): AsyncIterable<Order> {
    const cursor = this.#orders
      .find(fieldFilter(merchantNo, filter))
      .sort({ createdAt: -1, _id: -1 })
      .lean<OrderDocument[]>()
      .cursor({ batchSize: STREAM_BATCH_SIZE });
    for await (const document of cursor) yield storedOrder(document as OrderDocument).order;
  }

  async statusCounts(statuses?: readonly OrderStatus[]): Promise<readonly OrderStatusCount[]> {
    return await this.#orders.aggregate<OrderStatusCount>([
      ...(statuses === undefined ? [] : [{ $match: { status: { $in: statuses } } }]),
      { $group: { _id: '$status', count: { $sum: 1 }, oldestCreatedAt: { $min: '$createdAt' } } },
      { $project: { _id: 0, status: '$_id', count: 1, oldestCreatedAt: 1 } },
    ]);
  }

  async overdue(overdueSince: string, limit: number) {
    const filter = { nextActionAt: { $ne: null, $lt: overdueSince } };
    return await this.#some(filter, { nextActionAt: 1 }, limit);
  }

  async behindAudit(after: string, limit: number) {
    const looked = await this.#orders
      .find({ _id: { $gt: after } }, { version: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Pick<OrderDocument, '_id' | 'version'>[]>();
    const following = looked.map(({ _id, version }) => auditId(_id, version + 1));
    const ahead = await this.#audit
      .find({ _id: { $in: following } }, { orderId: 1 })
      .lean<Pick<AuditDocument, 'orderId'>[]>();
    return {
      orderIds: ahead.map(({ orderId: id }) => id),
      lookedTo: looked.length < limit ? null : (looked.at(-1)?._id ?? null),
    };
  }

  async scheduledDue(createdSince: string, dueBefore: string, limit: number) {
    const filter = {
      status: 'pending',
      'checks.strategy': 'scheduled',
      'checks.nextAt': { $lt: dueBefore },
      createdAt: { $gte: createdSince },
    } as QueryFilter<OrderDocument>;
    return await this.#some(filter, { 'checks.nextAt': 1 }, limit);
  }

  async sampleFinal(finalSince: string, size: number) {
    const filter: QueryFilter<OrderDocument> = {
      status: { $in: ['paid', 'partially_refunded', 'canceled'] },
      updatedAt: { $gte: finalSince },
      // Each comparison writes to the order: by `updatedAt` alone it would be of today for ever.
      'decidedBy.at': { $gte: finalSince },
    };
    const count = await this.#orders.countDocuments(filter).limit(SAMPLED_MAX);
    // Each by itself: drawn as one run of neighbours, the first and the last would hardly ever be among them.
    const places = new Set(Array.from({ length: size }, () => Math.floor(Math.random() * count)));
    const drawn = await Promise.all(
      [...places].map(async (place) => await this.#some(filter, { updatedAt: -1 }, 1, place)),
    );
    return drawn.flat();
  }

  async #some(
    filter: QueryFilter<OrderDocument>,
    sort: Record<string, 1 | -1>,
    limit: number,
    skip = 0,
  ): Promise<readonly Order[]> {
    const documents = await this.#orders
      .find(filter)
      .sort(sort)
      .skip(skip)
      .limit(limit)
      .lean<OrderDocument[]>();
    return documents.map((document) => storedOrder(document).order);
  }
}

/** A page that begins nowhere would be an empty one, and look like the end. */
function damagedStart(merchantOrderNo: string): DomainError {
  const text = `The record of order ${merchantOrderNo} is damaged: no page can begin after it.`;
  return new DomainError('unavailable', text, { logMessage: text });
}

/** What makes an order known by a number of it comes first: those are looked up by an index of their own. */
function fieldFilter(merchantNo: string, filter: OrderFilter): QueryFilter<OrderDocument> {
  const query: QueryFilter<OrderDocument> = { merchantNo };
  const { merchantOrderNo, gatewayTransNo } = filter;
  if (merchantOrderNo !== undefined) query._id = orderId(merchantNo, merchantOrderNo);
  if (gatewayTransNo !== undefined) query.gatewayTransNo = gatewayTransNo;
  for (const name of ['status', 'reviewReason', 'channel', 'currency'] as const) {
    if (filter[name] !== undefined) Object.assign(query, { [name]: filter[name] });
  }
  const amount = inclusive(filter.amountFrom, filter.amountTo);
  if (amount !== null) query.amount = amount;
  const created = range(filter.createdFrom, filter.createdTo);
  if (created !== null) query.createdAt = created;
  const paid = range(filter.paidFrom, filter.paidTo);
  if (paid !== null) query.paidAt = paid;
  return query;
}

/** Amounts: both ends belong to it. */
function inclusive(from: number | undefined, to: number | undefined): object | null {
  if (from === undefined && to === undefined) return null;
  return {
    ...(from === undefined ? {} : { $gte: from }),
    ...(to === undefined ? {} : { $lte: to }),
  };
}

/** Times: the end does not belong to it. */
function range(from: string | undefined, to: string | undefined): object | null {
  if (from === undefined && to === undefined) return null;
  return {
    ...(from === undefined ? {} : { $gte: from }),
    ...(to === undefined ? {} : { $lt: to }),
  };
}
