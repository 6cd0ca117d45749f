/** A short run of the real thing: as compiled, with processes that are killed, paused and cut off. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChaos } from '../../src/chaos/chaos-run.js';
import type { RunReport } from '../../src/chaos/report.js';
import { isTreeAlive } from '../../src/trial/process-tree.js';
import { eventually } from '../support/eventually.js';

const FAULTS_MS = 30_000;
const SETTLE_LIMIT_MS = 120_000;
const TEST_TIMEOUT_MS = 360_000;

async function run(seed: number): Promise<{ readonly report: RunReport; readonly pids: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const pids: number[] = [];
  const report = await runChaos({
    durationMs: FAULTS_MS,
    seed,
    ordersPerSecond: 1,
    sweepInterval: '5s',
    checkSchedule: ['2s', '3s', '5s'],
    settleLimitMs: SETTLE_LIMIT_MS,
    recoveryLimitMs: 15_000,
    mongodbUri: null,
    mongodbControl: null,
    folder,
    env: process.env,
    say: (line) => process.stderr.write(`${line}\n`),
    onStarted: (pid) => pids.push(pid),
    signal: new AbortController().signal,
  });
  // Kept when something was broken: it is the evidence.
  if (report.violations.length === 0) await rm(folder, { recursive: true, force: true });
  return { report, pids };
}

it(
  'when parts are killed, paused and cut off under load, then everything that anybody was told stays true, and no process is left behind',
  async () => {
    const { report, pids } = await run(20_261_121);
    expect(report.violations).toEqual([]);
    expect(report.faults.length).toBeGreaterThan(0);
    expect(report.checked.orders).toBeGreaterThan(10);
    expect(report.checked.callbacks).toBeGreaterThan(0);
    expect(report.checked['audit entries']).toBeGreaterThan(50);
    expect(report.statuses.paid).toBeGreaterThan(0);
    await eventually('all processes have ended', () => !pids.some(isTreeAlive));
  },
  TEST_TIMEOUT_MS,
);
