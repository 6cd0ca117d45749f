/**
 * Process entry: outlives the supervisor, however that ends, to end the processes it leaves behind.
 * Reads `+pid` and `-pid` lines; when its input closes, the supervisor is gone.
 */
import { createInterface } from 'node:readline';
import { isTreeAlive, signalTree } from './process-tree.js';

const GRACE_MS = 3_000;
const POLL_MS = 50;

const listed = new Set<number>();

async function endAll(): Promise<void> {
  for (const pid of listed) signalTree(pid, 'SIGTERM');
  const endMs = Date.now() + GRACE_MS;
  while (Date.now() < endMs && [...listed].some(isTreeAlive)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  for (const pid of listed) signalTree(pid, 'SIGKILL');
}

// What ends the supervisor must not end its guardian.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const pid = Number(line.slice(1));
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (line.startsWith('+')) listed.add(pid);
  else listed.delete(pid);
});
lines.on('close', () => {
  void endAll().then(() => process.exit(0));
});
