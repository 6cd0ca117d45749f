/**
 * Makes the workflow bundles that workers load: the plain one, and beside it the one for workers that send traces.
 * Argument: the file of the plain one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const [file = 'dist/workflow-bundle.js'] = process.argv.slice(2);
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error: console.error };
const tracingInterceptors = createRequire(import.meta.url).resolve(
  '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors',
);

async function makeBundle(target, workflowInterceptorModules) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url)),
    workflowInterceptorModules,
    logger: silent,
  });
  writeFileSync(target, code);
}

mkdirSync(dirname(file), { recursive: true });
await makeBundle(file, []);
await makeBundle(file.replace(/\.js$/, '-traced.js'), [tracingInterceptors]);
