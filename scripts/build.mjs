/** `npm run build` */
import { buildWhenStale } from './compilation.mjs';
import { installWhenStale, requireNode } from './installation.mjs';
import { createProgress } from './progress.mjs';

requireNode();
const progress = createProgress();
await installWhenStale(progress);
await buildWhenStale(progress);
