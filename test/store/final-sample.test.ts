/** Which final orders the sweep compares with the gateway: those that became final of late. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditDraft } from '../../src/domain/audit.js';
import { createdEntry, newOrder } from '../../src/domain/new-order.js';
import { orderId } from '../../src/domain/order.js';
import type { Stores } from '../../src/store/stores.js';
import { CREATED_MS, orderRequest } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const PAID_AT = '2026-01-01T00:00:05.000Z';
const COMPARED_AT = '2026-01-03T00:00:00.000Z';

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await createTestDatabase();
  stores = database.stores;
});
afterAll(async () => await database?.drop());

function draft(event: string, at: string, changes: AuditDraft['changes']): AuditDraft {
  return { kind: 'decision', event, at, summary: event, data: {}, changes };
}

it('when an order was final days ago and is compared today, then it is not drawn again for that', async () => {
  const order = newOrder(orderRequest(), CREATED_MS);
  const id = orderId(order.merchantNo, order.merchantOrderNo);
  const record = async (drafts: readonly AuditDraft[]) =>
    await stores.orders.record({
      ...{ orderId: id, before: await stores.orders.find(id), transitionId: randomUUID(), drafts },
      ...{ anomalies: [], healedAnomalies: [], processedCallbackIds: [] },
    });
  const drawn = async (finalSince: string) =>
    (await stores.orders.sampleFinal(finalSince, 2)).map((each) => each.merchantOrderNo);
  const decidedBy = { source: 'callback', at: PAID_AT, auditSequence: 1 } as const;
  await record([createdEntry(order)]);
  await record([draft('paid', PAID_AT, { status: 'paid', decidedBy })]);
  expect(await drawn(PAID_AT)).toEqual([order.merchantOrderNo]);
  await record([draft('compared', COMPARED_AT, {})]);
  expect((await stores.orders.find(id))?.order.updatedAt).toBe(COMPARED_AT);
  expect(await drawn('2026-01-02T12:00:00.000Z')).toEqual([]);
  expect(await drawn(PAID_AT)).toEqual([order.merchantOrderNo]);
});
