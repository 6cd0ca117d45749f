import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { eventually } from '../support/eventually.js';
import { aCallback, answerOf, factsOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';
import { copyOf, restore } from './database-copy.js';

/** MongoDB is restored from an older copy while Temporal still has the runs. */
const DEADLINE_MS = 10_000;
const CHECK: Parameters<OrderEnvironment['messenger']['checkDue']>[1] = {
  requestedBy: 'operator',
  actor: 'ann',
};

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
});
afterAll(async () => {
  await environment?.close();
});

async function create(request: NewOrder): Promise<void> {
  await environment.messenger.createOrder(request, DEADLINE_MS);
}

/** An operator's check is a write of the run that is there. */
async function check(request: NewOrder): Promise<void> {
  await environment.messenger.checkDue(request, CHECK, DEADLINE_MS);
}

async function events(request: NewOrder): Promise<readonly string[]> {
  return (await environment.audit(request)).map(({ event }) => event);
}

async function hasEvents(request: NewOrder, wanted: Record<string, number>): Promise<void> {
  await eventually(`the audit holds ${JSON.stringify(wanted)}`, async () => {
    const present = await events(request);
    return Object.entries(wanted).every(
      ([event, count]) => present.filter((each) => each === event).length >= count,
    );
  });
}

describe('a run that knows more than the restored record', () => {
  it('when it writes next, then what it knows is in the record again, and the audit is whole', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    await create(request);
    const older = await copyOf(environment.database);
    await check(request);
    await hasEvents(request, { 'query.answered': 1 });
    await environment.messenger.payAgain(request, { actor: 'payer' }, DEADLINE_MS);
    const known = await environment.order(request);

    await restore(environment.database, older);
    await check(request);
    await hasEvents(request, { 'order.restored': 1, 'query.answered': 1 });

    const { attemptStartedAt, paymentUrl } = await environment.order(request);
    expect({ attemptStartedAt, paymentUrl }).toEqual({
      attemptStartedAt: known.attemptStartedAt,
      paymentUrl: known.paymentUrl,
    });
    expect(await environment.fault(request)).toBeNull();
    expect((await events(request)).filter((event) => event === 'order.restored')).toHaveLength(1);
  });

  it('when the record of its order is gone, then it brings the order back and takes its callback', async () => {
    const older = await copyOf(environment.database);
    const request = orderRequest();
    await create(request);

    await restore(environment.database, older);
    await check(request);
    await hasEvents(request, { 'order.restored': 1 });
    await environment.messenger.callbackReceived(request, aCallback(factsOf(request)), DEADLINE_MS);

    await eventually(
      'it is paid',
      async () => (await environment.order(request)).status === 'paid',
    );
    expect(await environment.fault(request)).toBeNull();
  });

  it('when a revoke was sent after the copy, then a payment that it may have refunded is not simply paid', async () => {
    const request = orderRequest({
      channel: 'pos',
      checks: { strategy: 'progressive', scheduleMs: [60_000], intervalMs: 1_000, limit: 1 },
    });
    let revoked = false;
    gateway.script(request.merchantOrderNo, {
      query: () => answerOf(request, revoked ? 'unknown' : 'open'),
      cancel: () => {
        revoked = true;
        return ACCEPTED;
      },
    });
    await create(request);
    const older = await copyOf(environment.database);
    const { messenger } = environment;
    await messenger.cancel(request, { requestedBy: 'merchant', actor: 'shop' }, DEADLINE_MS);
    await hasEvents(request, { 'cancel.answered': 1, 'query.answered': 2 });

    await restore(environment.database, older);
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    await check(request);

    await eventually(
      'a person is called',
      async () => (await environment.order(request)).reviewReason === 'refunded_by_cancel',
    );
    expect(await environment.fault(request)).toBeNull();
  });
});

describe('a copy that is not of one moment', () => {
  it('when the audit in it is newer than the orders, then the order is brought to where its audit is', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    await create(request);
    const orders = await copyOf(environment.database);
    await check(request);
    await hasEvents(request, { 'query.answered': 1 });
    const audit = await copyOf(environment.database);
    await restore(
      environment.database,
      new Map([...audit, ['orders', orders.get('orders') ?? []]]),
    );

    await check(request);

    await hasEvents(request, { 'query.answered': 2 });
    expect(await environment.fault(request)).toBeNull();
  });

  it('when the orders in it are newer than the audit, then the order goes on, and the proof names the hole', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    await create(request);
    const audit = await copyOf(environment.database);
    await check(request);
    await hasEvents(request, { 'query.answered': 1 });
    const orders = await copyOf(environment.database);
    await restore(environment.database, new Map([...orders, ['audit', audit.get('audit') ?? []]]));

    await check(request);

    await hasEvents(request, { 'query.answered': 1 });
    expect(await environment.fault(request)).toMatchObject({ problem: 'missing', sequence: 3 });
  });
});
