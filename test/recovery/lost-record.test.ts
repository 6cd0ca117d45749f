import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { eventually } from '../support/eventually.js';
import {
  aCallback,
  answerOf,
  factsOf,
  inboxEntryOf,
  orderRequest,
} from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { copyOf, restore } from './database-copy.js';
import { lossesOf, recover, runsAreListed } from './recovery-stage.js';

/** MongoDB is restored from an older copy; the runs that knew more have closed meanwhile, and Temporal keeps them. */
const DEADLINE_MS = 10_000;

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
});
afterAll(async () => {
  await environment?.close();
});

async function create(request: NewOrder): Promise<NewOrder> {
  await environment.messenger.createOrder(request, DEADLINE_MS);
  return request;
}

async function pay(request: NewOrder): Promise<void> {
  gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
  const evidence = aCallback(factsOf(request));
  await environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
  await eventually('it is paid', async () => (await environment.order(request)).status === 'paid');
}

describe('records that a restore has set back', () => {
  it('when the runs have closed, then the report tells of them and changes nothing', async () => {
    const older = await create(orderRequest());
    const copy = await copyOf(environment.database);
    const newer = await create(orderRequest());
    await pay(older);
    await pay(newer);
    await runsAreListed(environment, [older.merchantOrderNo, newer.merchantOrderNo]);
    await restore(environment.database, copy);

    const report = await recover(environment, gateway, { repairs: false });

    expect(lossesOf(report, older.merchantOrderNo)).toMatchObject([
      { kind: 'record_behind', recordStatus: 'pending', knownStatus: 'paid', isRepaired: false },
      { kind: 'paid_at_gateway', recordStatus: 'pending', answer: 'paid', isRepaired: false },
    ]);
    expect(lossesOf(report, newer.merchantOrderNo)).toMatchObject([
      { kind: 'record_missing', recordStatus: null, knownStatus: 'paid', isRepaired: false },
    ]);
    expect((await environment.order(older)).status).toBe('pending');
    await expect(environment.order(newer)).rejects.toThrow('no order');
  });

  it('when they are repaired, then paid orders are paid again, with whole audits, and once', async () => {
    const older = await create(orderRequest());
    const copy = await copyOf(environment.database);
    const newer = await create(orderRequest());
    await pay(older);
    await pay(newer);
    await runsAreListed(environment, [older.merchantOrderNo, newer.merchantOrderNo]);
    await restore(environment.database, copy);

    const repaired = await recover(environment, gateway, { repairs: true });
    const again = await recover(environment, gateway, { repairs: true });

    for (const { merchantOrderNo } of [older, newer]) {
      expect(lossesOf(repaired, merchantOrderNo)).toMatchObject([{ isRepaired: true }]);
      expect(lossesOf(again, merchantOrderNo)).toEqual([]);
    }
    for (const request of [older, newer]) {
      expect(await environment.order(request)).toMatchObject({
        status: 'paid',
        paidAmount: request.amount,
      });
      expect(await environment.fault(request)).toBeNull();
    }
    const told = await environment.stores.events.list(newer.merchantNo, { limit: 10 });
    expect(told?.data.filter(({ type }) => type === 'order.paid')).not.toEqual([]);
  });

  it('when a refund was made after the copy, then it is known again and cannot be made twice', async () => {
    const request = await create(orderRequest());
    await pay(request);
    const copy = await copyOf(environment.database);
    const refund = {
      refundNo: `R-${request.merchantOrderNo}`.slice(0, 32),
      amount: request.amount,
      reason: 'broken',
      method: 'refund',
      requestedBy: 'shop',
      contentHash: 'refund',
    } as const;
    await environment.messenger.refund(request, refund, DEADLINE_MS);
    await restore(environment.database, copy);

    await recover(environment, gateway, { repairs: true });
    const second = { ...refund, refundNo: `S${refund.refundNo.slice(1)}`, contentHash: 'second' };
    const { outcome } = await environment.messenger.refund(request, second, DEADLINE_MS);

    expect(outcome).not.toBe('accepted');
    expect(
      gateway.operations(request.merchantOrderNo).filter((each) => each.startsWith('refund')),
    ).toEqual([`refund:${refund.refundNo}`]);
    expect((await environment.order(request)).refunds).toHaveLength(1);
    expect(await environment.fault(request)).toBeNull();
  });

  it('when the record was written to since, then it is left as it is, and a person is told', async () => {
    const request = await create(orderRequest());
    const copy = await copyOf(environment.database);
    await pay(request);
    await runsAreListed(environment, [request.merchantOrderNo]);
    await restore(environment.database, copy);
    // As the sweep would: a new run, from the older record.
    await environment.messenger.verifyNow(request, 1, DEADLINE_MS);

    const report = await recover(environment, gateway, { repairs: true });

    expect(lossesOf(report, request.merchantOrderNo)).toMatchObject([
      { kind: 'record_differs', recordStatus: 'paid', knownStatus: 'paid', isRepaired: false },
    ]);
    expect(await environment.fault(request)).toBeNull();
  });
});

describe('callbacks that were acknowledged after the copy', () => {
  it('when a run still holds one, then no message is needed for the order to be paid by it', async () => {
    const request = await create(orderRequest());
    const copy = await copyOf(environment.database);
    await environment.stopWorker();
    await environment.messenger.callbackReceived(request, aCallback(factsOf(request)), DEADLINE_MS);
    await restore(environment.database, copy);
    await environment.startWorker();
    await eventually(
      'it is paid',
      async () => (await environment.order(request)).status === 'paid',
    );
    expect((await environment.order(request)).decidedBy?.source).toBe('callback');
    expect(await environment.fault(request)).toBeNull();
  });

  it('when CodePay sends one again and its order is gone, then the report names the order', async () => {
    const request = orderRequest();
    await environment.stores.callbacks.insert(
      inboxEntryOf(request, {
        callbackId: request.merchantOrderNo,
        receivedAt: new Date().toISOString(),
      }),
    );
    const report = await recover(environment, gateway, { repairs: true });
    expect(lossesOf(report, request.merchantOrderNo)).toMatchObject([
      { kind: 'callback_without_order', isRepaired: false },
    ]);
  });
});
