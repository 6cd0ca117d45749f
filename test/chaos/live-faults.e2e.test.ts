/** A short run of the real thing: as compiled, with processes that are killed, paused and cut off. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runChaos } from '../../src/chaos/chaos-run.js';
import type { RunSettings } from '../../src/chaos/run-settings.js';
import { isTreeAlive } from '../../src/trial/process-tree.js';
import { eventually } from '../support/eventually.js';

const FAULTS_MS = 40_000;
const SETTLE_LIMIT_MS = 120_000;
const RECOVERY_LIMIT_MS = 12_000;
const TEST_TIMEOUT_MS = 360_000;
/** Begins with kills of Temporal, a worker and MongoDB, and a pause of the other worker. */
const SEED = 2_532;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function settingsOf(changes: Partial<RunSettings>): Promise<RunSettings> {
  return {
    durationMs: FAULTS_MS,
    seed: SEED,
    ordersPerSecond: 1,
    sweepInterval: '5s',
    checkSchedule: ['2s', '3s', '5s'],
    settleLimitMs: SETTLE_LIMIT_MS,
    recoveryLimitMs: RECOVERY_LIMIT_MS,
    mongodbUri: null,
    mongodbControl: null,
    folder: await mkdtemp(join(tmpdir(), 'chaos-')),
    env: process.env,
    say: (line) => process.stderr.write(`${line}\n`),
    onStarted: () => {},
    signal: new AbortController().signal,
    ...changes,
  };
}

describe('a run of live faults', () => {
  it(
    'when parts are killed and paused under load, then everything that anybody was told stays true, and no process is left behind',
    async () => {
      const pids: number[] = [];
      const settings = await settingsOf({ onStarted: (pid) => pids.push(pid) });
      const report = await runChaos(settings);
      // What was broken is looked for in the folder, which then stays.
      expect(report.violations).toEqual([]);
      folders.push(settings.folder);
      expect(report.faults.length).toBeGreaterThan(1);
      expect(report.checked.orders).toBeGreaterThan(10);
      expect(report.checked.callbacks).toBeGreaterThan(0);
      expect(report.checked.events).toBeGreaterThan(10);
      expect(report.checked['events sent']).toBeGreaterThan(10);
      expect(report.checked['audit entries']).toBeGreaterThan(50);
      expect(report.statuses.paid).toBeGreaterThan(0);
      await eventually('all processes have ended', () => !pids.some(isTreeAlive));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'when it is interrupted, then it says so, and no process is left behind',
    async () => {
      const pids: number[] = [];
      const interruption = new AbortController();
      const settings = await settingsOf({
        onStarted: (pid) => pids.push(pid),
        signal: interruption.signal,
      });
      folders.push(settings.folder);
      const run = runChaos(settings);
      const outcome = run.catch((error: unknown) => error);
      await eventually('everything was started', () => pids.length >= 7, TEST_TIMEOUT_MS);
      interruption.abort();
      expect(await outcome).toMatchObject({ code: 'interrupted' });
      await eventually('all processes have ended', () => !pids.some(isTreeAlive));
    },
    TEST_TIMEOUT_MS,
  );
});
