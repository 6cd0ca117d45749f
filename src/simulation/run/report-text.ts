/** The report of a run, for people. */
import { FAULT_KINDS } from '../kernel/faults.js';
import { OUTAGE_KINDS } from '../plan/outage-plan.js';
import type { FileCoverage } from './branch-coverage.js';
import type { BatchReport, FailedSeed } from './seed-batch.js';
import type { ShrunkSeed } from './shrink.js';

const FAILED_SHOWN_MAX = 20;

export function progressText({ seeds, failed }: BatchReport, elapsedMs: number): string {
  return `${seeds} seeds, ${perSecond(seeds, elapsedMs)} per second, ${failed.length} failed`;
}

function perSecond(count: number, elapsedMs: number): number {
  return Math.round(count / Math.max(0.001, elapsedMs / 1_000));
}

export function reportText(report: BatchReport, elapsedMs: number): string {
  const { seeds, steps, simulatedMs, statuses, struck, failed, calm } = report;
  const kinds = [...FAULT_KINDS, ...OUTAGE_KINDS];
  const total = Object.values(struck).reduce((sum, count) => sum + count, 0);
  return [
    `${seeds} seeds in ${(elapsedMs / 1_000).toFixed(1)} s: ${perSecond(seeds, elapsedMs)} per second, ${perSecond(steps, elapsedMs)} steps per second, ${(simulatedMs / 3_600_000).toFixed(1)} simulated hours`,
    `orders ended as: ${Object.entries(statuses)
      .map(([status, count]) => `${status} ${count}`)
      .join(', ')}`,
    `${total} faults, ${calm} seeds without any:`,
    ...kinds.map((kind) => `  ${kind.padEnd(32)} ${struck[kind] ?? 0}`),
    failed.length === 0 ? 'no invariant was broken' : `${failed.length} seeds broke an invariant:`,
    ...failed.slice(0, FAILED_SHOWN_MAX).map((seed) => `  ${failedText(seed)}`),
  ].join('\n');
}

/** A seed, and the first two things that it broke. */
export function failedText({ seed, violations }: FailedSeed): string {
  const broken = violations.slice(0, 2).map(({ invariant, detail }) => `${invariant}: ${detail}`);
  return `seed ${seed}: ${broken.join('; ')}`;
}

export function coverageText(files: readonly FileCoverage[], seeds: number): string {
  const branches = files.reduce((sum, file) => sum + file.branches, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const percent = branches === 0 ? 0 : (100 * covered) / branches;
  return [
    `branches of the decision code gone through by the first ${seeds} seeds: ${covered} of ${branches} (${percent.toFixed(1)} %)`,
    ...files.map(
      ({ file, branches: all, covered: some, missedLines }) =>
        `  ${file.padEnd(32)} ${some} of ${all}${missedLines.length === 0 ? '' : `; never line ${missedLines.join(', ')}`}`,
    ),
  ].join('\n');
}

export function replayCommand(shrunk: Pick<ShrunkSeed, 'seed' | 'mutation' | 'kept'>): string {
  const mutation = shrunk.mutation === null ? '' : ` --mutation ${shrunk.mutation}`;
  return `npm run simulate -- --seed ${shrunk.seed}${mutation} --keep '${shrunk.kept.join(',')}' --trace`;
}

export function shrunkText(shrunk: ShrunkSeed): string {
  const { seed, invariant, kept, before, runs, result } = shrunk;
  const violation = result.violations.find((each) => each.invariant === invariant);
  return [
    `seed ${seed} breaks ${invariant}: ${violation?.detail ?? ''}`,
    `  ${kept.length} of ${before} parts and faults are enough (${runs} runs): ${kept.join(' ')}`,
    `  ${replayCommand(shrunk)}`,
  ].join('\n');
}
