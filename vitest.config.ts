import { defineConfig } from 'vitest/config';
import { simulationAliases, simulationMutations } from './scripts/simulation-aliases.mjs';

const SLOW_TEST_TIMEOUT_MS = 30_000;
const END_TO_END_TIMEOUT_MS = 120_000;
const globalSetup = ['test/support/global-setup.ts'];

/**
 * Six projects. Only `unit` needs nothing but Node. The others share one Temporal and one MongoDB; they run after one
 * another, because two cores that hold two of them measure each other instead of the code.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,architecture,client}/**/*.test.ts', 'test/chaos/unit/*.test.ts'],
          testTimeout: SLOW_TEST_TIMEOUT_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        plugins: [simulationMutations()],
        resolve: { alias: simulationAliases },
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: END_TO_END_TIMEOUT_MS,
          hookTimeout: END_TO_END_TIMEOUT_MS,
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        test: {
          name: 'component',
          include: [
            'test/{alerts,events,fuzz,store,activities,api,audit,console,contract,monitoring,security,shop,trial}/**/*.test.ts',
          ],
          globalSetup,
          testTimeout: SLOW_TEST_TIMEOUT_MS,
          hookTimeout: 2 * SLOW_TEST_TIMEOUT_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'workflow',
          include: ['test/{evolution,recovery,workflow}/**/*.test.ts'],
          globalSetup,
          testTimeout: SLOW_TEST_TIMEOUT_MS,
          hookTimeout: 2 * SLOW_TEST_TIMEOUT_MS,
          // They wait for timers more than they compute.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup,
          testTimeout: END_TO_END_TIMEOUT_MS,
          hookTimeout: END_TO_END_TIMEOUT_MS,
          // Most of the time a page waits for its next question.
          maxWorkers: 3,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/chaos/*.e2e.test.ts'],
          globalSetup,
          testTimeout: END_TO_END_TIMEOUT_MS,
          hookTimeout: END_TO_END_TIMEOUT_MS,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
