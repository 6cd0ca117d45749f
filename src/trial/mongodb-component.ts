/** MongoDB for the trial mode and the tests: a real mongod, or a stand-in that speaks its protocol. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { CommandFailed, findOnPath, runCommand } from './command.js';
import { findInCache, keepInCache } from './component-cache.js';
import type { ComponentSetup } from './component-setup.js';
import { findJavaComponent, type JavaRuntime, makeJavaComponent } from './java-component.js';
import { climb, PassedOver } from './ladder.js';
import { downloadByLibrary, type LibraryDownload, probeDownload } from './library-download.js';

const MONGOD_VERSION = '8.2.6';
/** Source: MongoDB Node.js driver 7, compatibility: wire version 9. */
const MONGOD_MIN = { major: 4, minor: 4 };
const VERSION_CHECK_LIMIT_MS = 20_000;
const PING_TIMEOUT_MS = 1_000;

const PROGRAM = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
const CACHE_ENTRY = { name: 'mongod', version: MONGOD_VERSION, proof: PROGRAM };
const DOWNLOAD: LibraryDownload = {
  entry: 'download-mongod',
  version: MONGOD_VERSION,
  site: 'https://fastdl.mongodb.org/',
};
const STAND_IN = {
  name: 'mongodb',
  version: '1.47.0',
  title: 'the MongoDB stand-in',
};

/** What serves the MongoDB protocol. */
export type MongoDbEngine =
  | { readonly kind: 'mongod'; readonly program: string }
  | { readonly kind: 'stand-in'; readonly runtime: JavaRuntime };

/**
 * Gets an engine: on PATH or in the cache, mongod by download, the stand-in from the Java package registry. Data that
 * one engine has written is never left behind for another one.
 * @param dataFolder where the data is or will be; null when there is none to be kept
 * @throws {TrialError} `component_unavailable`
 */
export async function prepareMongoDb(
  setup: ComponentSetup,
  dataFolder: string | null,
): Promise<MongoDbEngine> {
  const written = dataFolder === null ? null : engineOfData(dataFolder);
  const mayBe = (kind: MongoDbEngine['kind']) => written === null || written === kind;
  const download = { name: 'download', attempt: async () => await downloadMongod(setup) };
  const fromRegistry = {
    name: 'stand-in from the Java package registry',
    attempt: async () => standIn(await makeJavaComponent(STAND_IN, setup)),
  };
  return await climb<MongoDbEngine>(
    {
      component: 'MongoDB',
      advice: `install ${NEEDED[written ?? 'any']}, or set MONGODB_URI to a server that is running`,
      rungs: [
        { name: 'on this machine', attempt: async () => await findEngine(setup, mayBe) },
        ...(mayBe('mongod') ? [download] : []),
        ...(mayBe('stand-in') ? [fromRegistry] : []),
      ],
    },
    setup.progress.note,
  );
}

/** What a person has to install; the engine that wrote the data is the one that reads it. */
const NEEDED = {
  any: 'mongod, or Java 17 and Maven',
  mongod: 'mongod, which wrote the data that is there',
  'stand-in': 'Java 17 and Maven, which the data that is there needs',
} as const;

async function findEngine(
  setup: ComponentSetup,
  mayBe: (kind: MongoDbEngine['kind']) => boolean,
): Promise<MongoDbEngine> {
  const reasons: string[] = [];
  const ways = [
    ...(mayBe('mongod') ? [async () => await findMongod(setup)] : []),
    ...(mayBe('stand-in') ? [async () => standIn(await findJavaComponent(STAND_IN, setup))] : []),
  ];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      if (!(error instanceof PassedOver)) throw error;
      reasons.push(error.message);
    }
  }
  throw new PassedOver(reasons.join(', '));
}

function standIn(runtime: JavaRuntime): MongoDbEngine {
  return { kind: 'stand-in', runtime };
}

async function findMongod(setup: ComponentSetup): Promise<MongoDbEngine> {
  const installed = findOnPath('mongod', setup.env);
  if (installed !== null && (await isUsable(installed, setup))) {
    return { kind: 'mongod', program: installed };
  }
  const folder = findInCache(setup.cache, CACHE_ENTRY);
  if (folder !== null) return { kind: 'mongod', program: join(folder, PROGRAM) };
  throw new PassedOver(
    installed === null
      ? 'mongod is neither on PATH nor in the cache'
      : 'the mongod on PATH does not run or is too old, and none is in the cache',
  );
}

async function isUsable(program: string, setup: ComponentSetup): Promise<boolean> {
  const command = { program, args: ['--version'], timeLimitMs: VERSION_CHECK_LIMIT_MS };
  const text = await runCommand(command, setup).catch((error: unknown) => {
    if (error instanceof CommandFailed) return '';
    throw error;
  });
  const [, majorText, minorText] = /db version v(\d+)\.(\d+)/.exec(text) ?? [];
  const major = Number(majorText);
  return (
    major > MONGOD_MIN.major ||
    (major === MONGOD_MIN.major && Number(minorText) >= MONGOD_MIN.minor)
  );
}

async function downloadMongod(setup: ComponentSetup): Promise<MongoDbEngine> {
  await probeDownload(DOWNLOAD, setup);
  const fill = async (folder: string) => {
    await downloadByLibrary(DOWNLOAD, folder, setup);
    const file = (await readdir(folder)).find((name) => name.startsWith('mongod'));
    if (file === undefined) throw new PassedOver('the download brought no program');
    const program = join(folder, PROGRAM);
    await rename(join(folder, file), program);
    await chmod(program, 0o755);
    if (!(await isUsable(program, setup))) {
      throw new PassedOver('the downloaded mongod does not run on this machine');
    }
  };
  const folder = await setup.progress.step(
    `Downloading MongoDB ${MONGOD_VERSION} (about 100 MB)`,
    async () => await keepInCache(setup.cache, CACHE_ENTRY, fill),
  );
  return { kind: 'mongod', program: join(folder, PROGRAM) };
}

export interface MongoDbOptions {
  readonly port: number;
  readonly dataFolder: string;
}

export interface MongoDbCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** What runs an engine on loopback. The stand-in ends when its standard input closes. */
export async function mongoDbCommand(
  engine: MongoDbEngine,
  { port, dataFolder }: MongoDbOptions,
): Promise<MongoDbCommand> {
  if (engine.kind === 'stand-in') {
    const { java, classPath } = engine.runtime;
    const file = join(dataFolder, STAND_IN_FILE);
    await mkdir(dataFolder, { recursive: true });
    return {
      program: java,
      args: [
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-cp',
        classPath,
        'Launcher',
        file,
        '127.0.0.1',
        String(port),
      ],
    };
  }
  const folder = join(dataFolder, MONGOD_FOLDER);
  await mkdir(folder, { recursive: true });
  return {
    program: engine.program,
    args: [
      ...['--dbpath', folder, '--bind_ip', '127.0.0.1', '--port', String(port), '--quiet'],
      ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
    ],
  };
}

const STAND_IN_FILE = 'stand-in.mv';
const MONGOD_FOLDER = 'mongod';

function engineOfData(dataFolder: string): MongoDbEngine['kind'] | null {
  if (existsSync(join(dataFolder, STAND_IN_FILE))) return 'stand-in';
  if (existsSync(join(dataFolder, MONGOD_FOLDER))) return 'mongod';
  return null;
}

/** Whether a MongoDB answers. */
export async function isMongoDbReady(uri: string): Promise<boolean> {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: PING_TIMEOUT_MS });
  try {
    await client.db().command({ ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
