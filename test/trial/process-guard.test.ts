/** What was started does not outlive whoever started it, however that ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, it } from 'vitest';
import { isTreeAlive, signalTree } from '../../src/trial/process-tree.js';
import { eventually } from '../support/eventually.js';

const ENTRY = fileURLToPath(new URL('./guarded-owner.ts', import.meta.url));

let owner: ChildProcess | null = null;
let owned: number[] = [];

afterEach(() => {
  owner?.kill('SIGKILL');
  for (const pid of owned) signalTree(pid, 'SIGKILL');
});

async function startOwner(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['--import', 'tsx', ENTRY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owner = started;
  owned = [];
  createInterface({ input: started.stdout }).on('line', (line) => owned.push(Number(line)));
  await eventually('two processes run', () => owned.length === 2 && owned.every(isTreeAlive));
  return started;
}

it.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)(
  'when the owner is ended by %s, then none of its processes is left, not even one that ignores signals',
  async (signal) => {
    const started = await startOwner();
    started.kill(signal);
    await eventually('both are gone', () => !owned.some(isTreeAlive));
  },
);
