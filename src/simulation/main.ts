/** `npm run simulate`: seeds, one seed, or the broken variants that must be caught. */
import { Command, InvalidArgumentError } from 'commander';
import { MUTATIONS, type MutationName } from './mutations/active-mutation.js';
import { measureCoverage } from './run/branch-coverage.js';
import { mutationResult, mutationText } from './run/mutation-report.js';
import {
  coverageText,
  failedText,
  progressText,
  reportText,
  shrunkText,
} from './run/report-text.js';
import { runSeed } from './run/run-seed.js';
import { type BatchReport, runBatch } from './run/seed-batch.js';
import { shrinkSeed } from './run/shrink.js';
import { runShared, workInThread } from './run/threads.js';

/** With many more, V8 throws optimised code away and its counts with it. */
const COVERAGE_SEEDS = 400;
const SHRUNK_MAX = 3;
const PROGRESS_MS = 5_000;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly minutes?: number;
  readonly workers: number;
  readonly seed?: number;
  readonly trace?: true;
  readonly keep?: string;
  readonly mutation?: MutationName;
  readonly mutations?: true;
  readonly first?: true;
  readonly coverage: number;
  readonly shrink: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('a whole number of zero or more is needed');
  }
  return value;
}

function mutationName(text: string): MutationName {
  if (text in MUTATIONS) return text as MutationName;
  throw new InvalidArgumentError(`one of ${Object.keys(MUTATIONS).join(', ')}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @returns whether nothing was broken */
async function simulateOne(seed: number, options: Options): Promise<boolean> {
  const kept = options.keep === undefined ? null : new Set(options.keep.split(','));
  const mutation = options.mutation ?? null;
  const isTraced = options.trace === true;
  const { trace, violations } = await runSeed({ seed, kept, mutation, isTraced });
  if (isTraced) print(trace.join('\n'));
  for (const { invariant, detail } of violations) print(`${invariant}: ${detail}`);
  if (violations.length === 0) print(`seed ${seed}: no invariant was broken`);
  else if (options.shrink && kept === null) await printShrunk([seed], mutation);
  return violations.length === 0;
}

async function printShrunk(seeds: readonly number[], mutation: MutationName | null): Promise<void> {
  for (const seed of seeds) {
    const shrunk = await shrinkSeed(seed, mutation);
    if (shrunk !== null) print(shrunkText(shrunk));
  }
}

/** Tells how far it is, every few seconds, and of a seed that fails at once: a long run need not be waited for. */
function progressPrinter(startedMs: number): (report: BatchReport) => void {
  let printedMs = startedMs;
  let toldFailures = 0;
  return (report) => {
    const { failed } = report;
    for (const seed of failed.slice(toldFailures)) process.stderr.write(`${failedText(seed)}\n`);
    toldFailures = failed.length;
    if (Date.now() - printedMs < PROGRESS_MS) return;
    printedMs = Date.now();
    process.stderr.write(`${progressText(report, printedMs - startedMs)}\n`);
  };
}

async function simulateMany(options: Options): Promise<boolean> {
  const { seeds, from, minutes, workers, coverage, shrink } = options;
  const mutation = options.mutation ?? null;
  const startedMs = Date.now();
  const untilMs = minutes === undefined ? null : startedMs + minutes * 60_000;
  const report = await runShared(
    { from, count: seeds, threads: workers, mutation, untilMs, stopsAt: null },
    progressPrinter(startedMs),
  );
  print(reportText(report, Date.now() - startedMs));
  if (shrink)
    await printShrunk(
      report.failed.slice(0, SHRUNK_MAX).map(({ seed }) => seed),
      mutation,
    );
  const sample = Math.min(coverage, report.seeds, COVERAGE_SEEDS);
  if (sample > 0) {
    const request = { from, step: 1, count: sample, mutation, untilMs: null, stopsAt: null };
    const files = await measureCoverage(new URL(import.meta.url), () => runBatch(request));
    print(coverageText(files, sample));
  }
  return report.failed.length === 0;
}

async function simulateMutations({ seeds, from, workers, first }: Options): Promise<boolean> {
  let areAllCaught = true;
  for (const mutation of Object.keys(MUTATIONS) as MutationName[]) {
    const request = { from, count: seeds, mutation, untilMs: null };
    // Most are caught before threads would have begun.
    const report =
      first === true
        ? await runBatch({ ...request, step: 1, stopsAt: MUTATIONS[mutation].breaks })
        : await runShared({ ...request, threads: workers, stopsAt: null }, () => {});
    const result = mutationResult(mutation, report);
    if (result.caughtIn === 0) areAllCaught = false;
    print(mutationText(result));
  }
  return areAllCaught;
}

async function main(): Promise<void> {
  const command = new Command('simulate')
    .description('runs the whole service against simulated time, Temporal, database and gateway')
    .option('--seeds <count>', 'how many seeds', count, 1_000)
    .option('--from <seed>', 'the first seed', count, 1)
    .option('--minutes <minutes>', 'begins no seed after this long', count)
    .option('--workers <count>', 'threads', count, 2)
    .option('--seed <seed>', 'one seed alone', count)
    .option('--trace', 'with --seed: prints what happened, in order')
    .option('--keep <ids>', 'with --seed: only these parts and faults')
    .option('--mutation <name>', 'a broken variant of the code', mutationName)
    .option('--mutations', 'each broken variant with that many seeds: all must be caught')
    .option('--first', 'with --mutations: goes on to the next one when one is caught')
    .option('--coverage <seeds>', 'measures branches with the first so many', count, COVERAGE_SEEDS)
    .option('--no-shrink', 'does not make failing seeds smaller')
    .parse();
  const options = command.opts<Options>();
  const isGood =
    options.seed !== undefined
      ? await simulateOne(options.seed, options)
      : options.mutations === true
        ? await simulateMutations(options)
        : await simulateMany(options);
  process.exitCode = isGood ? 0 : 1;
}

if (!(await workInThread())) await main();
