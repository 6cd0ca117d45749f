import {
  DURATION_BUCKETS_MS,
  type DurationCounts,
  type MinuteStatistics,
} from '../domain/statistics.js';
import { readableCount, readableTime } from './readable-values.js';

/**
 * A counted minute without what is damaged in it: one document must not blank the console nor stop the watch, and these
 * counts decide about no order.
 * @returns `null` when it cannot be told which minute it is
 */
export function readableStatistics(
  stored: Readonly<Partial<Record<keyof MinuteStatistics, unknown>>>,
): MinuteStatistics | null {
  const minute = readableTime(stored.minute);
  if (minute === null) return null;
  const paid: Readonly<Record<string, unknown>> = { ...(stored.ordersPaid as object | null) };
  return {
    minute,
    ordersCreated: readableCount(stored.ordersCreated),
    ordersCanceled: readableCount(stored.ordersCanceled),
    ordersPaid: {
      callback: readableCount(paid.callback),
      check: readableCount(paid.check),
      verify: readableCount(paid.verify),
      operator: readableCount(paid.operator),
    },
    timeToTruth: readableDurations(stored.timeToTruth),
    gatewayCalls: readableCount(stored.gatewayCalls),
    gatewayAnswered: readableCount(stored.gatewayAnswered),
    gatewayDuration: readableDurations(stored.gatewayDuration),
    callbacksAccepted: readableCount(stored.callbacksAccepted),
    callbacksRefused: readableCount(stored.callbacksRefused),
    signatureFailures: readableCount(stored.signatureFailures),
  };
}

function readableDurations(value: unknown): DurationCounts {
  const counts: readonly unknown[] = Array.isArray(value) ? value : [];
  return Array.from({ length: DURATION_BUCKETS_MS.length + 1 }, (_, index) =>
    readableCount(counts[index]),
  );
}
