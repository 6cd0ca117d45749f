/** A database of its own for the tests of events, orders whose decisions are events, and a receiver of webhooks. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import mongoose, { type Connection } from 'mongoose';
import { inject } from 'vitest';
import type { AuditDraft } from '../../src/domain/audit.js';
import { type OrderEvent, type OrderEventType, orderEventId } from '../../src/domain/events.js';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { type OrderChanges, orderId } from '../../src/domain/order.js';
import type { EventStore } from '../../src/store/event-store.js';
import type { RecordRequest, StoredOrder } from '../../src/store/order-store.js';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';
import { MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';

export { MERCHANT_NO };

export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

export interface EventEnvironment {
  readonly connection: Connection;
  readonly stores: Stores;
  /** The clock of the stores; tests move it. */
  readonly clock: { nowMs: number };
  close(): Promise<void>;
}

export async function eventEnvironment(isDelivered = false): Promise<EventEnvironment> {
  const dbName = `test_${randomUUID().replaceAll('-', '')}`;
  const connection = await mongoose
    .createConnection(inject('mongodbUri'), { dbName, autoIndex: false })
    .asPromise();
  const clock = { nowMs: START_MS };
  const stores = createStores(connection, { isDelivered, now: () => clock.nowMs });
  await createIndexes(stores);
  return {
    connection,
    stores,
    clock,
    close: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

/** An event of an order of its own, unless a number is given. */
export function anEvent(merchantNo: string, merchantOrderNo = uniqueOrderNo(), sequence = 2) {
  const id = orderId(merchantNo, merchantOrderNo);
  return {
    id: orderEventId(id, sequence),
    type: 'order.paid',
    timestamp: new Date(START_MS).toISOString(),
    merchantNo,
    orderId: id,
    data: {
      merchantOrderNo,
      sequence,
      status: 'paid',
      reviewReason: null,
      amount: 1_050,
      currency: 'USD',
      paidAmount: 1_050,
      refundedAmount: 0,
      gatewayTransNo: null,
      refund: null,
    },
  } satisfies OrderEvent;
}

/** An entry whose name is, or is not, that of an event. */
export function entry(event: OrderEventType | 'note', changes: OrderChanges = {}): AuditDraft {
  return {
    kind: 'decision',
    event,
    at: new Date(START_MS).toISOString(),
    summary: event,
    data: {},
    changes,
  };
}

export function recordRequest(
  id: string,
  before: StoredOrder | null,
  drafts: readonly AuditDraft[],
): RecordRequest {
  return {
    orderId: id,
    before,
    transitionId: randomUUID(),
    drafts,
    anomalies: [],
    healedAnomalies: [],
    processedCallbackIds: [],
  };
}

export async function storedOrder(
  stores: Stores,
): Promise<{ readonly id: string; readonly stored: StoredOrder }> {
  const order = newOrder(orderRequest(), START_MS);
  const id = orderId(order.merchantNo, order.merchantOrderNo);
  await stores.orders.record(recordRequest(id, null, [createdEntry(order)]));
  return { id, stored: await present(stores, id) };
}

export async function present(stores: Stores, id: string): Promise<StoredOrder> {
  const stored = await stores.orders.find(id);
  if (stored === null) throw new Error(`no order ${id}`);
  return stored;
}

/** The whole feed, read page by page as a merchant does. */
export async function wholeFeed(store: EventStore, merchantNo: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (;;) {
    const last = ids.at(-1);
    const page = await store.list(merchantNo, {
      limit: 7,
      ...(last === undefined ? {} : { startingAfter: last }),
    });
    if (page === null) throw new Error(`the event ${last} was listed and is gone`);
    ids.push(...page.data.map(({ id }) => id));
    if (!page.hasMore) return ids;
  }
}

export type CollectionOperation = 'insertOne' | 'updateOne';

/** Replaces the next call of an operation on a model's collection; with an id, the next one about that document. */
export function onNextCall(
  connection: Connection,
  on: {
    readonly model: 'Event' | 'Order';
    readonly operation: CollectionOperation;
    readonly id?: string;
  },
  replacement: (original: () => Promise<unknown>) => Promise<unknown>,
): void {
  const collection = connection.model(on.model).collection as unknown as Record<
    string,
    (first: { readonly _id: string }, ...others: unknown[]) => Promise<unknown>
  >;
  const original = collection[on.operation];
  if (original === undefined) throw new Error(`no ${on.operation}`);
  let isDone = false;
  collection[on.operation] = async (first, ...others) => {
    const call = () => original.call(collection, first, ...others);
    if (isDone || (on.id !== undefined && on.id !== first._id)) return await call();
    isDone = true;
    return await replacement(call);
  };
}

export function signingSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP receiver. `answer` gives the status, with a `Location` for redirects; `null` never answers. */
export async function startReceiver(
  answer: (webhook: ReceivedWebhook) => number | { readonly location: string } | null,
) {
  const received: ReceivedWebhook[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const webhook = { headers: request.headers, body };
    received.push(webhook);
    const reply = answer(webhook);
    if (reply === null) return;
    if (typeof reply === 'number') response.writeHead(reply).end('{}');
    else response.writeHead(302, reply).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    port,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
