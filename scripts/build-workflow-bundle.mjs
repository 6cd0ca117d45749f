/** Makes the workflow bundle that workers load. Argument: the file to write. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const [file = 'dist/workflow-bundle.js'] = process.argv.slice(2);
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error: console.error };
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url)),
  logger: silent,
});
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, code);
