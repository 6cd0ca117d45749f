/** Temporal servers and MongoDBs that a test may stop, kill and start again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/chaos/addresses.js';
import { cacheFolder } from '../../src/trial/component-cache.js';
import type { ComponentSetup } from '../../src/trial/component-setup.js';
import { type ManagedProcess, startProcess } from '../../src/trial/managed-process.js';
import {
  isMongoDbReady,
  mongoDbCommand,
  prepareMongoDb,
} from '../../src/trial/mongodb-component.js';
import { type ProcessGuard, startGuard } from '../../src/trial/process-guard.js';
import { plainProgress } from '../../src/trial/progress.js';
import { waitUntilReady } from '../../src/trial/readiness.js';
import {
  devServerArguments,
  isTemporalReady,
  prepareTemporalCli,
} from '../../src/trial/temporal-component.js';

const READY_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 10_000;

/** The order workflow's search attributes, as the contract names them. */
export const SEARCH_ATTRIBUTES = [
  'MerchantOrderNo=Keyword',
  'MerchantNo=Keyword',
  'PaymentStatus=Keyword',
  'PaymentChannel=Keyword',
  'CheckCount=Int',
] as const;

/** A component that a test has for itself. */
export interface PrivateComponent {
  /** `host:port` of Temporal, connection string of MongoDB; the same after a restart. */
  readonly address: string;
  /** Process id; another one after a restart. */
  readonly pid: number;
  /** Ends it as kill -9 does, and returns when it has ended. */
  kill(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Starts it again on its port and its data. Returns when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

let guard: ProcessGuard | null = null;

/** What components are prepared with under test: notes go to standard error, all ends with this process. */
export function testComponentSetup(): ComponentSetup {
  guard ??= startGuard();
  return {
    env: process.env,
    cache: cacheFolder(process.env),
    progress: plainProgress((line) => process.stderr.write(`${line}\n`)),
    guard,
    signal: new AbortController().signal,
  };
}

/**
 * A Temporal dev server with the contract's search attributes.
 * @param options.persistent keeps its data over a restart; slower
 */
export async function startTemporal(
  options: { readonly persistent?: boolean } = {},
): Promise<PrivateComponent> {
  const setup = testComponentSetup();
  const program = await prepareTemporalCli(setup);
  const folder = await mkdtemp(join(tmpdir(), 'temporal-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const args = devServerArguments({
    port,
    searchAttributes: SEARCH_ATTRIBUTES,
    ...(options.persistent === true ? { databaseFile: join(folder, 'temporal.db') } : {}),
  });
  return await startPrivate({
    address,
    folder,
    start: async () => {
      const child = await startProcess({ program, args, env: process.env }, setup);
      const probe = async () => await isTemporalReady(address);
      await ready(child, 'Temporal', probe);
      return child;
    },
  });
}

/** A MongoDB with a data folder of its own, which it keeps over a restart. */
export async function startMongoDb(): Promise<PrivateComponent> {
  const setup = testComponentSetup();
  const engine = await prepareMongoDb(setup, null);
  const folder = await mkdtemp(join(tmpdir(), 'mongodb-'));
  const port = await freePort();
  const address = `mongodb://127.0.0.1:${port}/`;
  const command = await mongoDbCommand(engine, { port, dataFolder: folder });
  return await startPrivate({
    address,
    folder,
    start: async () => {
      const child = await startProcess({ ...command, env: process.env }, setup);
      const probe = async () => await isMongoDbReady(address);
      await ready(child, 'MongoDB', probe);
      return child;
    },
  });
}

async function ready(
  child: ManagedProcess,
  name: string,
  probe: () => Promise<boolean>,
): Promise<void> {
  try {
    await waitUntilReady(child, { name, probe, deadlineMs: READY_DEADLINE_MS });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function startPrivate(parts: {
  readonly address: string;
  readonly folder: string;
  readonly start: () => Promise<ManagedProcess>;
}): Promise<PrivateComponent> {
  let child = await parts.start();
  return {
    address: parts.address,
    get pid() {
      return child.pid;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child.ended;
    },
    stop: async () => await child.stop(STOP_GRACE_MS),
    restart: async () => {
      await child.stop(STOP_GRACE_MS);
      child = await parts.start();
    },
    dispose: async () => {
      child.kill('SIGKILL');
      await child.ended;
      await rm(parts.folder, { recursive: true, force: true });
    },
  };
}
