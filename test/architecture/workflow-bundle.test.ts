/** The code that runs inside Temporal's sandbox holds nothing but rules and workflows. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUNDLE_TIMEOUT_MS = 60_000;
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Packages of npm that the bundle may hold: Temporal's own and what they bring. */
const ALLOWED_PACKAGES =
  /^(@temporalio\/|@swc\/helpers|long$|ms$|nexus-rpc|protobufjs|@protobufjs\/|seedrandom)/;
const ALLOWED_FOLDERS = /^src\/(domain|workflows|temporal)\//;

// Within the project, because what is bundled has to find Temporal's packages.
const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'workflow-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function bundle(workflowsPath: string): Promise<string> {
  return (await bundleWorkflowCode({ workflowsPath, logger: silent })).code;
}

/** Files that went into a bundle, from its source map. */
function sourcesOf(code: string): readonly string[] {
  const encoded = code.split('sourceMappingURL=data:application/json;charset=utf-8;base64,').at(-1);
  const map = JSON.parse(Buffer.from(encoded ?? '', 'base64').toString()) as { sources: string[] };
  return map.sources;
}

function packagesOf(code: string): readonly string[] {
  const names = sourcesOf(code).flatMap((source) => {
    const inside = source.split('node_modules/').at(-1) ?? source;
    return inside === source ? [] : (/^(@[^/]+\/)?[^/]+/.exec(inside)?.[0] ?? []);
  });
  return [...new Set(names)];
}

function workflowOf(text: string): string {
  const path = join(folder, `workflow-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(path, text);
  return path;
}

describe('the workflow bundle', { timeout: BUNDLE_TIMEOUT_MS }, () => {
  let code = '';

  beforeAll(async () => {
    code = await bundle(fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)));
  }, BUNDLE_TIMEOUT_MS);

  it('when the workflows are bundled, then all of them are in it', () => {
    for (const workflow of ['orderPayment', 'deliverCallback', 'sweep']) {
      expect(code).toContain(`${workflow}: () =>`);
    }
  });

  it('when the workflows are bundled, then no foreign package comes along', () => {
    const packages = packagesOf(code);
    expect(packages).toContain('@temporalio/workflow');
    expect(packages.filter((name) => !ALLOWED_PACKAGES.test(name))).toEqual([]);
  });

  it('when the workflows are bundled, then only rules, workflows and names of queues come along', () => {
    const own = sourcesOf(code).flatMap(
      (source) => /src\/[a-z-]+\/[\w./-]+\.ts$/.exec(source)?.[0] ?? [],
    );
    expect(own).toContain('src/domain/decide.ts');
    expect(own.filter((path) => !ALLOWED_FOLDERS.test(path) && !isOfPackage(path, code))).toEqual(
      [],
    );
    expect(own.filter((path) => path.startsWith('src/temporal/'))).toEqual([
      'src/temporal/task-queues.ts',
    ]);
  });

  it('when a workflow imports nothing, then there is a bundle', async () => {
    const workflow = workflowOf('export const w = async () => 1;');
    expect(packagesOf(await bundle(workflow))).toContain('@temporalio/workflow');
  });

  it.each(['fs', 'node:crypto', 'node:http'])(
    'when a workflow imports %s, then there is no bundle',
    async (builtin) => {
      expect(builtinModules).toContain(builtin.replace('node:', ''));
      const workflow = workflowOf(
        `import * as m from '${builtin}';\nexport const w = async () => m;`,
      );
      await expect(bundle(workflow)).rejects.toThrow();
    },
  );

  it('when a workflow imports zod, then it is found in the bundle', async () => {
    const zod = fileURLToPath(import.meta.resolve('zod'));
    const workflow = workflowOf(
      `import { z } from ${JSON.stringify(pathToFileURL(zod).pathname)};\nexport const w = async () => z.string();`,
    );
    expect(packagesOf(await bundle(workflow))).toContain('zod');
  });
});

/** Some packages ship their own folder src. */
function isOfPackage(path: string, code: string): boolean {
  return sourcesOf(code).some(
    (source) => source.endsWith(path) && source.includes('node_modules/'),
  );
}
