import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import { buildStatuses, makeCurrent } from '../../src/temporal/worker-deployments.js';
import { createWorkerPresence, orderTaskQueues } from '../../src/temporal/worker-presence.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from '../support/eventually.js';
import { aCallback, answerOf, factsOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { workflowBundle } from '../support/order-worker.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';
import { bundleNextBuild } from './next-build.js';

const DEADLINE_MS = 15_000;
const LONG_MS = 60_000;
/** `WorkflowTaskFailedCause` of Temporal's API; others are part of a run's life, as when a message meets its end. */
const NONDETERMINISTIC = 24;
const OLD = '1';
const NEW = '2';

const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
let nextBundle: WorkflowBundle;
let oldWorker: { stop(): Promise<void> } | null = null;
let newWorker: { stop(): Promise<void> } | null = null;

beforeAll(async () => {
  environment = await devEnvironment(gateway, { isWithoutWorker: true });
  nextBundle = await bundleNextBuild();
  oldWorker = await environment.startWorkerOf(buildOf(OLD), await workflowBundle());
  await becomesCurrent(OLD);
}, LONG_MS);
afterAll(async () => {
  await oldWorker?.stop();
  await newWorker?.stop();
  await environment?.close();
});

function buildOf(buildId: string) {
  return { deploymentName: environment.taskQueue, buildId };
}

/** Temporal knows a build when its worker has polled. */
async function becomesCurrent(buildId: string): Promise<void> {
  await eventually(`build ${buildId} is current`, async () => {
    await makeCurrent(environment.client, buildOf(buildId));
    return true;
  });
}

async function create(overrides: Partial<NewOrder> = {}): Promise<NewOrder> {
  const request = orderRequest(overrides);
  gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
  await environment.messenger.createOrder(request, DEADLINE_MS);
  return request;
}

async function pay(request: NewOrder): Promise<void> {
  const evidence = aCallback(factsOf(request));
  await environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
}

async function becomes(request: NewOrder, status: string): Promise<void> {
  await eventually(
    `${request.merchantOrderNo} becomes ${status}`,
    async () => (await environment.order(request)).status === status,
    LONG_MS,
  );
}

/** By default the latest run. */
function handleOf({ merchantNo, merchantOrderNo }: NewOrder, runId?: string) {
  return environment.client.workflow.getHandle(orderWorkflowId(merchantNo, merchantOrderNo), runId);
}

/** The builds that carried out a run, and the tasks that could not be replayed. */
async function workOf(request: NewOrder, runId?: string) {
  const { events } = await handleOf(request, runId).fetchHistory();
  const builds = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) =>
    task == null ? [] : [task.deploymentVersion?.buildId],
  );
  const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: task }) =>
    task?.cause === NONDETERMINISTIC ? [task.failure?.message] : [],
  );
  return { builds: [...new Set(builds)], failures };
}

const quick: Partial<NewOrder> = {
  checks: {
    strategy: 'progressive',
    scheduleMs: [3_000, 3_000, 60_000],
    intervalMs: 1_000,
    limit: 3,
  },
  policy: { closeGiveUpMs: 60_000, latePaymentWatchMs: 5_000, latePaymentPolicy: 'review' },
};

describe('a rolling deploy of workflows that cannot replay the runs before', () => {
  it(
    'when it is made while orders are in flight, then old runs end on the old build, new ones on the new, and none is lost',
    async () => {
      const byCallback = await create();
      const byCheck = await create(quick);
      const canceled = await create({ ...quick, channel: 'pos' });
      const watched = await create({ ...quick, channel: 'pos' });
      const old = await Promise.all(
        [byCallback, byCheck, canceled, watched].map(async (request) => {
          const { runId } = await handleOf(request).describe();
          return { request, runId };
        }),
      );
      const cancel = async (request: NewOrder) => {
        let isRevoked = false;
        gateway.script(request.merchantOrderNo, {
          query: () => answerOf(request, isRevoked ? 'closed' : 'open'),
          cancel: () => {
            isRevoked = true;
            return ACCEPTED;
          },
        });
        const by = { requestedBy: 'merchant', actor: 'shop' } as const;
        await environment.messenger.cancel(request, by, DEADLINE_MS);
      };
      await cancel(watched);
      await becomes(watched, 'canceled');
      await expect(
        Worker.runReplayHistory(
          { workflowBundle: nextBundle },
          await handleOf(byCallback).fetchHistory(),
        ),
      ).rejects.toThrow(DeterminismViolationError);

      newWorker = await environment.startWorkerOf(buildOf(NEW), nextBundle);
      const [, , early] = await Promise.all([becomesCurrent(NEW), cancel(canceled), create()]);
      gateway.script(byCheck.merchantOrderNo, { query: () => answerOf(byCheck, 'paid') });
      const paidOnNew = await create();
      const checkedOnNew = await create(quick);
      gateway.script(checkedOnNew.merchantOrderNo, { query: () => answerOf(checkedOnNew, 'paid') });
      await Promise.all([byCallback, early, paidOnNew].map(pay));
      await environment.sweep();

      await Promise.all([
        ...[byCallback, byCheck, early, paidOnNew, checkedOnNew].map((each) =>
          becomes(each, 'paid'),
        ),
        ...[canceled, watched].map((each) => becomes(each, 'canceled')),
      ]);
      for (const { request, runId } of old) {
        await handleOf(request, runId).result();
        expect(await workOf(request, runId)).toEqual({ builds: [OLD], failures: [] });
      }
      for (const each of [paidOnNew, checkedOnNew]) {
        await handleOf(each).result();
        expect(await workOf(each)).toEqual({ builds: [NEW], failures: [] });
      }
      // Made in the very moment of the change: by one of them, whole.
      expect((await workOf(early)).builds).toHaveLength(1);
      const all = [...old.map(({ request }) => request), early, paidOnNew, checkedOnNew];
      for (const each of all) expect(await environment.fault(each)).toBeNull();
    },
    LONG_MS,
  );

  it('when no open run is left on the old build, then its workers stop, and a later message goes to the new one', async () => {
    const order = await create();
    await eventually('the old build has no open orders', async () => {
      const statuses = await buildStatuses(environment.client, environment.taskQueue);
      const old = statuses.find(({ buildId }) => buildId === OLD);
      const current = statuses.find(({ buildId }) => buildId === NEW);
      return (
        old?.openRuns === 0 &&
        old.status !== 'current' &&
        current?.status === 'current' &&
        current.openRuns > 0
      );
    });
    await oldWorker?.stop();
    oldWorker = null;
    await pay(order);
    await becomes(order, 'paid');
    await handleOf(order).result();
    expect((await workOf(order)).builds).toEqual([NEW]);
  });

  it('when a sweep runs, then it is not bound to its build', async () => {
    const { client, taskQueue } = environment;
    const { firstExecutionRunId } = await client.workflow.start('sweep', {
      workflowId: `sweep-${taskQueue}`,
      taskQueue,
      args: [],
    });
    const handle = client.workflow.getHandle(`sweep-${taskQueue}`, firstExecutionRunId);
    await handle.result();
    const { raw } = await handle.describe();
    // VERSIONING_BEHAVIOR_AUTO_UPGRADE
    expect(raw.workflowExecutionInfo?.versioningInfo?.behavior).toBe(2);
  });

  it('when the workers have builds, then they count as present', async () => {
    const presence = createWorkerPresence(
      environment.client,
      orderTaskQueues(environment.taskQueue),
    );
    expect(await presence.isWorkerPolling()).toBe(true);
  });
});
