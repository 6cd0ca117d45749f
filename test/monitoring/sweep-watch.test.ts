import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSweepWatch } from '../../src/monitoring/service-watches.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import { createSweepPresence } from '../../src/temporal/sweep-presence.js';
import { ensureSweepSchedule, withSweepPaused } from '../../src/temporal/sweep-schedule.js';
import { eventually } from '../support/eventually.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const LOOK_MS = 15_000;
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(new ScriptedGateway());
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

async function anomaly() {
  return await environment.stores.anomalies.find(anomalyId('no_sweep', 'sweep'));
}

/** Looks as an API process does, every 15 s of a clock that is set by hand. */
function watchOf(presence: Partial<Parameters<typeof createSweepWatch>[0]>) {
  const clock = { nowMs: Date.now() };
  const watch = createSweepWatch({
    isWorkerPolling: async () => true,
    isSweepEnding: async () => false,
    sweepPausedBecause: async () => null,
    anomalies: environment.stores.anomalies,
    now: () => clock.nowMs,
    logger: { warn() {} } as never,
    ...presence,
  });
  return {
    async lookFor(durationMs: number): Promise<void> {
      const endMs = clock.nowMs + durationMs;
      await watch.look();
      while (clock.nowMs < endMs) {
        clock.nowMs = Math.min(clock.nowMs + LOOK_MS, endMs);
        await watch.look();
      }
    },
  };
}

describe('a sweep that does not end', () => {
  it('when none ends for five minutes, then it is raised once, and over when one has ended well', async () => {
    const { isSweepEnding } = createSweepPresence(environment.client, environment.taskQueue);
    const watch = watchOf({ isSweepEnding });
    await watch.lookFor(299_999);
    expect(await anomaly()).toBeNull();
    await watch.lookFor(60_000);
    expect(await anomaly()).toMatchObject({ count: 1, healedAt: null });
    await environment.sweep();
    await eventually('its end is seen', isSweepEnding);
    await watch.lookFor(0);
    expect((await anomaly())?.healedAt).not.toBeNull();
  });

  it('when sweeps fail, then they are none that ended well', async () => {
    const failing = await devEnvironment(new ScriptedGateway());
    try {
      const { callbacks } = failing.stores;
      callbacks.unprocessed = async () => await Promise.reject(new Error('away'));
      await expect(failing.sweep()).rejects.toThrow();
      const query = `TaskQueue = "${failing.taskQueue}" AND ExecutionStatus = "Failed"`;
      await eventually(
        'the failed one is listed',
        async () => (await failing.client.workflow.count(query)).count === 1,
      );
      const { isSweepEnding } = createSweepPresence(failing.client, failing.taskQueue);
      expect(await isSweepEnding()).toBe(false);
    } finally {
      await failing.close();
    }
  });

  it('when no worker polls, then only that is told', async () => {
    await environment.stores.anomalies.heal('sweep', ['no_sweep'], new Date().toISOString());
    await watchOf({ isWorkerPolling: async () => false }).lookFor(600_000);
    expect((await anomaly())?.healedAt).not.toBeNull();
  });

  it('when Temporal does not answer in between, then its absence is not that of the sweep', async () => {
    let answer = async (): Promise<boolean> => false;
    const watch = watchOf({ isSweepEnding: async () => await answer() });
    await watch.lookFor(200_000);
    answer = async () => await Promise.reject(new Error('away'));
    await watch.lookFor(30_000);
    answer = async () => false;
    await watch.lookFor(290_000);
    expect((await anomaly())?.healedAt).not.toBeNull();
  });

  it('when the schedule is paused, then the reason that was written is told', async () => {
    const { client } = environment;
    const namespace = `sweep-${randomUUID()}`;
    await client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never, nanos: 0 },
    });
    const other = new Client({ connection: client.connection, namespace });
    const { sweepPausedBecause } = createSweepPresence(other, environment.taskQueue);
    await eventually('the namespace is there', async () => {
      await ensureSweepSchedule(other, { taskQueue: environment.taskQueue, intervalMs: 3_600_000 });
      return true;
    });
    expect(await sweepPausedBecause()).toBeNull();
    await withSweepPaused(other, async () => {
      await watchOf({ sweepPausedBecause }).lookFor(300_000);
      expect(await anomaly()).toMatchObject({
        detail: expect.stringContaining('paused: orders are being recovered'),
      });
    });
    expect(await sweepPausedBecause()).toBeNull();
  });
});
