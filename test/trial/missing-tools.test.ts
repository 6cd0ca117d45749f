/** A machine without tools and without a network: each component says in one line what to do. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComponentSetup } from '../../src/trial/component-setup.js';
import { makeJavaComponent } from '../../src/trial/java-component.js';
import { prepareMongoDb } from '../../src/trial/mongodb-component.js';
import { prepareTemporalCli } from '../../src/trial/temporal-component.js';
import { prepareTestServer } from '../../src/trial/test-server-component.js';
import { testComponentSetup } from '../support/components.js';

let folder: string;
let notes: string[];
let setup: ComponentSetup;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bare-'));
  await mkdir(join(folder, 'bin'));
  notes = [];
  const note = (text: string) => notes.push(text);
  setup = {
    ...testComponentSetup(),
    // Nobody listens on the discard port, so every download ends at once whether or not there is a network.
    env: { PATH: join(folder, 'bin'), HOME: folder, HTTPS_PROXY: 'http://127.0.0.1:9' },
    cache: join(folder, 'cache'),
    progress: { note, step: async (_label, work) => await work() },
  };
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function install(program: string, script: string): Promise<void> {
  const file = join(folder, 'bin', program);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

describe('Temporal', () => {
  it('when there is no CLI, no network and no Go, then it says what to install or to set', async () => {
    await expect(prepareTemporalCli(setup)).rejects.toMatchObject({
      code: 'component_unavailable',
      message: expect.stringMatching(
        /^Temporal cannot be had here \(temporal is neither on PATH nor in the cache; download failed: .*; Go is not installed\): install the Temporal CLI or Go, or set TEMPORAL_ADDRESS to a server that is running$/,
      ),
    });
    expect(notes).toHaveLength(3);
  });

  it('when the CLI on PATH carries a server that is too old, then it is passed over', async () => {
    await install('temporal', 'echo "temporal version 1.0.0 (Server 1.24.2, UI 2.28.0)"');
    await expect(prepareTemporalCli(setup)).rejects.toThrow('the temporal on PATH is too old');
  });

  it('when the CLI on PATH is recent, then it is taken and nothing is noted', async () => {
    await install('temporal', 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"');
    expect(await prepareTemporalCli(setup)).toBe(join(folder, 'bin', 'temporal'));
    expect(notes).toEqual([]);
  });

  it('when Go cannot reach its modules, then its own words are passed on', async () => {
    await install('go', 'echo "go: dial tcp: lookup: no such host: error" >&2; exit 1');
    await expect(prepareTemporalCli(setup)).rejects.toThrow('go install: go: dial tcp');
  });
});

describe('MongoDB', () => {
  it('when there is no mongod, no network and no Java, then it says what to install or to set', async () => {
    await expect(prepareMongoDb(setup, null)).rejects.toMatchObject({
      code: 'component_unavailable',
      message: expect.stringMatching(
        /Java is not installed\): install mongod, or Java 17 and Maven, or set MONGODB_URI to a server that is running$/,
      ),
    });
  });

  it('when the data was written by the stand-in, then mongod is not put in its place', async () => {
    await install('mongod', 'echo "db version v8.0.4"');
    const data = join(folder, 'data');
    expect(await prepareMongoDb(setup, data)).toMatchObject({ kind: 'mongod' });
    await mkdir(data);
    await writeFile(join(data, 'stand-in.mv'), '');
    await expect(prepareMongoDb(setup, data)).rejects.toThrow(
      'install Java 17 and Maven, which the data that is there needs',
    );
  });
});

describe('components of the Java package registry', () => {
  const component = { name: 'mongodb', version: '1.47.0', title: 'the MongoDB stand-in' };

  it('when Java is too old, then it says which one is needed', async () => {
    await install('java', 'echo \'openjdk version "11.0.2" 2019-01-15\' >&2');
    await expect(makeJavaComponent(component, setup)).rejects.toThrow(
      'Java 17 or newer is needed, version 11 is installed',
    );
  });

  it('when only Maven is missing, then it says so', async () => {
    await install('java', 'echo \'openjdk version "21.0.1" 2023-10-17\' >&2');
    await expect(makeJavaComponent(component, setup)).rejects.toThrow('Maven is not installed');
  });
});

describe('test server', () => {
  it('when there is no network and no Java, then it says what to install', async () => {
    await expect(prepareTestServer(setup)).rejects.toThrow(
      /^Temporal test server cannot be had here .*: install Java 17 and Maven, or connect to the internet$/,
    );
  });
});
