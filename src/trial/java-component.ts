/** Components that come from the Java package registry: a Maven project in embedded/, made once into the cache. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed, findOnPath, runCommand } from './command.js';
import { type CacheEntry, findInCache, keepInCache } from './component-cache.js';
import type { ComponentSetup } from './component-setup.js';
import { projectFolder } from './entry.js';
import { PassedOver } from './ladder.js';

const JAVA_MAJOR_MIN = 17;
const JAVA_CHECK_LIMIT_MS = 20_000;
const MAVEN_LIMIT_MS = 600_000;
const MAVEN_CONNECT_TIMEOUT_MS = 5_000;

export interface JavaComponent {
  /** Name of its folder in embedded/ and in the cache. */
  readonly name: string;
  /** Version of the library that it wraps. */
  readonly version: string;
  /** Its name as a person says it. */
  readonly title: string;
}

/** What runs a component: the Java program and the class path for it. */
export interface JavaRuntime {
  readonly java: string;
  readonly classPath: string;
  readonly folder: string;
}

/**
 * A component that was made earlier.
 * @throws {PassedOver} when it is not in the cache, or no Java is there to run it
 */
export async function findJavaComponent(
  component: JavaComponent,
  setup: ComponentSetup,
): Promise<JavaRuntime> {
  const folder = findInCache(setup.cache, cacheEntry(component));
  if (folder === null) throw new PassedOver(`${component.title} is not in the cache`);
  return runtime(await findJava(setup), folder);
}

/**
 * Makes a component with Maven, unless it was made earlier.
 * @throws {PassedOver} when Java or Maven is missing, or the registry cannot be reached
 */
export async function makeJavaComponent(
  component: JavaComponent,
  setup: ComponentSetup,
): Promise<JavaRuntime> {
  const java = await findJava(setup);
  const maven = findOnPath('mvn', setup.env);
  if (maven === null) throw new PassedOver('Maven is not installed');
  const make = async (folder: string) => {
    await cp(sourceFolder(component), folder, { recursive: true });
    const timeouts = ['aether.connector.connectTimeout', 'maven.wagon.http.connectionTimeout'];
    await runCommand(
      {
        program: maven,
        args: [
          ...['--batch-mode', '--quiet', '--no-transfer-progress'],
          ...timeouts.map((name) => `-D${name}=${MAVEN_CONNECT_TIMEOUT_MS}`),
          'package',
        ],
        cwd: folder,
        timeLimitMs: MAVEN_LIMIT_MS,
      },
      setup,
    );
  };
  try {
    return await setup.progress.step(`Fetching ${component.title} with Maven (once)`, async () =>
      runtime(java, await keepInCache(setup.cache, cacheEntry(component), make)),
    );
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new PassedOver(`Maven: ${error.message}`, { cause: error });
  }
}

function runtime(java: string, folder: string): JavaRuntime {
  const separator = process.platform === 'win32' ? ';' : ':';
  const parts = [join(folder, 'target', 'classes'), join(folder, 'target', 'lib', '*')];
  return { java, folder, classPath: parts.join(separator) };
}

async function findJava(setup: ComponentSetup): Promise<string> {
  const java = findOnPath('java', setup.env);
  if (java === null) throw new PassedOver('Java is not installed');
  const command = { program: java, args: ['-version'], timeLimitMs: JAVA_CHECK_LIMIT_MS };
  const text = await runCommand(command, setup).catch((error: unknown) => {
    // macOS has a java on PATH that only says where to get one.
    if (error instanceof CommandFailed) throw new PassedOver('Java is not installed');
    throw error;
  });
  const major = Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
  if (major >= JAVA_MAJOR_MIN) return java;
  throw new PassedOver(`Java ${JAVA_MAJOR_MIN} or newer is needed, version ${major} is installed`);
}

/** A component whose own source has changed is another one, although the library's version is the same. */
function cacheEntry(component: JavaComponent): CacheEntry {
  const hash = createHash('sha256');
  const folder = sourceFolder(component);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(readFileSync(file));
  }
  return {
    name: component.name,
    version: `${component.version}-${hash.digest('hex').slice(0, 12)}`,
    proof: join('target', 'lib'),
  };
}

function sourceFolder(component: JavaComponent): string {
  return join(projectFolder, 'embedded', component.name);
}
