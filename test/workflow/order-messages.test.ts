import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { findChainFault } from '../../src/store/audit-chain.js';
import type { InboxEntry } from '../../src/store/callback-store.js';
import { inboxEvidence } from '../../src/store/callback-store.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  inboxEntryOf,
  orderRequest,
  uniqueOrderNo,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, created, NO_ANSWER, ScriptedGateway } from '../support/scripted-gateway.js';

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
const DEADLINE_MS = 10_000;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

async function createdOrder(overrides: Partial<NewOrder> = {}): Promise<NewOrder> {
  const request = orderRequest(overrides);
  const { outcome } = await environment.messenger.createOrder(request, DEADLINE_MS);
  expect(outcome).toBe('created');
  return request;
}

async function statusOf(request: NewOrder): Promise<string> {
  return (await environment.order(request)).status;
}

async function signal(request: NewOrder, entry: InboxEntry): Promise<void> {
  await environment.messenger.callbackReceived(request, inboxEvidence(entry), DEADLINE_MS);
}

async function events(request: NewOrder): Promise<string[]> {
  return (await environment.audit(request)).map((entry) => entry.event);
}

describe('creating an order', () => {
  it('when it is created, then the record holds the payment address and the audit is chained from its first entry', async () => {
    const request = await createdOrder();
    expect(await environment.order(request)).toMatchObject({
      status: 'pending',
      paymentUrl: 'https://pay.example/p/1',
      gatewayCreation: 'created',
    });
    const entries = await environment.audit(request);
    expect(entries.map((entry) => entry.event)).toEqual(['order.created', 'create.answered']);
    expect(findChainFault(entries[0]?.orderId ?? '', entries)).toBeNull();
  });

  it('when the same number is created many times at once, then it is one order and one call to the gateway', async () => {
    const request = orderRequest();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        return (await environment.messenger.createOrder(request, DEADLINE_MS)).outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'existing')).toHaveLength(7);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create']);
  });

  it('when the number is taken by other content, then nothing is touched', async () => {
    const request = await createdOrder();
    const other = { ...request, amount: 1, contentHash: 'other' };
    const { outcome } = await environment.messenger.createOrder(other, DEADLINE_MS);
    expect(outcome).toBe('conflict');
    expect(await environment.order(request)).toMatchObject({ amount: 1_050 });
  });

  it('when the outcome of the creation is unknown and the order is not there, then it is created after a query', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, {
      create: (call) => created(call === 1 ? NO_ANSWER : ACCEPTED),
      query: () => answerOf(request, 'not_found'),
    });
    await environment.messenger.createOrder(request, DEADLINE_MS);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query', 'create']);
    expect(await environment.order(request)).toMatchObject({ gatewayCreation: 'created' });
  });

  it('when the outcome is unknown and the query too, then nothing is repeated blindly, and asking again later obtains the address', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, {
      create: (call) => created(call === 1 ? NO_ANSWER : ACCEPTED),
      query: (call) => answerOf(request, call === 1 ? 'unknown' : 'not_found'),
    });
    await environment.messenger.createOrder(request, DEADLINE_MS);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query']);
    expect(await environment.order(request)).toMatchObject({ paymentUrl: null, status: 'pending' });

    await environment.messenger.createOrder(request, DEADLINE_MS);
    expect(gateway.operations(request.merchantOrderNo)).toEqual([
      'create',
      'query',
      'query',
      'create',
    ]);
    expect(await environment.order(request)).toMatchObject({
      paymentUrl: 'https://pay.example/p/1',
    });
  });

  it('when a terminal order was created although the call timed out, then it is not pushed again', async () => {
    const request = orderRequest({ channel: 'cloud' });
    gateway.script(request.merchantOrderNo, {
      create: () => created(NO_ANSWER),
      query: () => answerOf(request, 'open'),
    });
    await environment.messenger.createOrder(request, DEADLINE_MS);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query']);
    expect(await environment.order(request)).toMatchObject({ gatewayCreation: 'created' });
  });

  it('when the till starts the sale itself, then nothing is created at the gateway', async () => {
    const request = await createdOrder({ channel: 'pos' });
    expect(gateway.operations(request.merchantOrderNo)).toEqual([]);
  });
});

describe('callbacks', () => {
  it('when a verified callback arrives, then the order is paid by it without a question, and the run ends', async () => {
    const request = await createdOrder();
    const { entry } = await environment.stores.callbacks.insert(inboxEntryOf(request));
    await signal(request, entry);
    await eventually('the order is paid', async () => (await statusOf(request)) === 'paid');
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create']);
    await eventually('the inbox knows', async () => {
      const processed = await environment.stores.callbacks.find(entry.callbackId);
      return processed?.outcome === 'recorded';
    });
    const handle = environment.client.workflow.getHandle(
      orderWorkflowId(request.merchantNo, request.merchantOrderNo),
    );
    await handle.result();
  });

  it('when a callback arrives before its order, then the order finds it in the inbox and is paid by it', async () => {
    const request = orderRequest();
    await environment.stores.callbacks.insert(inboxEntryOf(request));
    await environment.messenger.createOrder(request, DEADLINE_MS);
    await eventually('the order is paid', async () => (await statusOf(request)) === 'paid');
    expect(await events(request)).toContain('callback.received');
  });

  it('when the same callback is delivered again after the run ended, then the audit holds it once', async () => {
    const request = await createdOrder();
    const { entry } = await environment.stores.callbacks.insert(inboxEntryOf(request));
    await signal(request, entry);
    await eventually('the order is paid', async () => (await statusOf(request)) === 'paid');
    await Promise.all([signal(request, entry), signal(request, entry)]);
    const handle = environment.client.workflow.getHandle(
      orderWorkflowId(request.merchantNo, request.merchantOrderNo),
    );
    await handle.result();
    expect((await events(request)).filter((event) => event === 'callback.received')).toHaveLength(
      1,
    );
  });

  it('when an old callback arrives, then it decides nothing and the gateway is asked', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paying') });
    const { entry } = await environment.stores.callbacks.insert(
      inboxEntryOf(request, { isStale: true }),
    );
    await signal(request, entry);
    await eventually('the gateway was asked', async () =>
      (await events(request)).includes('query.answered'),
    );
    expect(await statusOf(request)).toBe('pending');
  });

  it('when a callback arrives while the gateway is slow to answer a query, then the order is paid at once', async () => {
    const request = await createdOrder();
    let answer: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    gateway.script(request.merchantOrderNo, {
      query: async () => {
        await answered;
        return answerOf(request, 'open');
      },
    });
    const verification = environment.messenger.verifyNow(request, 1, DEADLINE_MS);
    await eventually('the gateway is being asked', () =>
      gateway.operations(request.merchantOrderNo).includes('query'),
    );
    const { entry } = await environment.stores.callbacks.insert(inboxEntryOf(request));
    await signal(request, entry);
    await eventually('the order is paid', async () => (await statusOf(request)) === 'paid');
    answer();
    expect(await verification).toMatchObject({ status: 'paid' });
    // The answer that came too late is kept, and changed nothing.
    expect(await events(request)).toEqual([
      'order.created',
      'create.answered',
      'callback.received',
      'order.paid',
      'query.answered',
    ]);
  });

  it('when a callback has another amount, then the order is never paid by it and waits for a person', async () => {
    const request = await createdOrder();
    const facts = factsOf(request, { amount: 1 });
    const { entry } = await environment.stores.callbacks.insert(inboxEntryOf(request, { facts }));
    await signal(request, entry);
    await eventually('a person is called', async () => (await statusOf(request)) === 'review');
    expect(await environment.order(request)).toMatchObject({ reviewReason: 'amount_mismatch' });
  });
});

describe('verify', () => {
  it('when many pages ask at once, then the gateway is asked once', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    await Promise.all(
      Array.from({ length: 10 }, async (_, page) => {
        return await environment.messenger.verifyNow(request, page, DEADLINE_MS);
      }),
    );
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when the gateway says paid, then the answer comes from a record that says so', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    const summary = await environment.messenger.verifyNow(request, 1, DEADLINE_MS);
    expect(summary).toMatchObject({ status: 'paid', checksDone: 0 });
    expect(await statusOf(request)).toBe('paid');
  });

  it('when there is no such order, then it says so', async () => {
    const key = { merchantNo: 'M1001', merchantOrderNo: uniqueOrderNo() };
    await expect(environment.messenger.verifyNow(key, 1, DEADLINE_MS)).rejects.toMatchObject({
      code: 'order_not_found',
    });
  });
});

describe('cancel and pay again', () => {
  it('when the merchant cancels an open order, then it is closed with proof', async () => {
    const request = await createdOrder();
    let isRevoked = false;
    gateway.script(request.merchantOrderNo, {
      query: () => answerOf(request, isRevoked ? 'closed' : 'open'),
      cancel: () => {
        isRevoked = true;
        return ACCEPTED;
      },
    });
    const cancel = { requestedBy: 'merchant', actor: 'shop' } as const;
    await environment.messenger.cancel(request, cancel, DEADLINE_MS);
    await eventually('it is canceled', async () => (await statusOf(request)) === 'canceled');
    expect(gateway.operations(request.merchantOrderNo)).toEqual([
      'create',
      'query',
      'cancel:revoke',
      'query',
    ]);
  });

  it('when the order was paid before the cancel, then it is paid and nothing is revoked', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    const cancel = { requestedBy: 'merchant', actor: 'shop' } as const;
    await environment.messenger.cancel(request, cancel, DEADLINE_MS);
    await eventually('it is paid', async () => (await statusOf(request)) === 'paid');
    expect(gateway.operations(request.merchantOrderNo)).not.toContain('cancel:revoke');
  });

  it('when payment is asked for again on an open hosted order, then its address stays', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    const result = await environment.messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS);
    expect(result.outcome).toBe('payable');
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when the attempt was declined, then payment under the same number is created again, once for a double click', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'closed') });
    const results = await Promise.all([
      environment.messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS),
      environment.messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['payable', 'payable']);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query', 'create']);
  });

  it('when the order is paid, then it cannot be paid again', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    const result = await environment.messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS);
    expect(result.outcome).toBe('not_payable');
    expect(await statusOf(request)).toBe('paid');
  });
});

describe('a run that is gone', () => {
  it('when its workflow is terminated, then any message goes on from the record at the same position', async () => {
    const request = await createdOrder();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    const handle = environment.client.workflow.getHandle(
      orderWorkflowId(request.merchantNo, request.merchantOrderNo),
    );
    await handle.terminate('lost');
    const before = await environment.order(request);
    await environment.messenger.checkDue(
      request,
      { requestedBy: 'sweep', actor: 'test' },
      DEADLINE_MS,
    );
    const summary = await environment.messenger.verifyNow(request, 1, DEADLINE_MS);
    expect(summary).toMatchObject({ status: 'pending', checksDone: 0 });
    expect((await environment.order(request)).checks.nextAt).toBe(before.checks.nextAt);
    expect(gateway.operations(request.merchantOrderNo)).toEqual(['create', 'query']);
  });

  it('when two writers meet, then the run that finds another version decides again on what is there', async () => {
    const request = await createdOrder({
      checks: { strategy: 'progressive', scheduleMs: [600_000], intervalMs: 30_000, limit: 10 },
    });
    const id = `${request.merchantNo}/${request.merchantOrderNo}`;
    const stored = await environment.stores.orders.find(id);
    await environment.stores.orders.record({
      orderId: id,
      before: stored,
      transitionId: 'somebody else',
      drafts: [
        {
          kind: 'operator',
          event: 'note',
          at: new Date().toISOString(),
          summary: 'A note.',
          data: {},
          changes: { description: 'noted' },
        },
      ],
      anomalies: [],
      healedAnomalies: [],
      processedCallbackIds: [],
    });
    const evidence = aCallback(factsOf(request));
    await environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
    await eventually('it is paid', async () => (await statusOf(request)) === 'paid');
    expect(await environment.order(request)).toMatchObject({ description: 'noted' });
    const entries = await environment.audit(request);
    expect(findChainFault(id, entries)).toBeNull();
    expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3, 4, 5]);
  });
});
