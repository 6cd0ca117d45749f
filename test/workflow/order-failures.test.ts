import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  orderRequest,
  uniqueOrderNo,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/** Every activity fails once or more: a bug, a worker that is gone, a database that is away. Nothing may be lost. */
const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
const DEADLINE_MS = 15_000;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

function broken(): never {
  throw new Error('the activity is broken');
}

async function becomes(order: NewOrder, status: string): Promise<void> {
  await eventually(
    `the order becomes ${status}`,
    async () => (await environment.order(order)).status === status,
    20_000,
  );
}

async function created(order: NewOrder = orderRequest()): Promise<NewOrder> {
  await environment.messenger.createOrder(order, DEADLINE_MS);
  return order;
}

/** The next calls of a store's method fail as they do when MongoDB is away. */
function failing<T extends object, M extends keyof T>(store: T, method: M, times: number): void {
  const original = store[method] as (...parameters: unknown[]) => Promise<unknown>;
  let left = times;
  Object.defineProperty(store, method, {
    configurable: true,
    value: async (...parameters: unknown[]) => {
      if (left === 0) {
        Reflect.deleteProperty(store, method);
        return await original.apply(store, parameters);
      }
      left -= 1;
      throw new Error('MongoDB is away');
    },
  });
}

describe('calls to the gateway that fail', () => {
  it('when the creation fails, then its outcome is unknown, the gateway is asked, and it is not repeated blindly', async () => {
    const order = orderRequest();
    gateway.script(order.merchantOrderNo, {
      create: broken,
      query: () => answerOf(order, 'unknown'),
    });
    await created(order);
    expect(gateway.operations(order.merchantOrderNo)).toEqual(['create', 'query']);
    expect(await environment.order(order)).toMatchObject({
      status: 'pending',
      gatewayCreation: 'unknown',
      paymentUrl: null,
    });
  });

  it('when a question fails, then it is asked again until it is answered', async () => {
    const order = orderRequest();
    gateway.script(order.merchantOrderNo, {
      query: (call) => (call < 3 ? broken() : answerOf(order, 'paid')),
    });
    await created(order);
    await environment.messenger.verifyNow(order, 1, DEADLINE_MS);
    await becomes(order, 'paid');
    const asked = (await environment.audit(order)).filter(({ kind }) => kind === 'query');
    expect(asked).toHaveLength(1);
  });

  it('when the cancel fails, then it may have happened: the gateway is asked, and paid is then for a person', async () => {
    const order = orderRequest();
    gateway.script(order.merchantOrderNo, {
      query: (call) => answerOf(order, call === 1 ? 'open' : 'paid'),
      cancel: broken,
    });
    await created(order);
    const cancel = { requestedBy: 'merchant', actor: 'shop' } as const;
    await environment.messenger.cancel(order, cancel, DEADLINE_MS);
    await becomes(order, 'review');
    expect(await environment.order(order)).toMatchObject({ reviewReason: 'refunded_by_cancel' });
  });

  it('when the refund fails, then it keeps its amount and is asked about', async () => {
    const order = orderRequest();
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid'), refund: broken });
    await created(order);
    await environment.messenger.verifyNow(order, 1, DEADLINE_MS);
    const request = {
      refundNo: uniqueOrderNo(),
      amount: null,
      reason: 'r',
      method: 'refund',
      requestedBy: 'shop',
      contentHash: 'c',
    } as const;
    const result = await environment.messenger.refund(order, request, DEADLINE_MS);
    expect(result).toMatchObject({ outcome: 'accepted', refund: { status: 'unknown' } });
  });
});

describe('a record that cannot be read or written', () => {
  it('when the record cannot be read at first, then the order waits for it and is created once', async () => {
    failing(environment.stores.orders, 'load', 2);
    const order = await created();
    expect(
      (await environment.audit(order)).filter(({ event }) => event === 'order.created'),
    ).toHaveLength(1);
  });

  it('when the proof cannot be written at first, then it is written when it can, once', async () => {
    const order = await created();
    failing(environment.stores.orders, 'record', 3);
    const evidence = aCallback(factsOf(order));
    await environment.messenger.callbackReceived(order, evidence, DEADLINE_MS);
    await becomes(order, 'paid');
    const kinds = (await environment.audit(order)).map(({ event }) => event);
    expect(kinds.filter((event) => event === 'order.paid')).toHaveLength(1);
    expect(await environment.fault(order)).toBeNull();
  });

  it('when an answer cannot be written at first, then it is kept and the gateway is not asked again', async () => {
    const order = await created();
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid') });
    failing(environment.stores.orders, 'record', 3);
    await environment.messenger.verifyNow(order, 1, DEADLINE_MS);
    await becomes(order, 'paid');
    expect(gateway.operations(order.merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when a refund’s number cannot be reserved at first, then it is reserved when it can', async () => {
    const order = await created();
    await environment.messenger.callbackReceived(order, aCallback(factsOf(order)), DEADLINE_MS);
    await becomes(order, 'paid');
    failing(environment.stores.refunds, 'reserve', 2);
    const request = {
      refundNo: uniqueOrderNo(),
      amount: 1,
      reason: 'r',
      method: 'refund',
      requestedBy: 'shop',
      contentHash: 'c',
    } as const;
    const result = await environment.messenger.refund(order, request, DEADLINE_MS);
    expect(result.outcome).toBe('accepted');
  });
});
