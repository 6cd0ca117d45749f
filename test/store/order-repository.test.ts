import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditDraft, applyDrafts } from '../../src/domain/audit.js';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { applyChanges, type Order, orderId } from '../../src/domain/order.js';
import { findChainFault } from '../../src/store/audit-chain.js';
import type { RecordRequest, RecordResult, StoredOrder } from '../../src/store/order-store.js';
import type { Stores } from '../../src/store/stores.js';
import { CREATED_MS, MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await createTestDatabase();
  stores = database.stores;
});
afterAll(async () => await database?.drop());

function note(text: string, at = '2026-01-01T00:00:01.000Z'): AuditDraft {
  return {
    kind: 'operator',
    event: 'note',
    at,
    summary: text,
    data: { text },
    changes: { description: text },
  };
}

function request(
  before: StoredOrder | null,
  drafts: readonly AuditDraft[],
  id: string,
  transitionId: string = randomUUID(),
): RecordRequest {
  return {
    orderId: id,
    before,
    transitionId,
    drafts,
    anomalies: [],
    healedAnomalies: [],
    processedCallbackIds: [],
  };
}

async function createOrder(): Promise<{ id: string; stored: StoredOrder }> {
  const order = newOrder(orderRequest(), CREATED_MS);
  const id = orderId(order.merchantNo, order.merchantOrderNo);
  await stores.orders.record(request(null, [createdEntry(order)], id));
  const stored = await stores.orders.find(id);
  if (stored === null) throw new Error('not created');
  return { id, stored };
}

/** Order and audit agree: the chain is whole, ends where the order stands, and its fold is the order. */
async function expectAgreement(id: string): Promise<StoredOrder> {
  const stored = await stores.orders.load(id);
  const entries = await stores.orders.audit(id);
  expect(findChainFault(id, entries)).toBeNull();
  expect(entries.at(-1)).toMatchObject({ sequence: stored?.version, hash: stored?.auditHash });
  const [first, ...rest] = entries;
  const folded = rest.reduce(
    (order, entry) => applyChanges(order, entry.changes, entry.at),
    first?.changes as Order,
  );
  expect(stored?.order).toEqual(folded);
  return stored as StoredOrder;
}

/** The next call of an operation fails, as if the process died before it, or after it and before its answer. */
function crashAt(
  model: 'Order' | 'Audit',
  operation: 'insertOne' | 'updateOne',
  moment: 'before' | 'after',
): void {
  const collection = database.connection.model(model).collection as unknown as Record<
    string,
    (...parameters: unknown[]) => Promise<unknown>
  >;
  const original = collection[operation];
  if (original === undefined) throw new Error(`no ${operation}`);
  collection[operation] = async (...parameters) => {
    collection[operation] = original;
    if (moment === 'after') await original.apply(collection, parameters);
    throw new Error('crash');
  };
}

describe('recording a transition', () => {
  it('when it is recorded, then order and audit agree', async () => {
    const { id, stored } = await createOrder();
    const result = await stores.orders.record(request(stored, [note('a'), note('b')], id));
    expect(result).toMatchObject({ outcome: 'recorded', version: 3 });
    expect((await expectAgreement(id)).order.description).toBe('b');
  });

  it('when the very same write is repeated, then it succeeds and nothing is written twice', async () => {
    const { id, stored } = await createOrder();
    const write = request(stored, [note('a'), note('b')], id);
    const results: RecordResult[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      results.push(await stores.orders.record(write));
    expect(results.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded', 'recorded']);
    expect((await expectAgreement(id)).version).toBe(3);
  });

  it('when another writer was faster, then the loser learns what is there and has written nothing', async () => {
    const { id, stored } = await createOrder();
    await stores.orders.record(request(stored, [note('winner')], id));
    const result = await stores.orders.record(request(stored, [note('loser')], id));
    expect(result).toMatchObject({
      outcome: 'conflict',
      current: { version: 2, order: { description: 'winner' } },
    });
    expect((await expectAgreement(id)).version).toBe(2);
  });

  it('when many writers race, then exactly one wins', async () => {
    const { id, stored } = await createOrder();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        stores.orders.record(request(stored, [note(`writer ${writer}`)], id)),
      ),
    );
    expect(results.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(1);
    expect((await expectAgreement(id)).version).toBe(2);
  });

  it('when two create the same number, then one order is there', async () => {
    const order = newOrder(orderRequest(), CREATED_MS);
    const id = orderId(order.merchantNo, order.merchantOrderNo);
    const other = { ...order, amount: 1 };
    const results = await Promise.all(
      [order, other].map((each) => stores.orders.record(request(null, [createdEntry(each)], id))),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'recorded']);
    await expectAgreement(id);
  });
});

describe('a crash at any point of a write', () => {
  const points = [
    ['Audit', 'insertOne', 'before'],
    ['Audit', 'insertOne', 'after'],
    ['Order', 'updateOne', 'before'],
    ['Order', 'updateOne', 'after'],
  ] as const;

  it.each(points)(
    'when it dies at %s.%s (%s) and the write is repeated, then it is there once',
    async (model, operation, moment) => {
      const { id, stored } = await createOrder();
      const write = request(stored, [note('a'), note('b')], id);
      crashAt(model, operation, moment);
      await expect(stores.orders.record(write)).rejects.toThrow('crash');
      expect(await stores.orders.record(write)).toMatchObject({ outcome: 'recorded', version: 3 });
      expect((await expectAgreement(id)).version).toBe(3);
      // What the order shows already is not told as new: nobody counts it twice.
      expect(await stores.orders.record(write)).toMatchObject({ isNew: false });
    },
  );

  it.each(points)(
    'when it dies at %s.%s (%s) and never comes back, then whoever loads finds a whole record',
    async (model, operation, moment) => {
      const { id, stored } = await createOrder();
      crashAt(model, operation, moment);
      await expect(
        stores.orders.record(request(stored, [note('a'), note('b')], id)),
      ).rejects.toThrow('crash');
      const after = await expectAgreement(id);
      const result = await stores.orders.record(request(after, [note('next')], id));
      expect(result.outcome).toBe('recorded');
      expect((await expectAgreement(id)).order.description).toBe('next');
    },
  );

  it('when the first write of an order dies before the order is there, then the audit brings it back', async () => {
    const order = newOrder(orderRequest(), CREATED_MS);
    const id = orderId(order.merchantNo, order.merchantOrderNo);
    crashAt('Order', 'insertOne', 'before');
    await expect(stores.orders.record(request(null, [createdEntry(order)], id))).rejects.toThrow(
      'crash',
    );
    expect(await stores.orders.find(id)).toBeNull();
    expect((await expectAgreement(id)).order).toEqual(order);
  });

  it('when a repeated write says something else, then what was written first stands', async () => {
    const { id, stored } = await createOrder();
    const transitionId = randomUUID();
    crashAt('Order', 'updateOne', 'before');
    await expect(
      stores.orders.record(request(stored, [note('first')], id, transitionId)),
    ).rejects.toThrow('crash');
    const result = await stores.orders.record(request(stored, [note('second')], id, transitionId));
    expect(result).toMatchObject({
      outcome: 'conflict',
      current: { order: { description: 'first' } },
    });
    await expectAgreement(id);
  });

  it('when writers with random batches crash at random points, then order and audit always agree', async () => {
    const step = fc.record({
      texts: fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 3 }),
      crash: fc.option(fc.nat({ max: points.length - 1 }), { nil: null }),
      repeats: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const { id, stored } = await createOrder();
        let known: StoredOrder = stored;
        for (const { texts, crash, repeats } of steps) {
          const drafts = texts.map((text) => note(text));
          const write = request(known, drafts, id);
          const point = points[crash ?? -1];
          if (point !== undefined) crashAt(point[0], point[1], point[2]);
          for (let attempt = 0; attempt <= repeats; attempt += 1) {
            await stores.orders.record(write).catch(() => null);
          }
          known = await expectAgreement(id);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('tampering', () => {
  it('when an entry is altered, removed or reordered, then the chain names the first broken one', async () => {
    const { id, stored } = await createOrder();
    await stores.orders.record(request(stored, [note('a'), note('b'), note('c')], id));
    const entries = await stores.orders.audit(id);
    expect(findChainFault(id, entries)).toBeNull();
    const altered = entries.map((entry) =>
      entry.sequence === 3 ? { ...entry, summary: 'something else' } : entry,
    );
    expect(findChainFault(id, altered)).toEqual({ sequence: 3, problem: 'content_changed' });
    const removed = entries.filter((entry) => entry.sequence !== 2);
    expect(findChainFault(id, removed)).toEqual({ sequence: 2, problem: 'missing' });
    expect(findChainFault('M1/other', entries)).toEqual({ sequence: 1, problem: 'chain_broken' });
  });
});

describe('lists', () => {
  it('when orders are listed page by page, then each comes once, newest first, and filters hold', async () => {
    const merchantNo = `M-${uniqueOrderNo().slice(2, 12)}`;
    const numbers: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const order = newOrder(
        orderRequest({ merchantNo, channel: index % 2 === 0 ? 'hosted' : 'pos' }),
        // Two of them in the same millisecond.
        CREATED_MS + Math.floor(index / 2) * 1_000,
      );
      numbers.push(order.merchantOrderNo);
      const id = orderId(merchantNo, order.merchantOrderNo);
      await stores.orders.record(request(null, [createdEntry(order)], id));
    }
    const seen: Order[] = [];
    let startingAfter: string | undefined;
    for (let hasMore = true; hasMore; ) {
      const page = await stores.orders.list(
        merchantNo,
        {},
        { limit: 3, ...(startingAfter === undefined ? {} : { startingAfter }) },
      );
      seen.push(...page.data);
      startingAfter = page.data.at(-1)?.merchantOrderNo;
      hasMore = page.hasMore;
    }
    expect(seen.map((order) => order.merchantOrderNo).sort()).toEqual([...numbers].sort());
    const times = seen.map((order) => order.createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const pos = await stores.orders.list(merchantNo, { channel: 'pos' }, { limit: 10 });
    expect(pos.data).toHaveLength(3);
    const early = await stores.orders.list(
      merchantNo,
      { createdTo: new Date(CREATED_MS + 1_000).toISOString() },
      { limit: 10 },
    );
    expect(early.data).toHaveLength(2);
  });

  it('when an order’s next step is overdue, then the sweep finds it, and not when nothing is due', async () => {
    const { id, stored } = await createOrder();
    const isFound = async () =>
      (await stores.orders.overdue('2027-01-01T00:00:00.000Z', 1_000)).some(
        (order) => order.merchantOrderNo === stored.order.merchantOrderNo,
      );
    expect(await isFound()).toBe(true);
    const paid: AuditDraft = { ...note('paid'), changes: { status: 'paid' } };
    await stores.orders.record(request(stored, [paid], id));
    expect(await isFound()).toBe(false);
  });
});

describe('anomalies', () => {
  it('when the same anomaly is raised again, then it is one and counted, and a repeated write is not counted', async () => {
    const { id, stored } = await createOrder();
    const anomaly = { kind: 'contradiction', at: '2026-01-01T00:00:01.000Z', detail: 'd' } as const;
    const first = { ...request(stored, [note('a')], id), anomalies: [anomaly] };
    await stores.orders.record(first);
    await stores.orders.record(first);
    const again = await stores.orders.load(id);
    await stores.orders.record({ ...request(again, [note('b')], id), anomalies: [anomaly] });
    const found = (await stores.anomalies.listOpen(1_000)).filter(({ orderId }) => orderId === id);
    expect(found).toMatchObject([{ kind: 'contradiction', count: 2 }]);
  });
});

describe('applying drafts', () => {
  it('when drafts are applied in memory, then it is what the record then holds', async () => {
    const { id, stored } = await createOrder();
    const drafts = [note('a'), note('b')];
    await stores.orders.record(request(stored, drafts, id));
    expect((await stores.orders.find(id))?.order).toEqual(applyDrafts(stored.order, drafts));
    expect(stored.order.merchantNo).toBe(MERCHANT_NO);
  });
});
