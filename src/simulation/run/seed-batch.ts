/** Many seeds in one thread, and what is counted of them. */
import type { InvariantName } from '../invariants/findings.js';
import type { FaultKind } from '../kernel/faults.js';
import type { MutationName } from '../mutations/active-mutation.js';
import type { OutageKind } from '../plan/outage-plan.js';
import { runSeed, type SeedResult } from './run-seed.js';

export interface BatchRequest {
  readonly from: number;
  /** Distance from one seed to the next: threads share the seeds out among themselves. */
  readonly step: number;
  readonly count: number;
  readonly mutation: MutationName | null;
  /** No seed is begun after this (epoch ms of the real clock); `null` for no limit. */
  readonly untilMs: number | null;
  /** Stops at the first seed that breaks this. */
  readonly stopsAt: InvariantName | null;
}

export interface FailedSeed {
  readonly seed: number;
  readonly violations: readonly { readonly invariant: InvariantName; readonly detail: string }[];
}

export interface BatchReport {
  readonly seeds: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly struck: Readonly<Partial<Record<FaultKind | OutageKind, number>>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly failed: readonly FailedSeed[];
  /** Seeds in which nothing failed and nothing was away. */
  readonly calm: number;
}

export const EMPTY_REPORT: BatchReport = {
  seeds: 0,
  steps: 0,
  simulatedMs: 0,
  struck: {},
  statuses: {},
  failed: [],
  calm: 0,
};

export async function runBatch(request: BatchRequest): Promise<BatchReport> {
  const { from, step, count, mutation, untilMs, stopsAt } = request;
  let report = EMPTY_REPORT;
  for (let index = 0; index < count; index += 1) {
    if (untilMs !== null && Date.now() >= untilMs) break;
    const result = await runSeed({ seed: from + index * step, mutation });
    report = mergedReport(report, reportOf(result));
    if (result.violations.some(({ invariant }) => invariant === stopsAt)) break;
  }
  return report;
}

function reportOf(result: SeedResult): BatchReport {
  const { seed, violations, faults, outages, steps, simulatedMs, statuses } = result;
  const kinds = [...faults, ...outages].map(({ kind }) => kind);
  return {
    seeds: 1,
    steps,
    simulatedMs,
    struck: counted(kinds),
    statuses: counted(statuses),
    failed:
      violations.length === 0
        ? []
        : [
            {
              seed,
              violations: violations.map(({ invariant, detail }) => ({ invariant, detail })),
            },
          ],
    calm: kinds.length === 0 ? 1 : 0,
  };
}

export function mergedReport(left: BatchReport, right: BatchReport): BatchReport {
  return {
    seeds: left.seeds + right.seeds,
    steps: left.steps + right.steps,
    simulatedMs: left.simulatedMs + right.simulatedMs,
    struck: summed(left.struck, right.struck),
    statuses: summed(left.statuses, right.statuses),
    failed: [...left.failed, ...right.failed],
    calm: left.calm + right.calm,
  };
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function summed(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums: Record<string, number> = { ...left };
  for (const [word, count] of Object.entries(right)) sums[word] = (sums[word] ?? 0) + count;
  return sums;
}
