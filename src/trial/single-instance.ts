/** One trial service for one data folder. */
import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const ANSWER_TIMEOUT_MS = 2_000;

export interface InstanceClaim {
  /** Address of the one that runs already; null when the folder is ours now. */
  readonly runningAt: string | null;
  release(): Promise<void>;
}

/**
 * Claims a data folder by listening on a socket named after it. Unlike a file with a process id, a socket of a run that
 * was killed answers nobody, even when its id belongs to somebody else by now.
 * @param url told to whoever claims the same folder meanwhile
 */
export async function claimInstance(dataDir: string, url: string): Promise<InstanceClaim> {
  // Orders, logs and keys are nobody else's business.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const socket = socketOf(await realpath(dataDir));
  const runningAt = await ask(socket);
  if (runningAt !== null) return { runningAt, release: async () => {} };
  if (process.platform !== 'win32') await rm(socket, { force: true });
  const server = createServer((connection) => {
    connection.on('error', () => {});
    connection.end(url);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  server.unref();
  return {
    runningAt: null,
    release: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function socketOf(folder: string): string {
  const hash = createHash('sha256').update(`${userInfo().username}\0${folder}`).digest('hex');
  const name = `payment-orders-${hash.slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

async function ask(socket: string): Promise<string | null> {
  return await new Promise((resolve) => {
    const connection = connect(socket);
    let answer = '';
    connection.setTimeout(ANSWER_TIMEOUT_MS, () => connection.destroy());
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    connection.on('error', () => {});
    connection.on('close', () => resolve(answer === '' ? null : answer));
  });
}
