/** The watch: looks at what was counted and at what is overdue, and raises or heals what lasts. */
import type { AnomalyKind } from '../domain/audit.js';
import { type Order, orderId } from '../domain/order.js';
import {
  areCallbacksBackInARow,
  SILENCE_WINDOW_MS,
  silenceVerdict,
  USUAL_WINDOW_MS,
} from '../domain/silent-callbacks.js';
import { type MinuteStatistics, minuteOf, sumStatistics } from '../domain/statistics.js';
import {
  driftVerdict,
  GATEWAY_WINDOW_MS,
  gatewayVerdict,
  isStuck,
  latestGatewayCalls,
  SIGNATURE_QUIET_MS,
  SIGNATURE_WINDOW_MS,
  STUCK_OVERDUE_MS,
  signatureVerdict,
  stuckDetail,
} from '../domain/watch-rules.js';
import type { WatchVerdict } from '../domain/watch-verdict.js';
import { type AnomalyDocument, type AnomalyStore, anomalyId } from '../store/anomaly-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { StatisticsStore } from '../store/statistics-store.js';

const MINUTE_MS = 60_000;
/** So far back the latest payments and calls of a small shop are looked for. */
const ROW_WINDOW_MS = 3_600_000;
const STUCK_ORDERS_MAX = 500;
const CONTRADICTIONS_MAX = 50;
/** Contradictions this young were found by one of the last sweeps; a sweep that was left out hides none. */
const CONTRADICTION_YOUNG_MS = 600_000;

/** What a contradicted final record is raised as, on its order. */
const CONTRADICTION_KINDS = [
  'contradiction',
  'late_payment',
  'duplicate_payment',
  'amount_mismatch',
  'refunded_by_cancel',
] as const satisfies readonly AnomalyKind[];

export interface WatchReport {
  /** Conditions that are there, whether new or still. */
  readonly raised: readonly AnomalyKind[];
}

export interface WatchDependencies {
  readonly orders: Pick<OrderStore, 'find' | 'overdue'>;
  readonly anomalies: Pick<AnomalyStore, 'find' | 'listOpenOf' | 'raiseLasting' | 'heal'>;
  readonly statistics: StatisticsStore;
  readonly sweepIntervalMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns activities that may be repeated: what is raised twice is raised once */
export function createWatchActivities(ports: WatchDependencies) {
  const stuckOrders = createStuckOrderWatch(ports);
  return {
    /** @param pass what the sweep that calls it has just done */
    async watchAnomalies(pass: { readonly ordersWoken: number }): Promise<WatchReport> {
      const nowMs = ports.now();
      const at = new Date(nowMs).toISOString();
      const raised: AnomalyKind[] = [];
      const tell = async (kind: AnomalyKind, subject: string, verdict: WatchVerdict) => {
        if (verdict.verdict === 'heal') await ports.anomalies.heal(subject, [kind], at);
        if (verdict.verdict !== 'raise') return;
        raised.push(kind);
        await ports.anomalies.raiseLasting(subject, { kind, at, detail: verdict.detail });
      };
      const minutes = await ports.statistics.since(minuteOf(nowMs - ROW_WINDOW_MS));
      const silence = await silenceOf(minutes, nowMs, ports);
      await tell('callbacks_silent', 'callbacks', silence);
      await tell('signature_failures', 'callbacks', signatureVerdictOf(minutes, nowMs));
      const calls = sumStatistics(countedSince(minutes, nowMs - GATEWAY_WINDOW_MS));
      await tell('gateway_trouble', 'gateway', gatewayVerdict(calls, latestGatewayCalls(minutes)));
      await tell('drift', 'sweep', await driftOf(pass.ordersWoken, nowMs, ports));
      for (const { subject, verdict } of await stuckOrders(nowMs)) {
        await tell('order_stuck', subject, verdict);
      }
      return { raised };
    },
  };
}

export type WatchActivities = ReturnType<typeof createWatchActivities>;

/** Whole minutes: the one that the time falls in is not counted, because its begin lies before. */
function countedSince(minutes: readonly MinuteStatistics[], sinceMs: number) {
  const since = minuteOf(sinceMs);
  return minutes.filter(({ minute }) => minute > since);
}

function signatureVerdictOf(minutes: readonly MinuteStatistics[], nowMs: number): WatchVerdict {
  const failuresWithin = (windowMs: number) =>
    sumStatistics(countedSince(minutes, nowMs - windowMs)).signatureFailures;
  return signatureVerdict(failuresWithin(SIGNATURE_WINDOW_MS), failuresWithin(SIGNATURE_QUIET_MS));
}

/**
 * While the silence is open, what was usual is what was before it: a silence of hours does not become usual. After its
 * end the payments that it delayed are no longer counted.
 */
async function silenceOf(
  minutes: readonly MinuteStatistics[],
  nowMs: number,
  { anomalies, statistics }: WatchDependencies,
): Promise<WatchVerdict> {
  const before = await anomalies.find(anomalyId('callbacks_silent', 'callbacks'));
  const healedAtMs = before?.healedAt == null ? 0 : Date.parse(before.healedAt);
  const isOpen = before !== null && before.healedAt === null;
  const foundAtMs = isOpen ? Date.parse(before.openedAt) : nowMs;
  const usualEndMs = foundAtMs - SILENCE_WINDOW_MS;
  const recentSinceMs = Math.max(nowMs - SILENCE_WINDOW_MS, healedAtMs);
  return silenceVerdict({
    recent: sumStatistics(countedSince(minutes, recentSinceMs)).ordersPaid,
    usual: await statistics.ordersPaid(
      minuteOf(usualEndMs - USUAL_WINDOW_MS),
      minuteOf(usualEndMs + MINUTE_MS),
    ),
    isBackInARow: areCallbacksBackInARow(minutes),
  });
}

async function driftOf(
  ordersWoken: number,
  nowMs: number,
  { orders, anomalies }: WatchDependencies,
): Promise<WatchVerdict> {
  const open = await anomalies.find(anomalyId('drift', 'sweep'));
  const isOpen = open !== null && open.healedAt === null;
  return driftVerdict({
    ordersWoken,
    contradicted: await contradictedRecords(nowMs, { orders, anomalies }),
    quietMs: isOpen ? nowMs - Date.parse(open.lastSeenAt) : null,
  });
}

/** An anomaly that the comparison with the gateway raised has the time of the order's answer to it. */
async function contradictedRecords(
  nowMs: number,
  { orders, anomalies }: Pick<WatchDependencies, 'orders' | 'anomalies'>,
): Promise<number> {
  const open = await anomalies.listOpenOf(CONTRADICTION_KINDS, CONTRADICTIONS_MAX);
  const young = open.filter(
    ({ lastSeenAt }) => nowMs - Date.parse(lastSeenAt) < CONTRADICTION_YOUNG_MS,
  );
  const found = await Promise.all(
    young.map(async ({ orderId: subject, lastSeenAt }) => {
      const answer = (await orders.find(subject ?? ''))?.order.lastAnswer;
      return answer?.reason === 'drift' && answer.at === lastSeenAt;
    }),
  );
  return found.filter((isByDrift) => isByDrift).length;
}

interface SubjectVerdict {
  readonly subject: string;
  readonly verdict: WatchVerdict;
}

/**
 * An order counts as stuck when two looks, a sweep apart, find the same step overdue: after an outage every order is
 * long overdue until the sweep has woken it. The first look is remembered by the process; forgotten with it, which
 * only puts the finding off.
 */
function createStuckOrderWatch({ orders, anomalies, sweepIntervalMs }: WatchDependencies) {
  let seenBefore: ReadonlyMap<string, { readonly step: string; readonly atMs: number }> = new Map();
  return async (nowMs: number): Promise<readonly SubjectVerdict[]> => {
    const verdicts: SubjectVerdict[] = [];
    const overdueSince = new Date(nowMs - STUCK_OVERDUE_MS).toISOString();
    const overdue = await orders.overdue(overdueSince, STUCK_ORDERS_MAX);
    const seen = new Map<string, { readonly step: string; readonly atMs: number }>();
    for (const order of overdue) {
      const subject = orderId(order.merchantNo, order.merchantOrderNo);
      const detail = stuckDetailOf(order);
      const before = seenBefore.get(subject);
      const isSame = before?.step === detail;
      seen.set(subject, { step: detail, atMs: isSame ? before.atMs : nowMs });
      if (isSame && nowMs - before.atMs >= sweepIntervalMs / 2) {
        verdicts.push({ subject, verdict: { verdict: 'raise', detail } });
      }
    }
    seenBefore = seen;
    return [...verdicts, ...(await movedOn(nowMs))];
  };

  async function movedOn(nowMs: number): Promise<readonly SubjectVerdict[]> {
    const open = await anomalies.listOpenOf(['order_stuck'], STUCK_ORDERS_MAX);
    const isMoving = async ({ orderId: subject }: AnomalyDocument) => {
      const stored = await orders.find(subject ?? '');
      return stored === null || !isStuckOrDamaged(stored.order, nowMs);
    };
    const verdicts: SubjectVerdict[] = [];
    for (const anomaly of open) {
      if (!(await isMoving(anomaly))) continue;
      verdicts.push({ subject: anomaly.orderId ?? '', verdict: { verdict: 'heal' } });
    }
    return verdicts;
  }
}

/** What is damaged cannot take its step, and must not keep the watch from the others. */
function stuckDetailOf(order: Order): string {
  try {
    return stuckDetail(order);
  } catch {
    return 'its record is damaged: its next step cannot be told';
  }
}

function isStuckOrDamaged(order: Order, nowMs: number): boolean {
  try {
    return isStuck(order, nowMs);
  } catch {
    return true;
  }
}
