/** How a person, or whatever started this, asks the trial service to stop. */
import { execFileSync } from 'node:child_process';

/** npm passes on the signal that the terminal has sent already, so a second one this soon is the same one. */
const SAME_REQUEST_MS = 700;
const STARTER_CHECK_MS = 1_000;
/** npm runs a script by a shell, which on some systems stays in between. */
const ANCESTORS_MAX = 2;

export interface StopRequests {
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** Ends the listening. */
  close(): void;
}

/**
 * Listens for Ctrl-C, SIGTERM and a closed terminal. Under npm, the end of npm counts as well: the shell in between may
 * have kept a signal for itself, or npm may have been killed.
 * @param onImpatience called when a person asks a second time
 */
export function listenForStop(onImpatience: () => void): StopRequests {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const request = () => {
    if (firstMs === null) {
      firstMs = Date.now();
      controller.abort();
    } else if (Date.now() - firstMs >= SAME_REQUEST_MS) onImpatience();
  };
  const hangup = () => {
    firstMs ??= Date.now();
    controller.abort();
  };
  process.on('SIGINT', request);
  process.on('SIGTERM', request);
  process.on('SIGHUP', hangup);
  const stopWatching = process.env.npm_lifecycle_event === undefined ? () => {} : onNpmGone(hangup);
  return {
    signal: controller.signal,
    close: () => {
      stopWatching();
      process.off('SIGINT', request);
      process.off('SIGTERM', request);
      process.off('SIGHUP', hangup);
    },
  };
}

function onNpmGone(act: () => void): () => void {
  const parent = process.ppid;
  const npm = findNpm();
  const timer = setInterval(() => {
    if (process.ppid !== parent || (npm !== null && !isThere(npm))) act();
  }, STARTER_CHECK_MS).unref();
  return () => clearInterval(timer);
}

/** The process id of the npm above this process; null when it cannot be told. */
function findNpm(): number | null {
  try {
    let pid = process.ppid;
    for (let step = 0; step < ANCESTORS_MAX; step += 1) {
      const text = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], {
        encoding: 'utf8',
      });
      const [, parent, args] = /^\s*(\d+)\s+(.*)/.exec(text) ?? [];
      if (args?.startsWith('npm')) return pid;
      pid = Number(parent);
    }
  } catch {
    // No such tool here, as on Windows: the parent alone is watched.
  }
  return null;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
