/** Builds the simulation into one file, with its own Temporal in the place of the real one. Argument: where it goes. */
import { resolve } from 'node:path';
import { build } from 'vite';
import { projectFolder } from './installation.mjs';
import { simulationAliases, simulationMutations } from './simulation-aliases.mjs';

const outDir = resolve(process.argv[2] ?? 'node_modules/.cache/simulation');

await build({
  configFile: false,
  logLevel: 'warn',
  root: projectFolder,
  plugins: [simulationMutations()],
  resolve: { alias: simulationAliases },
  ssr: { target: 'node' },
  build: {
    ssr: 'src/simulation/main.ts',
    outDir,
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'simulation.mjs' } },
  },
});
