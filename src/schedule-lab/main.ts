/** Process entry of `npm run schedule-lab`: stored orders against a proposed schedule of checks. */
import { Command } from 'commander';
import type { AuditedOrder } from '../audit/audited-order.js';
import { runCommand, UsageError, withDatabase } from '../audit/command-line.js';
import { ordersCreatedBetween } from '../audit/database-source.js';
import { exportSource } from '../audit/export-file.js';
import { checkScheduleSchema } from '../config/variables.js';
import { labOrder } from './lab-order.js';
import { renderReport } from './report-table.js';
import { compareSchedules, type LabOrder } from './simulate-schedule.js';

interface Options {
  readonly schedule: string;
  readonly from?: string;
  readonly to?: string;
  readonly file?: string;
  readonly json?: true;
}

/** When the orders that are looked at were created, RFC 3339 UTC. */
interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

function readOptions(): Options {
  return new Command('schedule-lab')
    .exitOverride()
    .description('Replays stored orders against a proposed schedule of checks.')
    .requiredOption('--schedule <gaps>', 'gaps between checks, such as 5s,30s,2m,10m')
    .option('--from <time>', 'only orders created then or later, such as 2026-01-31')
    .option('--to <time>', 'only orders created before')
    .option('--file <export>', 'an export of audit:export; default the database in MONGODB_URI')
    .option('--json', 'the result as JSON')
    .parse()
    .opts<Options>();
}

function scheduleOf(text: string): readonly number[] {
  const parsed = checkScheduleSchema.safeParse(text.split(',').map((gap) => gap.trim()));
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map(({ message }) => message);
  throw new UsageError(`--schedule ${[...new Set(messages)].join('; ')}`);
}

function timeOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new UsageError(`${option} is no time such as 2026-01-31T12:00:00Z`);
  return new Date(atMs).toISOString();
}

/** What the orders of a file share with those of a database: created in the period. */
async function* createdWithin(
  audited: AsyncIterable<AuditedOrder>,
  { from, to }: Period,
): AsyncGenerator<AuditedOrder> {
  for await (const each of audited) {
    const createdAt = each.entries[0]?.at ?? '';
    if ((from === null || createdAt >= from) && (to === null || createdAt < to)) yield each;
  }
}

async function collect(audited: AsyncIterable<AuditedOrder>) {
  const orders: LabOrder[] = [];
  const skipped: Record<string, number> = {};
  for await (const { entries } of audited) {
    const order = labOrder(entries);
    if (typeof order === 'string') skipped[order] = (skipped[order] ?? 0) + 1;
    else orders.push(order);
  }
  return { orders, skipped };
}

async function main(): Promise<number> {
  const options = readOptions();
  const proposedMs = scheduleOf(options.schedule);
  const period = { from: timeOf('--from', options.from), to: timeOf('--to', options.to) };
  const { orders, skipped } =
    options.file === undefined
      ? await withDatabase(process.env.MONGODB_URI, async (connection) =>
          collect(ordersCreatedBetween(connection, period)),
        )
      : await collect(createdWithin(exportSource(options.file).orders(), period));
  const report = compareSchedules(orders, proposedMs);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ proposedMs, skipped, ...report })}\n`
      : renderReport(report, { proposedMs, skipped }),
  );
  return 0;
}

runCommand(main);
