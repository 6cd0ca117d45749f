/**
 * Builds what browsers load: the pages of src/pages and the client of src/client. Argument: the folder it goes to.
 * No script and no style is inline, so that the pages run under a strict content security policy.
 */
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { projectFolder } from './installation.mjs';

const target = resolve(process.argv[2] ?? 'dist');
const common = {
  configFile: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
};
const output = { emptyOutDir: true, sourcemap: true, target: 'es2022' };

for (const [page, base] of [
  ['console', '/console/'],
  ['shop', '/demo/'],
]) {
  await build({
    ...common,
    root: join(projectFolder, 'src/pages', page),
    base,
    build: { ...output, outDir: join(target, 'pages', page), assetsInlineLimit: 0 },
  });
}

await build({
  ...common,
  root: join(projectFolder, 'src/client'),
  build: {
    ...output,
    emptyOutDir: false,
    outDir: join(target, 'client'),
    minify: false,
    lib: { entry: 'payment-client.ts', formats: ['es'], fileName: () => 'payment-client.js' },
  },
});
