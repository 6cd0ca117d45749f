/** Thousands of seeds, and every broken variant, in the bundle that `npm run simulate` runs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MUTATIONS } from '../../src/simulation/mutations/active-mutation.js';

const run = promisify(execFile);

/** Some 30 s on two quiet cores. */
const SEEDS = 2_000;
/** Seeds that a broken variant is given; most are caught in the first ten. */
const SEEDS_PER_MUTATION = 600;
const TIMEOUT_MS = 300_000;

let folder = '';

beforeAll(async () => {
  // Beneath the project, so that the bundle finds its packages.
  folder = mkdtempSync(join('node_modules', '.cache', 'simulation-test-'));
  await run(process.execPath, ['scripts/build-simulation.mjs', folder]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function simulate(...args: readonly string[]): Promise<string> {
  const program = join(folder, 'simulation.mjs');
  try {
    return (await run(process.execPath, [program, ...args], { maxBuffer: 50_000_000 })).stdout;
  } catch (error) {
    // What it found is the failure's text.
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

it(
  'when thousands of seeds run, then no invariant is broken',
  async () => {
    const report = await simulate('--seeds', String(SEEDS), '--coverage', '0');
    expect(report).toContain('no invariant was broken');
    expect(report).toContain(`${SEEDS} seeds in`);
  },
  TIMEOUT_MS,
);

it(
  'when the code is broken on purpose, then the invariant that it breaks says so',
  async () => {
    const report = await simulate('--mutations', '--first', '--seeds', String(SEEDS_PER_MUTATION));
    const lines = report.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('caught by'))).toEqual([]);
    expect(lines).toHaveLength(Object.keys(MUTATIONS).length);
  },
  TIMEOUT_MS,
);

it('when a seed fails, then the program says so by its exit code and prints how to replay it', async () => {
  const report = await simulate(
    '--seeds',
    '60',
    '--mutation',
    'completed_twice',
    '--coverage',
    '0',
  );
  const [, command] = /npm run simulate -- (.*)/.exec(report) ?? [];
  const args = (command ?? '').replaceAll("'", '').split(' ');
  expect(await simulate(...args)).toContain('one_completion');
});
