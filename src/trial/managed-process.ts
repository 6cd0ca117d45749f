/** A process that lives as long as this one wants it to, and no longer. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ProcessGuard } from './process-guard.js';
import { signalTree } from './process-tree.js';

const TAIL_LINES = 30;

export interface ProcessSpecification {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export interface ProcessSurroundings {
  readonly guard: ProcessGuard;
  /** Takes every line of its output. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Takes its output as it is. */
  readonly log?: Writable | undefined;
}

export interface ManagedProcess {
  readonly pid: number;
  /** Resolves when the process has ended, with words about how. */
  readonly ended: Promise<string>;
  readonly isRunning: () => boolean;
  /** Its last lines, oldest first. */
  readonly tail: () => readonly string[];
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Asks it to end, and ends it when it has not done so in time. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only its owner, who then stops all in their order. Its
 * standard input stays open as long as this process lives.
 * @throws {Error} when the program cannot be started
 */
export async function startProcess(
  { program, args, env, cwd }: ProcessSpecification,
  { guard, onLine, log }: ProcessSurroundings,
): Promise<ManagedProcess> {
  const child = spawn(program, args, {
    env,
    cwd,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  guard.add(pid);
  child.once('exit', () => guard.remove(pid));
  child.stdin.on('error', () => {});
  const tail = followOutput([child.stdout, child.stderr], { onLine, log });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const kill = (signal: NodeJS.Signals) => {
    if (isRunning()) signalTree(pid, signal);
  };
  return {
    pid,
    ended,
    isRunning,
    tail: () => tail,
    kill,
    stop: async (graceMs) => {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Passes output on, and returns its last lines, kept up to date. */
function followOutput(
  outputs: readonly Readable[],
  { onLine, log }: Pick<ProcessSurroundings, 'onLine' | 'log'>,
): readonly string[] {
  const tail: string[] = [];
  for (const output of outputs) {
    if (log !== undefined) output.pipe(log, { end: false });
    createInterface({ input: output }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }
  return tail;
}
