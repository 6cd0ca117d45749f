/** The figures of all rounds as one table. */
import type { HttpRound, ServiceRound } from './http-cases.js';
import { percentile } from './load.js';

export interface Measured {
  readonly bare: HttpRound;
  readonly engineRunsPerSecond: number;
  readonly service: ServiceRound;
}

const WIDTHS = [42, 14, 14, 9] as const;

interface Row {
  readonly name: string;
  readonly unit: '/s' | 'ms';
  readonly service: (round: Measured) => number;
  readonly baseline?: (round: Measured) => number;
}

const HTTP_ROWS: readonly Row[] = [
  {
    name: 'callbacks acknowledged',
    unit: '/s',
    service: ({ service }) => service.callbacks.perSecond,
    baseline: ({ bare }) => bare.callbacks.perSecond,
  },
  {
    name: '  acknowledgement, p50',
    unit: 'ms',
    service: ({ service }) => service.callbacks.p50Ms,
    baseline: ({ bare }) => bare.callbacks.p50Ms,
  },
  {
    name: '  acknowledgement, p99',
    unit: 'ms',
    service: ({ service }) => service.callbacks.p99Ms,
    baseline: ({ bare }) => bare.callbacks.p99Ms,
  },
  {
    name: 'verifies of settled orders',
    unit: '/s',
    service: ({ service }) => service.verifies.perSecond,
    baseline: ({ bare }) => bare.verifies.perSecond,
  },
  {
    name: '  verify, p99',
    unit: 'ms',
    service: ({ service }) => service.verifies.p99Ms,
    baseline: ({ bare }) => bare.verifies.p99Ms,
  },
];

const ORDER_ROWS: readonly Row[] = [
  {
    name: 'orders created',
    unit: '/s',
    service: ({ service }) => service.ordersCreatedPerSecond,
    baseline: ({ engineRunsPerSecond }) => engineRunsPerSecond,
  },
  {
    name: 'orders paid by callback',
    unit: '/s',
    service: ({ service }) => service.ordersPaidPerSecond,
    baseline: ({ engineRunsPerSecond }) => engineRunsPerSecond,
  },
  {
    name: 'at half that pace: callback to paid, p50',
    unit: 'ms',
    service: ({ service }) => service.callbackToPaidP50Ms,
  },
  {
    name: '  callback to paid, p99',
    unit: 'ms',
    service: ({ service }) => service.callbackToPaidP99Ms,
  },
  {
    name: '  acknowledgement, p99',
    unit: 'ms',
    service: ({ service }) => service.pacedAcknowledgementP99Ms,
  },
];

/** Medians over the rounds, and the service's share of the baseline where there is one. */
export function compared(rounds: readonly Measured[]): string {
  const rows = [...HTTP_ROWS, ...ORDER_ROWS].map((row) => rowLine(row, rounds));
  return [line('', 'service', 'baseline', 'share'), ...rows].join('\n');
}

function rowLine({ name, unit, service, baseline }: Row, rounds: readonly Measured[]): string {
  const median = (pick: (round: Measured) => number) => percentile(rounds.map(pick), 0.5);
  const ours = median(service);
  if (baseline === undefined) return line(name, `${ours.toFixed(0)} ${unit}`, '', '');
  const theirs = median(baseline);
  const share = unit === 'ms' ? '' : `${((ours / theirs) * 100).toFixed(0)} %`;
  return line(name, `${ours.toFixed(0)} ${unit}`, `${theirs.toFixed(0)} ${unit}`, share);
}

function line(...cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? WIDTHS[0]),
    )
    .join('');
}
