/** The figures of all rounds as one table. */
import type { HttpRound, ServiceRound } from './http-cases.js';
import { percentile } from './load.js';

export interface Measured {
  readonly bare: HttpRound;
  readonly engineRunsPerSecond: number;
  readonly service: ServiceRound;
}

const WIDTHS = [42, 14, 14, 9] as const;

/** Medians over the rounds, and the service's share of the baseline where there is one. */
export function compared(rounds: readonly Measured[]): string {
  const median = (pick: (round: Measured) => number) => percentile(rounds.map(pick), 0.5);
  const row = (
    name: string,
    service: (round: Measured) => number,
    baseline: ((round: Measured) => number) | null,
    unit: string,
  ) => {
    const ours = median(service);
    const theirs = baseline === null ? null : median(baseline);
    return line(
      name,
      `${ours.toFixed(0)} ${unit}`,
      theirs === null ? '' : `${theirs.toFixed(0)} ${unit}`,
      theirs === null || unit === 'ms' ? '' : `${((ours / theirs) * 100).toFixed(0)} %`,
    );
  };
  return [
    line('', 'service', 'baseline', 'share'),
    row(
      'callbacks acknowledged',
      (r) => r.service.callbacks.perSecond,
      (r) => r.bare.callbacks.perSecond,
      '/s',
    ),
    row(
      '  acknowledgement, p50',
      (r) => r.service.callbacks.p50Ms,
      (r) => r.bare.callbacks.p50Ms,
      'ms',
    ),
    row(
      '  acknowledgement, p99',
      (r) => r.service.callbacks.p99Ms,
      (r) => r.bare.callbacks.p99Ms,
      'ms',
    ),
    row(
      'verifies of settled orders',
      (r) => r.service.verifies.perSecond,
      (r) => r.bare.verifies.perSecond,
      '/s',
    ),
    row(
      '  verify, p99',
      (r) => r.service.verifies.p99Ms,
      (r) => r.bare.verifies.p99Ms,
      'ms',
    ),
    row(
      'orders created',
      (r) => r.service.ordersCreatedPerSecond,
      (r) => r.engineRunsPerSecond,
      '/s',
    ),
    row(
      'orders paid by callback',
      (r) => r.service.ordersPaidPerSecond,
      (r) => r.engineRunsPerSecond,
      '/s',
    ),
    row(
      'at half that pace: callback to paid, p50',
      (r) => r.service.callbackToPaidP50Ms,
      null,
      'ms',
    ),
    row('  callback to paid, p99', (r) => r.service.callbackToPaidP99Ms, null, 'ms'),
    row('  acknowledgement, p99', (r) => r.service.pacedAcknowledgementP99Ms, null, 'ms'),
  ].join('\n');
}

function line(...cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? WIDTHS[0]),
    )
    .join('');
}
