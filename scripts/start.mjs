/** `npm start`: from a fresh clone to a working service. Needs nothing but Node. */
import { buildWhenStale } from './compilation.mjs';
import { installWhenStale, requireNode } from './installation.mjs';
import { createProgress } from './progress.mjs';

requireNode();
const progress = createProgress();
await installWhenStale(progress);
await buildWhenStale(progress);
const { runTrial } = await import('../dist/trial/main.js');
process.exit(await runTrial(progress));
