/** Runs one process of the project by itself, configured by environment only. Argument: its file in dist, such as `server` or `demo/main`. */
import { buildWhenStale } from './compilation.mjs';
import { installWhenStale, requireNode } from './installation.mjs';
import { createProgress } from './progress.mjs';

requireNode();
// Its standard output belongs to the log.
const progress = createProgress(process.stderr);
await installWhenStale(progress);
await buildWhenStale(progress);
// The process sees its own arguments alone.
const [file] = process.argv.splice(2, 1);
await import(`../dist/${file}.js`);
