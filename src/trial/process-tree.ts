import { spawn } from 'node:child_process';

/**
 * Signals a process that leads a group of its own, and everything it has started. A tree that is gone already is no
 * error. Windows knows no groups: there the tree is ended at once whatever the signal.
 * @throws {RangeError} for an id that would mean this process's own group, or every process there is
 */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  requireLeader(pid);
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether a process that leads a group, or anything left of its group, is still there. */
export function isTreeAlive(pid: number): boolean {
  requireLeader(pid);
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function requireLeader(pid: number): void {
  if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`${pid} leads no group`);
}
