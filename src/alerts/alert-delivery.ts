/** One attempt to tell an alert, and what follows from it. */
import type { Logger } from 'pino';
import { anomalyGuide } from '../domain/anomaly-guide.js';
import { afterAttempt } from '../events/delivery-schedule.js';
import type { WebhookMessage } from '../events/webhook-message.js';
import { postWebhook } from '../events/webhook-transport.js';
import type {
  AlertChange,
  AlertStore,
  ClaimedAlert,
  UntoldAnomalies,
} from '../store/alert-store.js';
import { ALERT_AGE_MS_MAX } from './alert-planner.js';
import { countSummary, lookAfterSummary } from './alert-summary.js';

const TIMEOUT_MS = 10_000;
/** Whoever is on call waits: a receiver that comes back is tried within minutes, for a day. */
const PAUSES_MS: readonly number[] = [
  ...[5_000, 15_000, 30_000, 60_000, 120_000, 300_000],
  ...Array.from({ length: 144 }, () => 600_000),
];
/** Until the end of an earlier episode has been told. */
const TURN_PAUSE_MS = 1_000;

export interface AlertReceiver {
  /** Secret in itself where whoever has it can write there: never logged. */
  readonly url: string;
  readonly messageOf: (alert: ClaimedAlert, atMs: number) => WebhookMessage;
}

export interface AlertAttemptPorts {
  readonly anomalies: UntoldAnomalies;
  readonly alerts: AlertStore;
  readonly receiver: AlertReceiver;
  readonly logger: Logger;
  /** Told of each attempt that was written down: `delivered`, `failed`, `stopped` or `expired`. */
  readonly observeAttempt?: (result: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** @default 10 s */
  readonly timeoutMs?: number;
}

/** Never throws: what cannot be written down is due again when the lease ends. */
export async function attemptAlert(claimed: ClaimedAlert, ports: AlertAttemptPorts): Promise<void> {
  const { logger, alerts, now } = ports;
  try {
    if (claimed.stage === 'told') return await lookAfterSummary(claimed, alerts, now());
    const alert = claimed.anomalyId === null ? await countSummary(claimed, alerts, now()) : claimed;
    if (alert === null || !(await isStillToTell(alert, ports))) return;
    await tell(alert, ports);
  } catch (error) {
    logger.warn(
      { event: 'alerts.attempt_lost', alert: claimed._id, err: error },
      'an attempt was not written down',
    );
  }
}

/** Looks again just before the first attempt: somebody may look at it already, or it may be over. */
async function isStillToTell(alert: ClaimedAlert, ports: AlertAttemptPorts): Promise<boolean> {
  const { alerts, anomalies, logger, now, observeAttempt } = ports;
  const nowMs = now();
  if (nowMs - Date.parse(alert.dueSince) >= ALERT_AGE_MS_MAX) {
    await drop(alert, alerts, nowMs);
    observeAttempt?.('expired');
    logger.error({ event: 'alerts.expired', alert: alert._id }, 'an alert was never delivered');
    return false;
  }
  if (alert.stage !== 'opened' || alert.anomalyId === null) return true;
  if (await alerts.hasEarlierDue(alert)) {
    const nextAttemptAt = new Date(nowMs + TURN_PAUSE_MS).toISOString();
    await alerts.release(alert, { attempts: alert.attempts - 1, nextAttemptAt });
    return false;
  }
  if (alert.attempts > 1 || !(await needsNobody(alert.anomalyId, alert, anomalies))) return true;
  await drop(alert, alerts, nowMs);
  return false;
}

async function needsNobody(
  anomalyId: string,
  { openedAt, kind }: ClaimedAlert,
  anomalies: UntoldAnomalies,
): Promise<boolean> {
  const anomaly = await anomalies.find(anomalyId);
  if (anomaly === null || anomaly.openedAt !== openedAt) return false;
  const isOver = anomaly.healedAt !== null && anomalyGuide(kind).severity === 'ticket';
  return isOver || anomaly.acknowledgedBy !== null;
}

async function drop(alert: ClaimedAlert, alerts: AlertStore, nowMs: number): Promise<void> {
  const settledAt = new Date(nowMs);
  await alerts.release(alert, { stage: 'dropped', nextAttemptAt: null, settledAt });
}

async function tell(alert: ClaimedAlert, ports: AlertAttemptPorts): Promise<void> {
  const { receiver, logger, observeAttempt, now, random, timeoutMs = TIMEOUT_MS } = ports;
  const { httpStatus, result } = await postWebhook(receiver.messageOf(alert, now()), {
    url: receiver.url,
    // The operator's own configuration: receivers are often on the own network.
    allowsPrivateAddresses: true,
    timeoutMs,
  });
  const { attempts, stage } = alert;
  const nowMs = now();
  const next = afterAttempt({ httpStatus, attempts, nowMs, randomness: random() }, PAUSES_MS);
  await writeDown(alert, next, ports);
  observeAttempt?.(RESULT_WORDS[next.state]);
  logger[next.state === 'delivered' ? 'info' : 'warn'](
    { event: 'alerts.attempt', alert: alert._id, stage, attempts, httpStatus, result, ...next },
    `alert ${next.state}`,
  );
}

const RESULT_WORDS = {
  delivered: 'delivered',
  waiting: 'failed',
  stopped: 'stopped',
  exhausted: 'expired',
} as const;

async function writeDown(
  alert: ClaimedAlert,
  { state, nextAttemptAt }: ReturnType<typeof afterAttempt>,
  { alerts, now }: AlertAttemptPorts,
): Promise<void> {
  const nowMs = now();
  const counts: AlertChange = { count: alert.count, countAtEnd: alert.countAtEnd };
  if (state === 'waiting') await alerts.release(alert, { ...counts, nextAttemptAt });
  else if (state !== 'delivered') await drop(alert, alerts, nowMs);
  else if (alert.stage === 'recovered') {
    const settledAt = new Date(nowMs);
    await alerts.release(alert, { stage: 'ended', nextAttemptAt: null, settledAt });
  } else if (alert.anomalyId === null) await lookAfterSummary(alert, alerts, nowMs);
  else await alerts.releaseTold(alert, new Date(nowMs).toISOString());
}
