/** What the simulation puts in the place of others when it is bundled: for scripts and for its tests. */
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** Vite aliases: the workflows' own library, and timers that would wait for real. */
export const simulationAliases = [
  { find: '@temporalio/workflow', replacement: `${source}simulation/temporal/workflow-api.ts` },
  { find: 'node:timers/promises', replacement: `${source}simulation/kernel/timers-promises.ts` },
];

/** Modules of the domain that mutations break. Each has `mutated-<name>` beside the others. */
const MUTATED = [
  'decide',
  'closing',
  'evidence-entries',
  'payment-outcomes',
  'refund-rules',
  'refund-decisions',
  'schedule',
  'verify-answer',
];

/** A Vite plugin: whoever imports such a module gets the mutated one, which passes on what it does not break. */
export function simulationMutations() {
  const mutated = new Map(
    MUTATED.map((name) => [
      `${source}domain/${name}.ts`,
      `${source}simulation/mutations/mutated-${name}.ts`,
    ]),
  );
  return {
    name: 'simulation-mutations',
    enforce: 'pre',
    async resolveId(specifier, importer, options) {
      if (importer === undefined || !/\/[a-z-]+\.js$/.test(specifier)) return null;
      if (importer.startsWith(`${source}simulation/mutations/`)) return null;
      const resolved = await this.resolve(specifier, importer, { ...options, skipSelf: true });
      return resolved === null ? null : (mutated.get(resolved.id) ?? null);
    },
  };
}
