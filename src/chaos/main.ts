/** `npm run chaos`: the real processes under load and faults, and whether anything was lost. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { listenForStop } from '../trial/stop-requests.js';
import { TrialError } from '../trial/trial-error.js';
import { runChaos } from './chaos-run.js';
import { reportText } from './report.js';
import { CHECK_SCHEDULE } from './stories.js';

const MINUTE_MS = 60_000;
const SEED_MAX = 1_000_000;
/** Exit code of a process that was interrupted, as shells have it. */
const INTERRUPTED = 130;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly rate: number;
  readonly sweep: string;
  readonly settle: number;
  readonly mongodbUri?: string;
  readonly mongodbControl?: string;
  readonly folder?: string;
  readonly keep?: true;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('a number above zero is needed');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number of zero or more is needed');
}

function readOptions(): Options {
  return new Command('npm run chaos --')
    .description(
      'The real processes under constant load, while parts are killed, paused, slowed and cut off.',
    )
    .option('--minutes <n>', 'how long faults are injected', positive, 10)
    .option(
      '--seed <n>',
      'the plan of faults and the mix of orders follow from it',
      wholeNumber,
      Math.floor(Math.random() * SEED_MAX),
    )
    .option('--rate <n>', 'new orders per second', positive, 5)
    .option('--sweep <duration>', "the service's SCHEDULED_CHECK_INTERVAL", '30s')
    .option('--settle <n>', 'minutes that it may take to come to rest', positive, 4)
    .option(
      '--mongodb-uri <uri>',
      'a MongoDB on this machine, one host; a database of its own is made in it',
    )
    .option(
      '--mongodb-control <program>',
      'ends that MongoDB when called with `kill`, starts it with `start`',
    )
    .option(
      '--folder <path>',
      'where data, logs, journals and the report go; by default a new one that is removed when all is well',
    )
    .option('--keep', 'keep the folder in any case')
    .parse()
    .opts<Options>();
}

async function main(): Promise<number> {
  const options = readOptions();
  const folder =
    options.folder === undefined
      ? await mkdtemp(join(tmpdir(), 'chaos-'))
      : resolve(options.folder);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  // The guardian ends what is left when a person asks twice.
  const stop = listenForStop(() => process.exit(INTERRUPTED));
  say(`seed ${options.seed}; data and logs in ${folder}`);
  try {
    const report = await runChaos({
      durationMs: options.minutes * MINUTE_MS,
      seed: options.seed,
      ordersPerSecond: options.rate,
      sweepInterval: options.sweep,
      checkSchedule: CHECK_SCHEDULE,
      recoveryLimitMs: MINUTE_MS,
      onStarted: () => {},
      settleLimitMs: options.settle * MINUTE_MS,
      mongodbUri: options.mongodbUri ?? null,
      mongodbControl: options.mongodbControl ?? null,
      folder,
      env: process.env,
      say,
      signal: stop.signal,
    });
    if (stop.signal.aborted) return INTERRUPTED;
    const file = join(folder, 'report.json');
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    say(reportText(report));
    const isClean = report.violations.length === 0;
    if (!isClean) say(whatToLookAt(folder));
    else if (options.keep === true || options.folder !== undefined) say(`report: ${file}`);
    else await rm(folder, { recursive: true, force: true });
    return isClean ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED;
    if (!(error instanceof TrialError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    stop.close();
  }
}

function whatToLookAt(folder: string): string {
  return [
    `kept in ${folder}:`,
    '  told.jsonl               what callers and the back end were told, one line each; search for the number',
    '  simulator-journal.jsonl  what the gateway did, one line a change',
    '  logs/                    the processes’ logs; the number is merchantOrderNo there',
    '  temporal.db, mongodb/    the data; the audits are in it',
    '  report.json              this report',
  ].join('\n');
}

// Connections to servers that are gone try again for ever and would keep the process.
process.exit(await main());
