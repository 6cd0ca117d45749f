import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/** A log beyond this size gives way to a new one when it is opened; one earlier log is kept. */
const ROTATE_BYTES = 10 << 20;

/** Opens the log of a process in the data folder, to be written on. */
export function openProcessLog(dataDir: string, name: string): { file: string; stream: Writable } {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  if (existsSync(file) && statSync(file).size > ROTATE_BYTES) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk must not take the processes down with it.
  stream.on('error', () => {});
  return { file, stream };
}
