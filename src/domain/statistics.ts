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
  /** Of the refused ones, those that carry no signature, a wrong one, or one for another app. */
  readonly signatureFailures: number;
}

/** Counts of any stretch of time. */
export type StatisticsSum = Omit<MinuteStatistics, 'minute'>;

const MINUTE_MS = 60_000;

/** @returns the begin of the minute that holds the time, RFC 3339 UTC */
export function minuteOf(atMs: number): string {
  return new Date(Math.floor(atMs / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** A minute in which nothing happened. */
export function emptyStatistics(minute: string): MinuteStatistics {
  return { minute, ...sumStatistics([]) };
}

/** What the given counts are together; of an empty list nothing was counted. */
export function sumStatistics(list: readonly StatisticsSum[]): StatisticsSum {
  const sum = (count: (statistics: StatisticsSum) => number) =>
    list.reduce((total, statistics) => total + count(statistics), 0);
  const paid = (source: TruthSource) => sum(({ ordersPaid }) => ordersPaid[source]);
  return {
    ordersCreated: sum(({ ordersCreated }) => ordersCreated),
    ordersCanceled: sum(({ ordersCanceled }) => ordersCanceled),
    ordersPaid: {
      callback: paid('callback'),
      check: paid('check'),
      verify: paid('verify'),
      operator: paid('operator'),
    },
    timeToTruth: sumDurations(list.map(({ timeToTruth }) => timeToTruth)),
    gatewayCalls: sum(({ gatewayCalls }) => gatewayCalls),
    gatewayAnswered: sum(({ gatewayAnswered }) => gatewayAnswered),
    gatewayDuration: sumDurations(list.map(({ gatewayDuration }) => gatewayDuration)),
    callbacksAccepted: sum(({ callbacksAccepted }) => callbacksAccepted),
    callbacksRefused: sum(({ callbacksRefused }) => callbacksRefused),
    signatureFailures: sum(({ signatureFailures }) => signatureFailures),
  };
}

/** Nothing counted yet: one place for each bucket and one for what is longer than all. */
export function noDurations(): DurationCounts {
  return new Array<number>(DURATION_BUCKETS_MS.length + 1).fill(0);
}

/** @returns the counts with one more duration (ms); what is negative, from clocks that differ, counts as none */
export function countDuration(counts: DurationCounts, ms: number): DurationCounts {
  const found = DURATION_BUCKETS_MS.findIndex((upperMs) => ms <= upperMs);
  const bucket = found < 0 ? DURATION_BUCKETS_MS.length : found;
  return counts.map((count, index) => (index === bucket ? count + 1 : count));
}

/**
 * @param share 0.5 for the median, 0.95 for what 19 of 20 stay under
 * @returns milliseconds, interpolated within the bucket; the greatest bound when it lies above all of them, `null` when
 * nothing was counted
 */
export function durationPercentileMs(counts: DurationCounts, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const lowerMs = index === 0 ? 0 : (DURATION_BUCKETS_MS[index - 1] ?? 0);
      const upperMs = DURATION_BUCKETS_MS[index] ?? lowerMs;
      return lowerMs + (upperMs - lowerMs) * (Math.max(0, rank - below) / count);
    }
    below += count;
  }
  return DURATION_BUCKETS_MS.at(-1) ?? null;
}

function sumDurations(list: readonly DurationCounts[]): DurationCounts {
  return noDurations().map((_, index) =>
    list.reduce((total, counts) => total + (counts[index] ?? 0), 0),
  );
}
