/** The user's cache of components, one folder for each version, shared by all clones. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MAKING_PREFIX = '.making-';
/** A folder being made for this long was left behind by a run that was killed. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

export interface CacheEntry {
  readonly name: string;
  readonly version: string;
  /** A file without which the entry counts as damaged and is made again. */
  readonly proof: string;
}

/** Where the cache is: `payment-orders` in the user's cache folder, as the platform has it. */
export function cacheFolder(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const base =
    env.XDG_CACHE_HOME ||
    (platform === 'win32'
      ? env.LOCALAPPDATA || join(home, 'AppData', 'Local')
      : platform === 'darwin'
        ? join(home, 'Library', 'Caches')
        : join(home, '.cache'));
  return join(base, 'payment-orders');
}

/** The entry's folder when it is there and whole, otherwise null. */
export function findInCache(root: string, entry: CacheEntry): string | null {
  const folder = entryFolder(root, entry);
  return existsSync(join(folder, entry.proof)) ? folder : null;
}

/**
 * Makes an entry in a folder of its own and renames it into place, so that nobody ever sees half of one. When another
 * process was faster, its entry is taken and this one is dropped.
 * @param make fills the folder it is given; when it throws, nothing remains
 */
export async function keepInCache(
  root: string,
  entry: CacheEntry,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const present = findInCache(root, entry);
  if (present !== null) return present;
  const shelf = join(root, entry.name);
  await mkdir(shelf, { recursive: true });
  await removeAbandoned(shelf);
  const making = await mkdtemp(join(shelf, MAKING_PREFIX));
  try {
    await make(making);
    return await putInPlace(making, root, entry);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function putInPlace(making: string, root: string, entry: CacheEntry): Promise<string> {
  const folder = entryFolder(root, entry);
  try {
    await rename(making, folder);
  } catch (error) {
    if (findInCache(root, entry) !== null) return folder;
    if (!existsSync(folder)) throw error;
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  }
  return folder;
}

function entryFolder(root: string, entry: CacheEntry): string {
  return join(root, entry.name, entry.version);
}

async function removeAbandoned(shelf: string): Promise<void> {
  for (const name of await readdir(shelf)) {
    if (!name.startsWith(MAKING_PREFIX)) continue;
    const folder = join(shelf, name);
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
}
