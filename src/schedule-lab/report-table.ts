/** The report of the schedule lab as a table for a terminal. Pure. */
import { formatDuration } from '../domain/duration.js';
import {
  type Comparison,
  type LabReport,
  ORDERS_MIN,
  type ScheduleResult,
} from './simulate-schedule.js';

const LABEL_WIDTH = 32;
const CELL_WIDTH = 14;

const TITLES = {
  lost: 'If every callback were lost',
  as_they_came: 'With the callbacks as they came',
} as const;

export function renderReport(
  report: LabReport,
  context: {
    readonly proposedMs: readonly number[];
    readonly skipped: Readonly<Record<string, number>>;
  },
): string {
  const skipped = Object.entries(context.skipped).map(([reason, count]) => `${count} ${reason}`);
  const lines = [
    `Proposed: ${context.proposedMs.map(formatDuration).join(',')}`,
    `Based on ${report.orders} orders, ${report.paidOrders} of them paid; ${report.checksMade} checks were made for them.`,
    ...(skipped.length === 0 ? [] : [`Left out: ${skipped.join(', ')}.`]),
    ...report.comparisons.flatMap(comparisonLines),
    '',
    report.isConclusive
      ? conclusion(report)
      : `WARNING: ${report.paidOrders} paid orders are too few to conclude from; at least ${ORDERS_MIN} are needed.`,
  ];
  return `${lines.join('\n')}\n`;
}

function comparisonLines({ callbacks, inForce, proposed }: Comparison): readonly string[] {
  const row = (label: string, value: (result: ScheduleResult) => string) =>
    `  ${label.padEnd(LABEL_WIDTH)}${value(inForce).padStart(CELL_WIDTH)}${value(proposed).padStart(CELL_WIDTH)}`;
  return [
    '',
    `${TITLES[callbacks].padEnd(LABEL_WIDTH + 2)}${'in force'.padStart(CELL_WIDTH)}${'proposed'.padStart(CELL_WIDTH)}`,
    row('queries', ({ queries }) => String(queries)),
    row('queries per order', ({ queriesPerOrder }) => queriesPerOrder.toFixed(2)),
    row('delay to truth, median', ({ delay }) => seconds(delay.medianMs)),
    row('delay to truth, p95', ({ delay }) => seconds(delay.p95Ms)),
    row('delay to truth, max', ({ delay }) => seconds(delay.maxMs)),
    row('payments after its end', ({ missedPayments }) => String(missedPayments)),
  ];
}

function conclusion({ comparisons }: LabReport): string {
  return comparisons
    .map(({ callbacks, queriesAdded, queriesAddedPerOrder, inForce, proposed }) => {
      const change = queriesAdded <= 0 ? 'saves' : 'adds';
      const queries = `${change} ${Math.abs(queriesAdded)} queries (${Math.abs(queriesAddedPerOrder).toFixed(2)} per order)`;
      const missed = proposed.missedPayments - inForce.missedPayments;
      const payments = missed > 0 ? `; ${missed} payments would come after its end` : '';
      return `${TITLES[callbacks]}, it ${queries}; p95 ${seconds(inForce.delay.p95Ms)} → ${seconds(proposed.delay.p95Ms)}${payments}.`;
    })
    .join('\n');
}

function seconds(durationMs: number | null): string {
  return durationMs === null ? 'none' : `${(durationMs / 1_000).toFixed(1)} s`;
}
