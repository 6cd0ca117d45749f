/** Temporal's time-skipping test server, on which the tests run schedules at their true durations. */
import { chmod, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInCache, keepInCache } from './component-cache.js';
import type { ComponentSetup } from './component-setup.js';
import { findJavaComponent, type JavaRuntime, makeJavaComponent } from './java-component.js';
import { climb, PassedOver } from './ladder.js';
import { downloadByLibrary, type LibraryDownload, probeDownload } from './library-download.js';

const VERSION = '1.32.0';
const PROGRAM = process.platform === 'win32' ? 'temporal-test-server.exe' : 'temporal-test-server';
const CACHE_ENTRY = { name: 'temporal-test-server-program', version: VERSION, proof: PROGRAM };
const DOWNLOAD: LibraryDownload = {
  entry: 'download-test-server',
  version: VERSION,
  site: 'https://temporal.download/',
};
const FROM_REGISTRY = {
  name: 'temporal-test-server',
  version: VERSION,
  title: 'the time-skipping test server',
};

/**
 * Gets the test server: in the cache, by download, or from the Java package registry.
 * @returns the path of a program that takes the port as its argument
 * @throws {TrialError} `component_unavailable`
 */
export async function prepareTestServer(setup: ComponentSetup): Promise<string> {
  return await climb(
    {
      component: 'Temporal test server',
      advice: 'install Java 17 and Maven, or connect to the internet',
      rungs: [
        { name: 'in the cache', attempt: async () => await findProgram(setup) },
        { name: 'download', attempt: async () => await downloadProgram(setup) },
        {
          name: 'from the Java package registry',
          attempt: async () => await wrap(await makeJavaComponent(FROM_REGISTRY, setup)),
        },
      ],
    },
    setup.progress.note,
  );
}

async function findProgram(setup: ComponentSetup): Promise<string> {
  const folder = findInCache(setup.cache, CACHE_ENTRY);
  if (folder !== null) return join(folder, PROGRAM);
  return await wrap(await findJavaComponent(FROM_REGISTRY, setup));
}

async function downloadProgram(setup: ComponentSetup): Promise<string> {
  await probeDownload(DOWNLOAD, setup);
  const fill = async (folder: string) => {
    await downloadByLibrary(DOWNLOAD, folder, setup);
    const file = (await readdir(folder)).find((name) => name.startsWith('temporal-test-server'));
    if (file === undefined) throw new PassedOver('the download brought no program');
    await rename(join(folder, file), join(folder, PROGRAM));
  };
  const folder = await setup.progress.step(
    `Downloading the Temporal test server ${VERSION}`,
    async () => await keepInCache(setup.cache, CACHE_ENTRY, fill),
  );
  return join(folder, PROGRAM);
}

/** The SDK starts a single program, so the call of Java gets a script. It is renamed into place like all in the cache. */
async function wrap({ java, classPath, folder }: JavaRuntime): Promise<string> {
  const isWindows = process.platform === 'win32';
  const script = join(folder, isWindows ? 'test-server.cmd' : 'test-server');
  const call = `"${java}" -Xmx512m -cp "${classPath}" io.temporal.testserver.TestServer`;
  const text = isWindows ? `@${call} %*\r\n` : `#!/bin/sh\nexec ${call} "$@"\n`;
  const written = `${script}.${process.pid}`;
  await writeFile(written, text);
  await chmod(written, 0o755);
  await rename(written, script);
  return script;
}
