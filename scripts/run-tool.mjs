import { spawn } from 'node:child_process';

const OUTPUT_SHOWN_CHARS = 8_000;

/** Thrown when a tool fails; its output is what the person needs to see. */
export class ToolFailed extends Error {
  name = 'ToolFailed';
}

/**
 * Runs a tool to its end, silently unless it fails. It ends with this process.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @throws {ToolFailed}
 */
export async function runTool(program, args, { cwd, env = process.env }) {
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: /\.(cmd|bat)$/i.test(program),
  });
  let output = '';
  const collect = (chunk) => {
    output = (output + chunk).slice(-OUTPUT_SHOWN_CHARS);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const stopWith = (signal) => () => {
    child.kill(signal);
    process.exit(130);
  };
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, stopWith(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new ToolFailed(output.trim() || `${program} ended with code ${code}`);
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}
