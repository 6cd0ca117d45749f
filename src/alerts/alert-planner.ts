/**
 * Decides what is told: takes up anomalies that began or ended, and writes one alert for each episode and destination.
 * Any number of processes may plan the same: what is there already stays.
 */
import { anomalyGuide } from '../domain/anomaly-guide.js';
import type { AnomalyKind } from '../domain/audit.js';
import type {
  Alert,
  AlertDestination,
  AlertStore,
  EpisodeSelection,
  UntoldAnomalies,
} from '../store/alert-store.js';
import type { AnomalyDocument } from '../store/anomaly-store.js';

/** What is older was not told for as long as alerts are tried: news of yesterday wakes nobody. */
export const ALERT_AGE_MS_MAX = 86_400_000;
/** More new episodes of one kind than this within the window are told by one summary. */
export const STORM_EPISODES_MAX = 20;
export const STORM_WINDOW_MS = 300_000;
/** A summary takes in what begins in the same quarter of an hour; a storm that lasts is told four times an hour. */
export const SUMMARY_PERIOD_MS = 900_000;
/** The first look at a storm sees a part of it: its summary waits, so that the number it tells is near the truth. */
const SUMMARY_PAUSE_MS = 10_000;
const BATCH = 200;

/** From then on nothing is added to the summary that was planned at that time. */
export function summaryEndMs(plannedMs: number): number {
  return (Math.floor(plannedMs / SUMMARY_PERIOD_MS) + 1) * SUMMARY_PERIOD_MS;
}

export interface PlannerPorts {
  readonly anomalies: UntoldAnomalies;
  readonly alerts: AlertStore;
  readonly destinations: readonly AlertDestination[];
}

/**
 * Takes up the next anomalies. A crash in between leaves them untold, and they are taken up again.
 * @returns how many
 */
export async function planAlerts(ports: PlannerPorts, nowMs: number): Promise<number> {
  const { anomalies, alerts, destinations } = ports;
  const changed = await anomalies.listUntold(BATCH);
  for (const anomaly of changed) await endEarlierEpisodes(anomaly, alerts, nowMs);
  const tellable = changed.filter((anomaly) => isWorthTelling(anomaly, nowMs));
  for (const destination of destinations) {
    for (const kind of new Set(tellable.map((anomaly) => anomaly.kind))) {
      const ofKind = tellable.filter((anomaly) => anomaly.kind === kind);
      await planKind(ofKind, { alerts, destination, kind, nowMs });
    }
  }
  for (const anomaly of changed) {
    if (anomaly.healedAt !== null) await endThisEpisode(anomaly, anomaly.healedAt, alerts, nowMs);
    await anomalies.markTold(anomaly);
  }
  return changed.length;
}

/** A ticket that is over before anybody heard of it needs nobody. A page is told with its end: money was at stake. */
function isWorthTelling(anomaly: AnomalyDocument, nowMs: number): boolean {
  const { acknowledgedBy, healedAt, kind, openedAt } = anomaly;
  if (acknowledgedBy !== null || nowMs - Date.parse(openedAt) >= ALERT_AGE_MS_MAX) return false;
  return healedAt === null || anomalyGuide(kind).severity === 'page';
}

interface KindContext {
  readonly alerts: AlertStore;
  readonly destination: AlertDestination;
  readonly kind: AnomalyKind;
  readonly nowMs: number;
}

async function planKind(ofKind: readonly AnomalyDocument[], context: KindContext): Promise<void> {
  const { alerts, destination, kind, nowMs } = context;
  const planned = ofKind.map((anomaly) => newAlert(anomaly, destination, nowMs));
  const known = new Set(await alerts.known(planned.map(({ _id }) => _id)));
  const fresh = planned.filter(({ _id }) => !known.has(_id));
  if (fresh.length === 0) return;
  const since = new Date(nowMs - STORM_WINDOW_MS).toISOString();
  const recent = await alerts.countPlanned(destination, kind, since);
  if (recent + fresh.length <= STORM_EPISODES_MAX) return await alerts.insert(fresh);
  const summary = newSummary(fresh, context);
  const summaryId = summary._id;
  await alerts.insert([summary]);
  await alerts.insert(
    fresh.map((alert) => ({ ...alert, stage: 'summarized', summaryId, nextAttemptAt: null })),
  );
  await alerts.summarizeUnattempted(summary, since);
}

/** What came again before its end was taken up has ended at the latest when it came again. */
async function endEarlierEpisodes(
  anomaly: AnomalyDocument,
  alerts: AlertStore,
  nowMs: number,
): Promise<void> {
  const { _id: anomalyId, openedAt } = anomaly;
  await endEpisodes({ anomalyId, openedAt, which: 'earlier' }, anomaly, openedAt, {
    alerts,
    nowMs,
  });
}

async function endThisEpisode(
  anomaly: AnomalyDocument,
  healedAt: string,
  alerts: AlertStore,
  nowMs: number,
): Promise<void> {
  const { _id: anomalyId, openedAt } = anomaly;
  await endEpisodes({ anomalyId, openedAt, which: 'this' }, anomaly, healedAt, { alerts, nowMs });
}

async function endEpisodes(
  selection: EpisodeSelection,
  { kind, count }: AnomalyDocument,
  healedAt: string,
  { alerts, nowMs }: { readonly alerts: AlertStore; readonly nowMs: number },
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  if (anomalyGuide(kind).severity === 'ticket') await alerts.dropUnattempted(selection, at);
  await alerts.end(selection, { healedAt, count, at });
}

function newAlert(anomaly: AnomalyDocument, destination: AlertDestination, nowMs: number): Alert {
  const episode = `${anomaly._id}@${anomaly.openedAt}`;
  return {
    ...emptyAlert(destination, episode, nowMs),
    kind: anomaly.kind,
    anomalyId: anomaly._id,
    subject: anomaly.orderId,
    detail: anomaly.detail,
    count: anomaly.count,
    openedAt: anomaly.openedAt,
  };
}

/** Its name follows from the clock alone, so that all processes mean the same one. */
function newSummary(episodes: readonly Alert[], { destination, kind, nowMs }: KindContext): Alert {
  const beginMs = summaryEndMs(nowMs) - SUMMARY_PERIOD_MS;
  const at = new Date(nowMs).toISOString();
  return {
    ...emptyAlert(destination, `summary:${kind}@${new Date(beginMs).toISOString()}`, nowMs),
    kind,
    openedAt: episodes.reduce((first, { openedAt }) => (openedAt < first ? openedAt : first), at),
    nextAttemptAt: new Date(nowMs + SUMMARY_PAUSE_MS).toISOString(),
  };
}

function emptyAlert(destination: AlertDestination, episode: string, nowMs: number) {
  const at = new Date(nowMs).toISOString();
  return {
    _id: `${destination}:${episode}`,
    destination,
    episode,
    anomalyId: null,
    subject: null,
    summaryId: null,
    detail: '',
    count: 0,
    healedAt: null,
    countAtEnd: null,
    stage: 'opened' as const,
    plannedAt: at,
    dueSince: at,
    attempts: 0,
    nextAttemptAt: at,
    leaseId: null,
    settledAt: null,
  };
}
