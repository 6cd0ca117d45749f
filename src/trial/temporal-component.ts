/** The Temporal CLI, whose dev server the trial mode and the tests run on. */
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { CommandFailed, findOnPath, runCommand } from './command.js';
import { findInCache, keepInCache } from './component-cache.js';
import type { ComponentSetup } from './component-setup.js';
import { climb, PassedOver } from './ladder.js';
import { downloadByLibrary, type LibraryDownload, probeDownload } from './library-download.js';

/** The newest version that can be built from the Go module proxy; it carries server 1.29.1 and UI 2.42.1. */
const VERSION = '1.5.1';
/** Update-with-start, on which every call to an order relies, is generally available from here. */
const SERVER_MINOR_MIN = 28;
const VERSION_CHECK_LIMIT_MS = 20_000;
const GO_BUILD_LIMIT_MS = 1_800_000;
const CONNECT_TIMEOUT_MS = 1_000;

const PROGRAM = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const CACHE_ENTRY = { name: 'temporal-cli', version: VERSION, proof: PROGRAM };
const DOWNLOAD: LibraryDownload = {
  entry: 'download-temporal-cli',
  version: VERSION,
  site: 'https://temporal.download/',
};

/**
 * Gets the CLI: on PATH or in the cache, by download, or built from the Go module proxy.
 * @returns the program's path
 * @throws {TrialError} `component_unavailable`
 */
export async function prepareTemporalCli(setup: ComponentSetup): Promise<string> {
  const note = setup.progress.note;
  return await climb(
    {
      component: 'Temporal',
      advice: 'install the Temporal CLI or Go, or set TEMPORAL_ADDRESS to a server that is running',
      rungs: [
        { name: 'on this machine', attempt: async () => await findCli(setup) },
        { name: 'download', attempt: async () => await downloadCli(setup) },
        { name: 'built with Go', attempt: async () => await buildCli(setup) },
      ],
    },
    note,
  );
}

async function findCli(setup: ComponentSetup): Promise<string> {
  const installed = findOnPath('temporal', setup.env);
  if (installed !== null && (await isRecent(installed, setup))) return installed;
  const folder = findInCache(setup.cache, CACHE_ENTRY);
  if (folder !== null) return join(folder, PROGRAM);
  throw new PassedOver(
    installed === null
      ? 'temporal is neither on PATH nor in the cache'
      : 'the temporal on PATH is too old, and none is in the cache',
  );
}

async function isRecent(program: string, setup: ComponentSetup): Promise<boolean> {
  const command = { program, args: ['--version'], timeLimitMs: VERSION_CHECK_LIMIT_MS };
  const text = await runCommand(command, setup).catch((error: unknown) => {
    if (error instanceof CommandFailed) return '';
    throw error;
  });
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= SERVER_MINOR_MIN);
}

async function downloadCli(setup: ComponentSetup): Promise<string> {
  await probeDownload(DOWNLOAD, setup);
  const fill = async (folder: string) => {
    await downloadByLibrary(DOWNLOAD, folder, setup);
    const file = (await readdir(folder)).find((name) => name.startsWith('temporal'));
    if (file === undefined) throw new PassedOver('the download brought no program');
    await rename(join(folder, file), join(folder, PROGRAM));
  };
  const folder = await setup.progress.step(
    `Downloading the Temporal CLI ${VERSION} (about 60 MB)`,
    async () => await keepInCache(setup.cache, CACHE_ENTRY, fill),
  );
  return join(folder, PROGRAM);
}

async function buildCli(setup: ComponentSetup): Promise<string> {
  const go = findOnPath('go', setup.env);
  if (go === null) throw new PassedOver('Go is not installed');
  const build = async (folder: string) => {
    const args = ['install', `github.com/temporalio/cli/cmd/temporal@v${VERSION}`];
    const env = { GOBIN: folder };
    await runCommand({ program: go, args, env, timeLimitMs: GO_BUILD_LIMIT_MS }, setup);
  };
  try {
    const folder = await setup.progress.step(
      `Building the Temporal CLI ${VERSION} with Go (two to five minutes, once)`,
      async () => await keepInCache(setup.cache, CACHE_ENTRY, build),
    );
    return join(folder, PROGRAM);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new PassedOver(`go install: ${error.message}`, { cause: error });
  }
}

export interface DevServerOptions {
  readonly port: number;
  /** No Web UI when absent. */
  readonly uiPort?: number;
  /** Where it keeps its data; in memory when absent. */
  readonly databaseFile?: string;
  /** `Name=Type` each. */
  readonly searchAttributes?: readonly string[];
}

/** Arguments of the CLI that run a dev server on loopback. */
export function devServerArguments(options: DevServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(options.port)],
    ...(options.uiPort === undefined
      ? ['--headless']
      : ['--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort)]),
    ...(options.databaseFile === undefined ? [] : ['--db-filename', options.databaseFile]),
    ...(options.searchAttributes ?? []).flatMap((text) => ['--search-attribute', text]),
  ];
}

/** Whether a Temporal server answers for its default namespace. */
export async function isTemporalReady(address: string): Promise<boolean> {
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
