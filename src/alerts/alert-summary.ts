/** Summaries: one alert for many episodes of a kind. It is over when all of them are. */
import type { AlertStore, ClaimedAlert } from '../store/alert-store.js';
import { summaryEndMs } from './alert-planner.js';

const LOOK_PAUSE_MS = 30_000;
/** Clocks of other processes: one that is behind may still add to the summary. */
const CLOCK_SLACK_MS = 60_000;
const MEMBERS_PAUSE_MS = 10_000;

/**
 * The summary with the number that it tells now.
 * @returns `null` when it is not to be told: a crash kept its episodes from being written, and they were planned anew
 */
export async function countSummary(
  summary: ClaimedAlert,
  alerts: AlertStore,
  nowMs: number,
): Promise<ClaimedAlert | null> {
  const count = await alerts.countSummarized(summary._id);
  if (count > 0) {
    return summary.stage === 'recovered'
      ? { ...summary, countAtEnd: count }
      : { ...summary, count, countAtEnd: null };
  }
  const isClosed = nowMs >= closedAtMs(summary);
  await alerts.release(summary, {
    attempts: 0,
    ...(isClosed
      ? { stage: 'dropped', nextAttemptAt: null, settledAt: new Date(nowMs) }
      : { nextAttemptAt: new Date(nowMs + MEMBERS_PAUSE_MS).toISOString() }),
  });
  return null;
}

/** Told: when nothing is added any more and all of its episodes are over, that is told as well. */
export async function lookAfterSummary(
  summary: ClaimedAlert,
  alerts: AlertStore,
  nowMs: number,
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  const { count } = summary;
  const waitsMs = closedAtMs(summary) - nowMs;
  const lasting = await alerts.countSummarized(summary._id, 'summarized');
  if (waitsMs > 0 || lasting > 0) {
    const nextAttemptAt = new Date(nowMs + Math.max(waitsMs, LOOK_PAUSE_MS)).toISOString();
    await alerts.release(summary, { stage: 'told', attempts: 0, count, nextAttemptAt });
    return;
  }
  await alerts.release(summary, {
    ...{ stage: 'recovered', attempts: 0, count, healedAt: at, dueSince: at, nextAttemptAt: at },
  });
}

function closedAtMs({ plannedAt }: ClaimedAlert): number {
  return summaryEndMs(Date.parse(plannedAt)) + CLOCK_SLACK_MS;
}
