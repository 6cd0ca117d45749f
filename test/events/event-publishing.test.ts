/** A decision and its events belong together: whatever dies in between, the feed has them in the end, in their order. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventActivities } from '../../src/activities/event.activities.js';
import type { OrderChanges } from '../../src/domain/order.js';
import {
  type EventEnvironment,
  entry,
  eventEnvironment,
  MERCHANT_NO,
  onNextCall,
  present,
  recordRequest,
  START_MS,
  storedOrder,
} from './event-environment.js';

const PAID: OrderChanges = { status: 'paid', paidAmount: 1_050, gatewayTransNo: 'G-1' };
/** When marks that were set at the start are old enough. */
const LATER = new Date(START_MS + 60_000).toISOString();

let environment: EventEnvironment;

beforeEach(async () => {
  environment = await eventEnvironment();
});
afterEach(async () => await environment.close());

async function feed() {
  const page = await environment.stores.events.list(MERCHANT_NO, { limit: 100 });
  return page?.data ?? [];
}

async function types(): Promise<readonly string[]> {
  return (await feed()).map(({ type }) => type);
}

async function isMarked(id: string): Promise<boolean> {
  const order = await environment.connection.model('Order').findById(id).lean<object>();
  return order !== null && 'unpublishedFrom' in order;
}

function dieAtNext(model: 'Event' | 'Order', operation: 'insertOne' | 'updateOne', isDone = false) {
  onNextCall(environment.connection, { model, operation }, async (call) => {
    if (isDone) await call();
    throw new Error('crash');
  });
}

describe('a decision that is an event', () => {
  it('when it is recorded, then the feed tells it with the order as it then was, and no mark is left', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    await stores.orders.record(
      recordRequest(id, stored, [entry('note'), entry('order.paid', PAID)]),
    );
    const { merchantOrderNo } = stored.order;
    expect(await feed()).toEqual([
      {
        id: `${MERCHANT_NO}~2F${merchantOrderNo}~2F3`,
        type: 'order.paid',
        timestamp: new Date(START_MS).toISOString(),
        data: {
          merchantOrderNo,
          sequence: 3,
          status: 'paid',
          reviewReason: null,
          amount: 1_050,
          currency: 'USD',
          paidAmount: 1_050,
          refundedAmount: 0,
          gatewayTransNo: 'G-1',
          refund: null,
        },
      },
    ]);
    expect(await isMarked(id)).toBe(false);
  });

  it('when nothing of it is an event, then nothing is told and nothing is marked', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    await stores.orders.record(recordRequest(id, stored, [entry('note')]));
    expect(await feed()).toEqual([]);
    expect(await isMarked(id)).toBe(false);
  });

  it('when the same write is repeated, then it is told once', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    const write = recordRequest(id, stored, [entry('order.paid', PAID)]);
    for (let attempt = 0; attempt < 3; attempt += 1) await stores.orders.record(write);
    await stores.eventPublisher.republish(LATER, 10);
    expect(await types()).toEqual(['order.paid']);
  });

  it('when the record is read, then the mark is no part of the order', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Event', 'insertOne');
    await stores.orders.record(recordRequest(id, stored, [entry('order.paid', PAID)]));
    expect(await isMarked(id)).toBe(true);
    expect(Object.keys((await present(stores, id)).order)).toEqual(Object.keys(stored.order));
  });
});

describe('a crash', () => {
  it('when it comes between the order and its event, then the decision stands and the sweep tells it, once', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Event', 'insertOne');
    const write = recordRequest(id, stored, [entry('order.paid', PAID)]);
    expect(await stores.orders.record(write)).toMatchObject({ outcome: 'recorded' });
    expect(await types()).toEqual([]);
    expect(await stores.eventPublisher.republish(LATER, 10)).toEqual({
      ordersFound: 1,
      ordersFailed: 0,
    });
    environment.clock.nowMs += 60_000;
    expect(await stores.eventPublisher.republish(LATER, 10)).toMatchObject({ ordersFound: 0 });
    expect(await types()).toEqual(['order.paid']);
    expect(await isMarked(id)).toBe(false);
  });

  it('when it comes between the audit and the order, then whoever rolls the order forward tells it', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Order', 'updateOne');
    const write = recordRequest(id, stored, [entry('order.paid', PAID)]);
    await expect(stores.orders.record(write)).rejects.toThrow('crash');
    expect(await types()).toEqual([]);
    await stores.orders.load(id);
    expect(await types()).toEqual(['order.paid']);
    expect(await isMarked(id)).toBe(false);
  });

  it('when the write of the order was done and its answer lost, then the sweep tells what nobody has told', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Order', 'updateOne', true);
    const write = recordRequest(id, stored, [entry('order.paid', PAID)]);
    await expect(stores.orders.record(write)).rejects.toThrow('crash');
    expect(await stores.orders.record(write)).toMatchObject({ outcome: 'recorded' });
    expect(await isMarked(id)).toBe(true);
    await stores.eventPublisher.republish(LATER, 10);
    expect(await types()).toEqual(['order.paid']);
  });

  it('when the next decision comes before the sweep, then the older event is told before the newer one', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Event', 'insertOne');
    const paid = recordRequest(id, stored, [entry('order.paid', PAID)]);
    await stores.orders.record(paid);
    const review = entry('order.review', { status: 'review', reviewReason: 'contradiction' });
    await stores.orders.record(recordRequest(id, await present(stores, id), [review]));
    await stores.eventPublisher.republish(LATER, 10);
    expect(await types()).toEqual(['order.paid', 'order.review']);
    expect((await feed()).map(({ data }) => data.status)).toEqual(['paid', 'review']);
    expect(await isMarked(id)).toBe(false);
  });

  it('when something else is written meanwhile, then the mark outlives it', async () => {
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Event', 'insertOne');
    await stores.orders.record(recordRequest(id, stored, [entry('order.paid', PAID)]));
    await stores.orders.record(recordRequest(id, await present(stores, id), [entry('note')]));
    expect(await isMarked(id)).toBe(true);
    await stores.eventPublisher.republish(LATER, 10);
    expect(await types()).toEqual(['order.paid']);
  });

  it('when one order cannot be published, then the others are', async () => {
    const { stores } = environment;
    for (let index = 0; index < 3; index += 1) {
      const { id, stored } = await storedOrder(stores);
      dieAtNext('Event', 'insertOne');
      await stores.orders.record(recordRequest(id, stored, [entry('order.paid', PAID)]));
    }
    dieAtNext('Event', 'insertOne');
    const report = await stores.eventPublisher.republish(LATER, 10);
    expect(report).toEqual({ ordersFound: 3, ordersFailed: 1 });
    await stores.eventPublisher.republish(LATER, 10);
    expect(await types()).toEqual(['order.paid', 'order.paid', 'order.paid']);
  });
});

describe('the sweep', () => {
  it('when a decision is only seconds old, then its events are left to the one who decided', async () => {
    const { stores, clock } = environment;
    const { id, stored } = await storedOrder(stores);
    dieAtNext('Event', 'insertOne');
    await stores.orders.record(recordRequest(id, stored, [entry('order.paid', PAID)]));
    const activities = createEventActivities({
      eventPublisher: stores.eventPublisher,
      now: () => clock.nowMs,
    });
    clock.nowMs += 4_000;
    expect(await activities.publishWaitingEvents()).toMatchObject({ eventOrdersFound: 0 });
    clock.nowMs += 10_000;
    expect(await activities.publishWaitingEvents()).toEqual({
      eventOrdersFound: 1,
      eventOrdersFailed: 0,
    });
    expect(await types()).toEqual(['order.paid']);
  });
});
