/** `npm run simulate`: builds the simulation, which takes a second, and runs it with the arguments given. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installWhenStale, requireNode } from './installation.mjs';
import { createProgress } from './progress.mjs';

requireNode();
// Its standard output belongs to the report.
await installWhenStale(createProgress(process.stderr));
const target = fileURLToPath(new URL('../node_modules/.cache/simulation', import.meta.url));
const builder = fileURLToPath(new URL('./build-simulation.mjs', import.meta.url));
execFileSync(process.execPath, [builder, target], { stdio: 'inherit' });
await import(pathToFileURL(`${target}/simulation.mjs`).href);
