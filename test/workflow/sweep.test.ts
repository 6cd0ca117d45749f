import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from '../support/eventually.js';
import { answerOf, inboxEntryOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
const DEADLINE_MS = 10_000;

beforeAll(async () => {
  environment = await devEnvironment(gateway, { sweepIntervalMs: 500 });
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

async function statusBecomes(order: NewOrder, status: string): Promise<void> {
  await eventually(
    `the order becomes ${status}`,
    async () => (await environment.order(order)).status === status,
  );
}

async function scheduledChecks(order: NewOrder): Promise<number> {
  return (await environment.order(order)).checks.done;
}

async function terminate(order: NewOrder): Promise<void> {
  const id = orderWorkflowId(order.merchantNo, order.merchantOrderNo);
  await environment.client.workflow.getHandle(id).terminate('lost');
}

describe('strategy 2: the scheduled task', () => {
  const scheduled = (intervalMs: number, limit: number): NewOrder =>
    orderRequest({ checks: { strategy: 'scheduled', scheduleMs: [], intervalMs, limit } });

  it('when the task fires, then unpaid orders of its strategy are checked and counted, and closed at the limit', async () => {
    const order = scheduled(400, 3);
    let isRevoked = false;
    gateway.script(order.merchantOrderNo, {
      query: () => answerOf(order, isRevoked ? 'closed' : 'open'),
      cancel: () => {
        isRevoked = true;
        return ACCEPTED;
      },
    });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    await eventually('three checks were made', async () => {
      await environment.sweep();
      return (await scheduledChecks(order)) === 3;
    });
    await statusBecomes(order, 'canceled');
    // Three that counted, one before the cancel and one after it.
    expect(gateway.operations(order.merchantOrderNo)).toEqual([
      'create',
      'query',
      'query',
      'query',
      'query',
      'cancel:revoke',
      'query',
    ]);
  });

  it('when a page asks in between, then its questions do not count', async () => {
    const order = scheduled(60_000, 10);
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'open') });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    await environment.messenger.verifyNow(order, 1, DEADLINE_MS);
    expect(await scheduledChecks(order)).toBe(0);
  });

  it('when the task fires twice at once, then the order is checked once', async () => {
    const order = scheduled(60_000, 10);
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'open') });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    const { checks } = await environment.order(order);
    expect(checks.done).toBe(0);
    const request = { requestedBy: 'scheduled_task', actor: 'test' } as const;
    await Promise.all([
      environment.messenger.checkDue(order, request, DEADLINE_MS),
      environment.messenger.checkDue(order, request, DEADLINE_MS),
    ]);
    await environment.messenger.verifyNow(order, 1, DEADLINE_MS);
    // The first check is due in a minute: none was made early.
    expect(await scheduledChecks(order)).toBe(0);
  });

  it('when the task never comes, then the order is driven to its end all the same', async () => {
    const order = scheduled(200, 2);
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'closed') });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    await statusBecomes(order, 'canceled');
    expect(await scheduledChecks(order)).toBe(2);
  });
});

describe('what the sweep heals', () => {
  it('when an open order has no workflow any more, then one sweep starts it again, and the audit says so', async () => {
    const order = orderRequest({
      checks: { strategy: 'progressive', scheduleMs: [1_000, 600_000], intervalMs: 1, limit: 1 },
    });
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid') });
    await environment.messenger.createOrder(order, DEADLINE_MS);
    await terminate(order);
    await eventually('the sweep finds it', async () => {
      await environment.sweep();
      return (await environment.order(order)).status === 'paid';
    });
    // Woken more than once while it was overdue is no harm; the check was made once.
    const checks = (await environment.audit(order)).filter(
      ({ data }) => data.reason === 'schedule',
    );
    expect(checks).toHaveLength(1);
  });

  it('when a callback was stored and never delivered, then the sweep delivers it', async () => {
    const order = orderRequest();
    await environment.messenger.createOrder(order, DEADLINE_MS);
    await environment.stores.callbacks.insert(
      inboxEntryOf(order, { receivedAt: new Date(Date.now() - 60_000).toISOString() }),
    );
    await environment.sweep();
    await statusBecomes(order, 'paid');
  });

  it('when a closed record and the gateway disagree, then the sample finds it and a person is called', async () => {
    const order = orderRequest();
    const decidedBy = { source: 'query', at: new Date().toISOString(), auditSequence: 1 } as const;
    await environment.seed(order, Date.now(), { status: 'canceled', lateWatch: null, decidedBy });
    gateway.script(order.merchantOrderNo, { query: () => answerOf(order, 'paid') });
    // Drawn by lot from all final orders of the last day.
    const found = async () => {
      await environment.sweep();
      return (await environment.order(order)).status === 'review';
    };
    await eventually('the sample finds it', found, 80_000);
    expect(await environment.order(order)).toMatchObject({ reviewReason: 'late_payment' });
  }, 90_000);
});
