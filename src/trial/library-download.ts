/** Downloads by the libraries that know the sites, each in a process of its own so that it can be given up. */
import { CommandFailed, runCommand } from './command.js';
import type { ComponentSetup } from './component-setup.js';
import { probeDownloadSite } from './download-probe.js';
import { entryArguments } from './entry.js';
import { PassedOver } from './ladder.js';

const DOWNLOAD_LIMIT_MS = 900_000;

export interface LibraryDownload {
  /** File of this folder that downloads; it takes the version and the folder to fill. */
  readonly entry: 'download-temporal-cli' | 'download-test-server' | 'download-mongod';
  readonly version: string;
  /** Site that must be within reach. */
  readonly site: string;
}

/**
 * Fills a folder with a downloaded program.
 * @throws {PassedOver} when the site cannot be reached or the download fails
 */
export async function downloadByLibrary(
  download: LibraryDownload,
  folder: string,
  setup: ComponentSetup,
): Promise<void> {
  const { entry, version } = download;
  const args = [...entryArguments(entry), version, folder];
  const command = { program: process.execPath, args, timeLimitMs: DOWNLOAD_LIMIT_MS };
  await runCommand(command, setup).catch((error: unknown) => {
    if (!(error instanceof CommandFailed)) throw error;
    throw new PassedOver(`download failed: ${error.message}`, { cause: error });
  });
}

/** @throws {PassedOver} when the site of a download cannot be reached */
export async function probeDownload(
  download: LibraryDownload,
  setup: ComponentSetup,
): Promise<void> {
  await probeDownloadSite(download.site, setup.env);
}
