import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, findInCache, keepInCache } from '../../src/trial/component-cache.js';

const ENTRY = { name: 'tool', version: '1.0', proof: 'program' };

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cache-'));
});

afterEach(async () => await rm(root, { recursive: true, force: true }));

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('keepInCache', () => {
  it('when an entry is being made, then nobody sees any of it until it is whole', async () => {
    const halfway = gate();
    const goOn = gate();
    const making = keepInCache(root, ENTRY, async (folder) => {
      await writeFile(join(folder, 'program'), 'half');
      halfway.open();
      await goOn.opened;
      await writeFile(join(folder, 'program'), 'whole');
    });
    await halfway.opened;
    expect(findInCache(root, ENTRY)).toBeNull();
    goOn.open();
    const folder = await making;
    expect(findInCache(root, ENTRY)).toBe(folder);
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('whole');
  });

  it('when two make the same entry at once, then both get the one that was first and nothing is left over', async () => {
    const both = gate();
    let makers = 0;
    const make = (text: string) => async (folder: string) => {
      await writeFile(join(folder, 'program'), text);
      makers += 1;
      if (makers === 2) both.open();
      await both.opened;
    };
    const folders = await Promise.all([
      keepInCache(root, ENTRY, make('one')),
      keepInCache(root, ENTRY, make('two')),
    ]);
    expect(new Set(folders)).toEqual(new Set([join(root, 'tool', '1.0')]));
    expect(['one', 'two']).toContain(await readFile(join(root, 'tool', '1.0', 'program'), 'utf8'));
    expect(await readdir(join(root, 'tool'))).toEqual(['1.0']);
  });

  it('when making fails, then the error comes out and nothing remains', async () => {
    const fail = async (folder: string) => {
      await writeFile(join(folder, 'program'), 'half');
      throw new Error('no network');
    };
    await expect(keepInCache(root, ENTRY, fail)).rejects.toThrow('no network');
    expect(await readdir(join(root, 'tool'))).toEqual([]);
  });

  it('when an entry is there, then it is not made again', async () => {
    const folder = await keepInCache(root, ENTRY, async (making) => {
      await writeFile(join(making, 'program'), 'first');
    });
    const again = await keepInCache(root, ENTRY, async () => {
      throw new Error('made again');
    });
    expect(again).toBe(folder);
  });

  it('when an entry has lost its proof, then it is made again', async () => {
    const make = (text: string) => async (making: string) => {
      await writeFile(join(making, 'program'), text);
      await writeFile(join(making, 'other'), '');
    };
    const folder = await keepInCache(root, ENTRY, make('first'));
    await rm(join(folder, 'program'));
    expect(await keepInCache(root, ENTRY, make('second'))).toBe(folder);
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('second');
    expect(existsSync(join(folder, 'other'))).toBe(true);
  });
});

describe('cacheFolder', () => {
  it.each([
    ['linux', {}, '/home/a/.cache/payment-orders'],
    ['linux', { XDG_CACHE_HOME: '/cache' }, '/cache/payment-orders'],
    ['darwin', {}, '/home/a/Library/Caches/payment-orders'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/payment-orders'],
  ] as const)('when the platform is %s with %o, then it is %s', (platform, env, folder) => {
    expect(cacheFolder(env, platform, '/home/a')).toBe(folder);
  });
});
