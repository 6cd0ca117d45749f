import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerWatch } from '../../src/monitoring/service-watches.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import { createWorkerPresence, orderTaskQueues } from '../../src/temporal/worker-presence.js';
import { eventually } from '../support/eventually.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/** Short, so that a worker that stopped is missed at once; one that has just started has just polled. */
const SEEN_WITHIN_MS = 3_000;
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(new ScriptedGateway());
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

function presence(seenWithinMs = SEEN_WITHIN_MS) {
  const queues = orderTaskQueues(environment.taskQueue);
  return createWorkerPresence(environment.client, queues, seenWithinMs);
}

async function anomaly() {
  return await environment.stores.anomalies.find(anomalyId('no_worker', 'worker'));
}

describe('workers that are gone', () => {
  it('when the worker stops, then it is raised once by all that look, and over when one polls again', async () => {
    const { isWorkerPolling } = presence();
    const clock = { nowMs: Date.now() };
    const watches = [0, 1].map(() =>
      createWorkerWatch({
        isWorkerPolling,
        anomalies: environment.stores.anomalies,
        now: () => clock.nowMs,
        logger: { warn() {} } as never,
      }),
    );
    const lookAll = async () => {
      await Promise.all(watches.map(async (watch) => await watch.look()));
    };
    await eventually('the worker is seen', async () => await isWorkerPolling());
    await lookAll();
    expect(await anomaly()).toBeNull();

    await environment.stopWorker();
    await eventually('no worker is seen', async () => !(await isWorkerPolling()));
    await lookAll();
    clock.nowMs += 44_000;
    await lookAll();
    expect(await anomaly()).toBeNull();
    clock.nowMs += 1_000;
    await lookAll();
    clock.nowMs += 15_000;
    await lookAll();
    expect(await anomaly()).toMatchObject({ count: 1, healedAt: null });

    await environment.startWorker();
    await eventually('the return is told', async () => {
      await lookAll();
      return (await anomaly())?.healedAt !== null;
    });
  });

  it('when one of the queues has no worker, then the work is not taken', async () => {
    const [workflows] = orderTaskQueues(environment.taskQueue);
    const [, calls] = orderTaskQueues(`${environment.taskQueue}-nobody`);
    if (workflows === undefined || calls === undefined) throw new Error('no queues');
    const { client } = environment;
    expect(await createWorkerPresence(client, [workflows]).isWorkerPolling()).toBe(true);
    expect(await createWorkerPresence(client, [workflows, calls]).isWorkerPolling()).toBe(false);
  });

  it('when Temporal does not answer in between, then its absence is not that of the worker', async () => {
    const raised: string[] = [];
    const clock = { nowMs: 0 };
    let answer: () => Promise<boolean> = async () => false;
    const watch = createWorkerWatch({
      isWorkerPolling: async () => await answer(),
      anomalies: {
        raiseLasting: async (subject) => void raised.push(subject),
        heal: async () => {},
      },
      now: () => clock.nowMs,
      logger: { warn() {} } as never,
    });
    await watch.look();
    clock.nowMs = 30_000;
    answer = async () => await Promise.reject(new Error('away'));
    await watch.look();
    clock.nowMs = 60_000;
    answer = async () => false;
    await watch.look();
    expect(raised).toEqual([]);
    clock.nowMs = 105_000;
    await watch.look();
    expect(raised).toEqual(['worker']);
  });

  it('when MongoDB does not answer, then looking goes on', async () => {
    const warnings: unknown[] = [];
    const watch = createWorkerWatch({
      isWorkerPolling: async () => true,
      anomalies: {
        raiseLasting: async () => {},
        heal: async () => await Promise.reject(new Error('away')),
      },
      now: Date.now,
      logger: { warn: (fields: unknown) => warnings.push(fields) } as never,
    });
    await watch.look();
    await watch.look();
    expect(warnings).toHaveLength(2);
  });
});
