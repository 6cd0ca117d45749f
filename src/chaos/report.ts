/** What a run found out, for people and for programs. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../trial/entry.js';
import { INVARIANTS, type Violation } from './checks/findings.js';
import type { Recovery } from './recovery.js';

/** One fault, or two together, and what came of it. */
export interface FaultReport {
  readonly kind: string;
  readonly text: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly recovery: Recovery;
}

export interface RunReport {
  readonly seed: number;
  readonly minutes: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly load: Readonly<Record<string, number>>;
  /** How often each status stands at the end. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: readonly FaultReport[];
  readonly unexpectedEnds: readonly { readonly name: string; readonly how: string }[];
  /** `null` when it did not come to rest. */
  readonly settledAfterMs: number | null;
  readonly checked: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

const VIOLATIONS_SHOWN = 40;
const TOGETHER = 'two at once';
const MEASURES = ['create', 'verify', 'callback', 'backlog'] as const;
const COLUMNS = ['fault', 'n', ...MEASURES.map((name) => `${name} p50 / max`)];

/** What the machine is, without its name. */
export function machineText(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${gigabytes} GB, ${process.platform}`;
}

/** @param servers what Temporal and MongoDB say that they are */
export function versionsUsed(
  servers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(
    readFileSync(join(projectFolder, 'package.json'), 'utf8'),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  return {
    node: process.version,
    temporalSdk: dependencies['@temporalio/client'] ?? '',
    mongoose: dependencies.mongoose ?? '',
    ...servers,
  };
}

export function reportText(report: RunReport): string {
  const { seed, minutes, machine, versions, load, statuses, checked } = report;
  return [
    '',
    `seed ${seed}, ${minutes} min of faults; ${machine}`,
    `versions: ${pairs(versions)}`,
    `load: ${pairs(load)}`,
    `orders at the end: ${pairs(statuses)}`,
    `checked: ${pairs(checked)}`,
    report.settledAfterMs === null
      ? 'it did not come to rest'
      : `at rest ${seconds(report.settledAfterMs)} s after the load ended`,
    ...endsText(report),
    '',
    'seconds from the end of the fault until it worked again:',
    ...recoveryTable(report.faults),
    '',
    ...violationsText(report.violations),
  ].join('\n');
}

function endsText({ unexpectedEnds }: RunReport): readonly string[] {
  if (unexpectedEnds.length === 0) return [];
  const texts = unexpectedEnds.map(({ name, how }) => `${name} ${how}`);
  return [`ended by themselves: ${texts.join('; ')}`];
}

export function recoveryTable(faults: readonly FaultReport[]): readonly string[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort(
    (left, right) =>
      Number(left === TOGETHER) - Number(right === TOGETHER) || (left < right ? -1 : 1),
  );
  const row = (name: string, of: readonly FaultReport[]) => [
    name,
    String(of.length),
    ...MEASURES.map((measure) => spread(of.map(({ recovery }) => recovery[measure]))),
  ];
  const rows = [
    ...kinds.map((kind) =>
      row(
        kind,
        faults.filter((fault) => fault.kind === kind),
      ),
    ),
    row('all', faults),
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)];
}

/** What did not happen within the limit counts as longer than everything. */
function spread(values: readonly (number | null)[]): string {
  const sorted = values
    .map((value) => value ?? Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const last = sorted.at(-1);
  if (middle === undefined || last === undefined) return '';
  return sorted.length === 1 ? seconds(last) : `${seconds(middle)} / ${seconds(last)}`;
}

function seconds(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? (milliseconds / 1_000).toFixed(1) : '> 60';
}

function violationsText(violations: readonly Violation[]): readonly string[] {
  if (violations.length === 0) return [`all ${Object.keys(INVARIANTS).length} invariants hold`];
  const shown = violations
    .slice(0, VIOLATIONS_SHOWN)
    .map(({ invariant, number, detail }) => `  ${invariant}: ${number ?? ''} ${detail}`);
  const rest = violations.length - shown.length;
  return [
    `BROKEN: ${violations.length} violations`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function pairs(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** The name under which a fault, or two together, are counted. */
export function kindOf(kinds: readonly string[]): string {
  return kinds.length > 1 ? TOGETHER : (kinds[0] ?? '');
}
