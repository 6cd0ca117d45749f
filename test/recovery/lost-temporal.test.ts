import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { type PrivateComponent, startTemporal } from '../support/components.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  inboxEntryOf,
  orderRequest,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';
import { copyOf, restore } from './database-copy.js';
import { lossesOf, recover } from './recovery-stage.js';

/** Temporal comes back empty: alone, and together with a MongoDB that was restored from an older copy. */
const DEADLINE_MS = 10_000;
const SWEEP_INTERVAL_MS = 1_000;
/** Checks that come soon, so that orders without a run are overdue soon. */
const soon: Partial<NewOrder> = {
  checks: { strategy: 'progressive', scheduleMs: [2_000, 60_000], intervalMs: 1_000, limit: 2 },
};

const gateway = new ScriptedGateway();
let temporal: PrivateComponent;
let environment: OrderEnvironment;

beforeAll(async () => {
  temporal = await startTemporal();
  environment = await devEnvironment(gateway, {
    temporalAddress: temporal.address,
    sweepIntervalMs: SWEEP_INTERVAL_MS,
  });
});
afterAll(async () => {
  await environment?.close();
  await temporal?.dispose();
});

async function create(request: NewOrder): Promise<NewOrder> {
  gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
  await environment.messenger.createOrder(request, DEADLINE_MS);
  return request;
}

/** It keeps nothing on disk: after its restart it knows of no run. */
async function loseTemporal(between: () => Promise<void> = async () => {}): Promise<void> {
  await environment.stopWorker();
  await temporal.kill();
  await between();
  await temporal.restart();
  await environment.startWorker();
}

/** The schedule would run it; here the test does, until nothing is left to do. */
async function sweptUntil(promise: string, probe: () => Promise<boolean>): Promise<void> {
  await eventually(promise, async () => {
    await environment.sweep();
    return await probe();
  });
}

async function statusOf(request: NewOrder): Promise<string> {
  return (await environment.order(request)).status;
}

describe('Temporal that comes back empty', () => {
  it('when orders were open in every way, then the sweep starts each again at its next step', async () => {
    const pending = await create(orderRequest(soon));
    const closing = await create(orderRequest({ ...soon, channel: 'pos' }));
    let isRevoked = false;
    gateway.script(closing.merchantOrderNo, {
      query: () => answerOf(closing, isRevoked ? 'unknown' : 'open'),
      cancel: () => {
        isRevoked = true;
        return ACCEPTED;
      },
    });
    const request = { requestedBy: 'merchant', actor: 'shop' } as const;
    await environment.messenger.cancel(closing, request, DEADLINE_MS);
    await eventually('it was revoked', () => isRevoked);

    await loseTemporal(async () => {
      gateway.script(pending.merchantOrderNo, { query: () => answerOf(pending, 'paid') });
      gateway.script(closing.merchantOrderNo, { query: () => answerOf(closing, 'closed') });
    });

    await sweptUntil('the pending one is paid', async () => (await statusOf(pending)) === 'paid');
    await sweptUntil('the closing is ended', async () => (await statusOf(closing)) === 'canceled');
    for (const each of [pending, closing]) expect(await environment.fault(each)).toBeNull();
    expect(
      gateway.operations(closing.merchantOrderNo).filter((each) => each.startsWith('cancel')),
    ).toHaveLength(1);
  });

  it('when a callback was stored and its run is lost, then the sweep brings it to a new run', async () => {
    const request = await create(orderRequest());
    await environment.stores.callbacks.insert(
      inboxEntryOf(request, {
        callbackId: request.merchantOrderNo,
        receivedAt: new Date(Date.now() - 60_000).toISOString(),
      }),
    );
    await loseTemporal();
    await sweptUntil('it is paid', async () => (await statusOf(request)) === 'paid');
    expect((await environment.order(request)).decidedBy?.source).toBe('callback');
    expect(await environment.fault(request)).toBeNull();
  });
});

describe('MongoDB set back and Temporal empty', () => {
  it('when orders were paid, closed and made since, then what can be known is found by asking, and the rest is told', async () => {
    const paid = await create(orderRequest(soon));
    const closed = await create(orderRequest({ ...soon, channel: 'pos' }));
    const copy = await copyOf(environment.database);
    const newer = await create(orderRequest());
    await environment.messenger.callbackReceived(paid, aCallback(factsOf(paid)), DEADLINE_MS);
    await eventually('it is paid', async () => (await statusOf(paid)) === 'paid');

    await loseTemporal(async () => {
      gateway.script(paid.merchantOrderNo, { query: () => answerOf(paid, 'paid') });
      gateway.script(newer.merchantOrderNo, { query: () => answerOf(newer, 'paid') });
      gateway.script(closed.merchantOrderNo, { query: () => answerOf(closed, 'unknown') });
      await restore(environment.database, copy);
    });
    const report = await recover(environment, gateway, { repairs: true });

    expect(lossesOf(report, paid.merchantOrderNo)).toMatchObject([
      { kind: 'paid_at_gateway', isRepaired: true },
    ]);
    expect(lossesOf(report, closed.merchantOrderNo)).toMatchObject([
      { kind: 'gateway_unknown', isRepaired: false },
    ]);
    // Neither MongoDB nor Temporal holds a trace of it: only the merchant knows, and sends it again.
    expect(lossesOf(report, newer.merchantOrderNo)).toEqual([]);
    await eventually('it is paid', async () => (await statusOf(paid)) === 'paid');
    await environment.messenger.createOrder(newer, DEADLINE_MS);
    await environment.messenger.verifyNow(newer, 1, DEADLINE_MS);
    expect(await statusOf(newer)).toBe('paid');
    for (const each of [paid, closed, newer]) expect(await environment.fault(each)).toBeNull();
  });

  it('when late money came since for an order that was closed, then asking finds it', async () => {
    const policy = {
      closeGiveUpMs: 60_000,
      latePaymentWatchMs: 1_000,
      latePaymentPolicy: 'review',
    } as const;
    const request = await create(orderRequest({ policy }));
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'closed') });
    await environment.messenger.cancel(
      request,
      { requestedBy: 'merchant', actor: 'shop' },
      DEADLINE_MS,
    );
    await eventually('the late watch is over', async () => {
      const { status, lateWatch } = await environment.order(request);
      return status === 'canceled' && lateWatch?.nextAt === null;
    });
    const copy = await copyOf(environment.database);
    await environment.messenger.callbackReceived(request, aCallback(factsOf(request)), DEADLINE_MS);
    await eventually('a person is called', async () => (await statusOf(request)) === 'review');

    await loseTemporal(async () => {
      gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
      await restore(environment.database, copy);
    });
    const report = await recover(environment, gateway, { repairs: true });

    expect(lossesOf(report, request.merchantOrderNo)).toMatchObject([
      { kind: 'paid_at_gateway', recordStatus: 'canceled', isRepaired: true },
    ]);
    await eventually('a person is called again', async () => {
      return (await environment.order(request)).reviewReason === 'late_payment';
    });
    expect(await environment.fault(request)).toBeNull();
  });
});
