/** Several runs of one order know what a restored record lacks: the newest of it stays. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditDraft } from '../../src/domain/audit.js';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { orderId } from '../../src/domain/order.js';
import type { Refund } from '../../src/domain/refund.js';
import { refundRequestedEntry } from '../../src/domain/refund-entries.js';
import type { RecordResult, StoredOrder } from '../../src/store/order-store.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { CREATED_MS, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await createTestDatabase();
  stores = database.stores;
});
afterAll(async () => await database?.drop());

const minute = (minutes: number): string => new Date(CREATED_MS + minutes * 60_000).toISOString();

function note(text: string, at: string): AuditDraft {
  const data = { text };
  return {
    kind: 'operator',
    event: 'note',
    at,
    summary: text,
    data,
    changes: { description: text },
  };
}

async function write(
  id: string,
  before: StoredOrder | null,
  draft: AuditDraft,
): Promise<{ readonly result: RecordResult; readonly stored: StoredOrder }> {
  const result = await stores.orders.record({
    orderId: id,
    before,
    transitionId: randomUUID(),
    drafts: [draft],
    anomalies: [],
    healedAnomalies: [],
    processedCallbackIds: [],
  });
  const stored = await stores.orders.load(id);
  if (stored === null) throw new Error('nothing is stored');
  return { result, stored };
}

/** A new order, and a way back to how it is stored now. */
async function storedOrder() {
  const order = newOrder(orderRequest(), CREATED_MS);
  const id = orderId(order.merchantNo, order.merchantOrderNo);
  const { stored } = await write(id, null, createdEntry(order));
  const orders = database.connection.collection<{ _id: string }>('orders');
  const copy = await orders.findOne({ _id: id });
  if (copy === null) throw new Error('nothing is stored');
  const goBack = async () => {
    await database.connection.collection('audit').deleteMany({ orderId: id, sequence: { $gt: 1 } });
    await database.connection
      .collection('refunds')
      .deleteMany({ merchantOrderNo: order.merchantOrderNo });
    await orders.replaceOne({ _id: id }, copy);
  };
  const lose = async () => {
    await goBack();
    await database.connection.collection('audit').deleteMany({ orderId: id });
    await orders.deleteOne({ _id: id });
  };
  return { id, stored, goBack, lose };
}

function refundRequest(order: StoredOrder['order'], at: string): AuditDraft {
  const content = {
    amount: null,
    reason: 'returned',
    method: 'refund',
    requestedBy: 'shop',
  } as const;
  const request = { refundNo: uniqueOrderNo(), contentHash: 'content', ...content };
  return refundRequestedEntry(order, request, at);
}

describe('a record that its open run has brought back', () => {
  it('when an earlier run tells less, then that does not take its place, however old the last message', async () => {
    const { id, stored, goBack } = await storedOrder();
    let known = stored;
    for (const minutes of [1, 2, 3, 4, 5, 6]) {
      known = (await write(id, known, note(`note ${minutes}`, minute(minutes)))).stored;
    }
    const earlierRun = known;
    const openRun = (await write(id, known, refundRequest(known.order, minute(7)))).stored;
    await goBack();
    // A callback that was received before all that, and waited.
    const old = note('an old message', minute(1));
    const first = await write(id, openRun, old);
    expect(first.result.outcome).toBe('conflict');
    const { stored: broughtBack } = await write(id, first.stored, old);
    expect(broughtBack.order.refunds).toHaveLength(1);

    const { standing } = await stores.orders.restore(id, earlierRun, minute(9));

    expect(standing).toBe('restored');
    const refunds: readonly Refund[] | undefined = (await stores.orders.load(id))?.order.refunds;
    expect(refunds).toEqual(openRun.order.refunds);
  });
});

describe('an order that is gone whole', () => {
  it('when a crash comes after its record is back and before its refunds are shown, then they are shown by the next try', async () => {
    const { id, stored, lose } = await storedOrder();
    const openRun = (await write(id, stored, refundRequest(stored.order, minute(1)))).stored;
    const refundNo = openRun.order.refunds[0]?.refundNo ?? '';
    await lose();
    const dying = createStores(database.connection);
    const crash = new Error('the process died');
    dying.refunds.project = async () => {
      throw crash;
    };
    await expect(dying.orders.restore(id, openRun, minute(2))).rejects.toThrow(crash);

    await stores.orders.restore(id, openRun, minute(3));

    expect(await stores.refunds.find(openRun.order.merchantNo, refundNo)).toMatchObject({
      refundNo,
    });
  });
});
