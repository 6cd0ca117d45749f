/** Tools of the machine: where they are, and running one to its end. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ComponentSetup } from './component-setup.js';
import { signalTree } from './process-tree.js';
import { TrialError } from './trial-error.js';

const OUTPUT_KEPT_CHARS = 16_384;
const ERROR_LINE_CHARS = 200;

/** Thrown when a tool could not be started, failed or took too long; the message is one line. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The whole path of a program on PATH, or null. */
export function findOnPath(program: string, env: NodeJS.ProcessEnv): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, program + ending);
      if (folder !== '' && isProgram(file)) return file;
    }
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Over those of the setup. */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeLimitMs: number;
}

/**
 * Runs a tool to its end, in a group of its own so that all it started ends with it.
 * @returns what it wrote to standard output and error
 * @throws {CommandFailed}
 * @throws {TrialError} `interrupted` when the setup was aborted
 */
export async function runCommand(command: Command, setup: ComponentSetup): Promise<string> {
  const { guard, signal, env } = setup;
  throwWhenAborted(signal);
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: { ...env, ...command.env },
    detached: process.platform !== 'win32',
    // Windows runs its .cmd files by its shell only.
    shell: /\.(cmd|bat)$/i.test(command.program),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) guard.add(pid);
  let output = '';
  let end: 'timeout' | 'aborted' | null = null;
  const stop = (why: 'timeout' | 'aborted') => {
    end ??= why;
    if (pid !== undefined) signalTree(pid, 'SIGKILL');
  };
  const timer = setTimeout(() => stop('timeout'), command.timeLimitMs);
  const onAbort = () => stop('aborted');
  signal.addEventListener('abort', onAbort);
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT_CHARS);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(new CommandFailed(error.message, { cause: error })));
      child.once('close', resolve);
    });
    throwWhenAborted(signal);
    if (end === 'timeout') {
      throw new CommandFailed(`not done after ${command.timeLimitMs / 1_000} s`);
    }
    if (code !== 0) throw new CommandFailed(errorLine(output) ?? `ended with code ${code}`);
    return output;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (pid !== undefined) guard.remove(pid);
  }
}

function throwWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new TrialError('interrupted', 'stopped before it was ready');
}

/** The line of a tool's output that most likely says what went wrong. */
function errorLine(output: string): string | null {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line =
    lines.find((text) => /error|fail|cannot|could not|unable/i.test(text)) ?? lines.at(-1);
  return line === undefined ? null : line.slice(0, ERROR_LINE_CHARS);
}
