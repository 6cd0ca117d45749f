/** The record is away for so long that the task of a run goes on in another one. */
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { checkDue, orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from '../support/eventually.js';
import { answerOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/** A task goes on in the next one after 8 s: four fifths of the 10 s that Temporal gives it. */
const AWAY_MS = 9_500;
/** The second check is due while the record is away. */
const SCHEDULE_MS = [1_000, 3_000, 60_000];

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

async function eventsOf(run: WorkflowHandle) {
  return (await run.fetchHistory()).events ?? [];
}

/** A task in which nothing is to be done: a replay counts it, and its time, to the task that follows. */
async function idleTask(run: WorkflowHandle): Promise<void> {
  await run.signal(checkDue, { requestedBy: 'scheduled_task', actor: 'task' });
  await eventually('the run has seen the signal', async () => {
    const events = await eventsOf(run);
    const signaled = events.findLastIndex((each) => each.workflowExecutionSignaledEventAttributes);
    return events.slice(signaled).some((each) => each.workflowTaskCompletedEventAttributes != null);
  });
}

// Found by the live faults: MongoDB was paused for 12 s, and a run that had waited for it could not be replayed.
it('when the record was away for longer than a task may take, then the run can still be replayed', async () => {
  const order = orderRequest();
  const request = { ...order, checks: { ...order.checks, scheduleMs: SCHEDULE_MS } };
  const run = environment.client.workflow.getHandle(
    orderWorkflowId(order.merchantNo, order.merchantOrderNo),
  );
  gateway.script(order.merchantOrderNo, {
    query: async () => {
      await idleTask(run);
      return answerOf(order, 'open');
    },
  });
  const { orders } = environment.stores;
  const record = orders.record.bind(orders);
  let awayUntilMs: number | null = null;
  const spy = vi.spyOn(orders, 'record').mockImplementation(async (written) => {
    const isCheck = written.drafts.some(({ changes }) => changes.lastAnswer?.reason === 'schedule');
    if (isCheck) awayUntilMs ??= Date.now() + AWAY_MS;
    if (awayUntilMs !== null && Date.now() < awayUntilMs) throw new Error('MongoDB is away');
    return await record(written);
  });
  try {
    await environment.messenger.createOrder(request, 10_000);
    await eventually(
      'two checks are made',
      async () => (await environment.order(order)).checks.done === 2,
      25_000,
    );
  } finally {
    spy.mockRestore();
  }
  const history = await run.fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history);
  expect(await environment.fault(order)).toBeNull();
}, 60_000);
