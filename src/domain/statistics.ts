/** What is counted of a minute, and what a person is told of many. Pure: nothing here decides about an order. */

/** How the payment of an order became known: told by a callback, asked by schedule, or asked for a payer's page. */
export const TRUTH_SOURCES = ['callback', 'check', 'verify', 'operator'] as const;
export type TruthSource = (typeof TRUTH_SOURCES)[number];

/** Upper bounds in milliseconds; the last bucket has none. Near each other where a difference matters to a payer. */
export const DURATION_BUCKETS_MS = [
  10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500,
  10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000, 180_000, 300_000, 600_000,
  1_200_000, 1_800_000, 3_600_000,
] as const;

/** One count for each bucket and one more for what is longer than all of them. */
export type DurationCounts = readonly number[];

/** What one process counted in one minute. Monitoring, not truth: a process that dies loses its last seconds. */
export interface MinuteStatistics {
  /** The minute's begin, RFC 3339 UTC. */
  readonly minute: string;
  readonly ordersCreated: number;
  readonly ordersCanceled: number;
  readonly ordersPaid: Readonly<Record<TruthSource, number>>;
  /** From the order's creation to the proof that it is paid, of orders that became paid in this minute. */
  readonly timeToTruth: DurationCounts;
  readonly gatewayCalls: number;
  /** Calls that ended with a signed answer that was understood, whatever it said. */
  readonly gatewayAnswered: number;
  readonly gatewayDuration: DurationCounts;
  readonly callbacksAccepted: number;
  readonly callbacksRefused: number;
}
