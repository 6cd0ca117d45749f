/** What the console's first page shows, put together of what the stores and the parts said. Pure. */
import { type AnomalySeverity, anomalyGuide, runbookPath } from '../../domain/anomaly-guide.js';
import { anomalyUrlId, orderNoOfSubject } from '../../domain/anomaly-subject.js';
import { ANOMALY_KINDS, type AnomalyKind } from '../../domain/audit.js';
import { ORDER_STATUSES } from '../../domain/order.js';
import { isFinal } from '../../domain/order-state.js';
import {
  durationPercentileMs,
  type MinuteStatistics,
  minuteOf,
  type StatisticsSum,
  sumStatistics,
} from '../../domain/statistics.js';
import type { AnomalyDocument } from '../../store/anomaly-store.js';
import type { OrderStatusCount } from '../../store/order-store.js';
import type {
  OpenAnomaly,
  Overview,
  OverviewMinute,
  OverviewTotals,
  StatusCount,
} from './console-contract.js';

export const OVERVIEW_MINUTES = 60;
export const OVERVIEW_ANOMALIES_MAX = 50;
const MINUTE_MS = 60_000;
const MEDIAN = 0.5;
const SLOW_SHARE = 0.95;
/** A minute in which fewer calls were answered counts as one in which the gateway was not there. */
const AVAILABLE_SHARE = 0.5;

export const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));
export const FINAL_STATUSES = ORDER_STATUSES.filter(isFinal);

/** The kinds that wake somebody. */
export const PAGING_KINDS = ANOMALY_KINDS.filter((kind) => severityOf(kind) === 'page');

export interface OverviewFigures {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly parts: Overview['parts'];
  readonly anomalies: readonly AnomalyDocument[];
  readonly openAnomalies: number;
  readonly statusCounts: readonly OrderStatusCount[];
  /** Of any processes, in any order, some of before the hour perhaps. */
  readonly statistics: readonly MinuteStatistics[];
}

export function presentOverview(figures: OverviewFigures): Overview {
  const { nowMs, parts, anomalies, openAnomalies, statusCounts, statistics } = figures;
  const minutes = lastMinutes(nowMs).map((minute) => {
    const counted = statistics.filter((one) => one.minute === minute);
    return { minute, sum: sumStatistics(counted) };
  });
  return {
    at: new Date(nowMs).toISOString(),
    parts,
    anomalies: mostUrgent(anomalies).map(presentOpenAnomaly),
    openAnomalies,
    statuses: presentStatuses(statusCounts),
    minutes: minutes.map(({ minute, sum }) => ({ minute, ...presentCounts(sum) })),
    hour: presentTotals(minutes.map(({ sum }) => sum)),
  };
}

/** Begin of the first minute that the overview shows. */
export function overviewBegin(nowMs: number): string {
  return minuteOf(nowMs - (OVERVIEW_MINUTES - 1) * MINUTE_MS);
}

function lastMinutes(nowMs: number): readonly string[] {
  const beginMs = Date.parse(overviewBegin(nowMs));
  return Array.from({ length: OVERVIEW_MINUTES }, (_, index) =>
    minuteOf(beginMs + index * MINUTE_MS),
  );
}

function presentCounts(sum: StatisticsSum): Omit<OverviewMinute, 'minute'> {
  const { ordersPaid, timeToTruth, gatewayDuration } = sum;
  return {
    ordersCreated: sum.ordersCreated,
    ordersCanceled: sum.ordersCanceled,
    paidByCallback: ordersPaid.callback,
    paidByCheck: ordersPaid.check,
    paidByVerify: ordersPaid.verify,
    paidByOperator: ordersPaid.operator,
    timeToTruthP50Ms: durationPercentileMs(timeToTruth, MEDIAN),
    timeToTruthP95Ms: durationPercentileMs(timeToTruth, SLOW_SHARE),
    gatewayCalls: sum.gatewayCalls,
    gatewayAnswered: sum.gatewayAnswered,
    gatewayP50Ms: durationPercentileMs(gatewayDuration, MEDIAN),
    gatewayP95Ms: durationPercentileMs(gatewayDuration, SLOW_SHARE),
    callbacksAccepted: sum.callbacksAccepted,
    callbacksRefused: sum.callbacksRefused,
  };
}

function presentTotals(minutes: readonly StatisticsSum[]): OverviewTotals {
  const counts = presentCounts(sumStatistics(minutes));
  const shares = minutes.map(answeredShare).filter((share) => share !== null);
  const available = shares.filter((share) => share >= AVAILABLE_SHARE).length;
  return {
    ...counts,
    gatewaySuccessShare: answeredShare(counts),
    gatewayAvailabilityShare: shares.length === 0 ? null : available / shares.length,
  };
}

function answeredShare(
  counts: Pick<StatisticsSum, 'gatewayCalls' | 'gatewayAnswered'>,
): number | null {
  return counts.gatewayCalls === 0 ? null : counts.gatewayAnswered / counts.gatewayCalls;
}

function presentStatuses(counts: readonly OrderStatusCount[]): readonly StatusCount[] {
  return ORDER_STATUSES.flatMap((status) => {
    const counted = counts.find((one) => one.status === status);
    if (counted === undefined && isFinal(status)) return [];
    return [
      {
        status,
        count: counted?.count ?? 0,
        oldestCreatedAt: isFinal(status) ? null : (counted?.oldestCreatedAt ?? null),
      },
    ];
  });
}

/** Each once, those first that somebody must come for now, then the latest. */
function mostUrgent(anomalies: readonly AnomalyDocument[]): readonly AnomalyDocument[] {
  const each = [...new Map(anomalies.map((anomaly) => [anomaly._id, anomaly])).values()];
  return each
    .sort(
      (left, right) =>
        Number(needsSomebody(right)) - Number(needsSomebody(left)) ||
        Date.parse(right.lastSeenAt) - Date.parse(left.lastSeenAt),
    )
    .slice(0, OVERVIEW_ANOMALIES_MAX);
}

function needsSomebody({ kind, acknowledgedBy }: AnomalyDocument): boolean {
  return severityOf(kind) === 'page' && acknowledgedBy === null;
}

function severityOf(kind: AnomalyKind): AnomalySeverity {
  return anomalyGuide(kind).severity;
}

function presentOpenAnomaly(anomaly: AnomalyDocument): OpenAnomaly {
  const { _id, kind, orderId, detail, firstSeenAt, openedAt, lastSeenAt, count } = anomaly;
  return {
    id: anomalyUrlId(_id),
    kind,
    ...anomalyGuide(kind),
    detail,
    merchantOrderNo: orderNoOfSubject(orderId),
    firstSeenAt,
    openedAt,
    lastSeenAt,
    count,
    acknowledgedBy: anomaly.acknowledgedBy,
    runbook: runbookPath(kind),
  };
}
