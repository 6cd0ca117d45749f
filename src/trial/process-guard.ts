import { type ChildProcess, spawn } from 'node:child_process';
import { entryArguments } from './entry.js';

/** Knows which processes must not outlive this one. */
export interface ProcessGuard {
  add(pid: number): void;
  remove(pid: number): void;
  /** Ends the guarding; whatever is still listed is ended with it. */
  close(): void;
}

/**
 * Starts the guardian: a process of its own session, which no Ctrl-C reaches and which sees this one go even when it is
 * killed. It is started again, with its list, when it dies.
 */
export function startGuard(): ProcessGuard {
  const listed = new Set<number>();
  let closed = false;
  let guardian: ChildProcess;
  const start = () => {
    guardian = spawn(process.execPath, entryArguments('guardian'), {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guardian.stdin?.on('error', () => {});
    for (const pid of listed) guardian.stdin?.write(`+${pid}\n`);
    guardian.once('exit', () => {
      if (!closed) setTimeout(start, 100).unref();
    });
    guardian.unref();
    // A pipe of its own would keep this process running when all its work is done.
    (guardian.stdin as unknown as { unref(): void } | null)?.unref();
  };
  start();
  return {
    add: (pid) => {
      listed.add(pid);
      guardian.stdin?.write(`+${pid}\n`);
    },
    remove: (pid) => {
      listed.delete(pid);
      guardian.stdin?.write(`-${pid}\n`);
    },
    close: () => {
      closed = true;
      guardian.stdin?.end();
    },
  };
}
