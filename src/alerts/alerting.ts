/** Tells people of anomalies: plans alerts and delivers them, in the background of any number of processes. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Alerting } from '../config/alerting.js';
import { type DeliveryLoop, pause, startDeliveryLoop } from '../events/delivery-loop.js';
import { signedMessage } from '../events/webhook-message.js';
import type {
  AlertDestination,
  AlertStore,
  ClaimedAlert,
  UntoldAnomalies,
} from '../store/alert-store.js';
import { type AlertReceiver, attemptAlert } from './alert-delivery.js';
import { alertMessage, alertMessageId } from './alert-message.js';
import { planAlerts } from './alert-planner.js';
import { slackMessage } from './slack-message.js';

/** Longer than the slowest attempt with its record: whoever holds it still is gone. */
const LEASE_MS = 30_000;
const LANES = 4;
const PAUSE_MS = 2_000;

export interface AlertingOptions extends Alerting {
  readonly anomalies: UntoldAnomalies;
  readonly alerts: AlertStore;
  /** Address of the API, for links. */
  readonly publicUrl: string;
  readonly logger: Logger;
  /** Told of each attempt, for the metrics. Results: `delivered`, `failed`, `stopped`, `expired`. */
  readonly observeAttempt?: (destination: AlertDestination, result: string) => void;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
  /** Between looks when nothing was due. @default 2 s */
  readonly pauseMs?: number;
  /** Of one attempt. @default 10 s */
  readonly timeoutMs?: number;
}

export interface AlertingLoop {
  /**
   * Takes no more; returns when the running attempts are written down, or at the deadline: what is not written down
   * by then is told again, by whoever comes next.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** Runs until it is stopped; without a destination it does nothing. MongoDB away: tried again. */
export function startAlerting(options: AlertingOptions): AlertingLoop {
  const receivers = receiversOf(options);
  if (receivers.size === 0) return { stop: async () => {} };
  const outage = outageTeller(options.logger);
  const loops = [
    startPlanning(options, [...receivers.keys()], outage),
    ...[...receivers].map(([destination, receiver]) =>
      startTelling(options, destination, receiver, outage),
    ),
  ];
  return {
    stop: async (deadlineMs) => {
      const timeout = new AbortController();
      await Promise.race([
        Promise.all(loops.map(async (loop) => await loop.stop())),
        delay(deadlineMs, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      timeout.abort();
    },
  };
}

function receiversOf(options: AlertingOptions): ReadonlyMap<AlertDestination, AlertReceiver> {
  const { webhook, slackUrl, publicUrl } = options;
  const receivers = new Map<AlertDestination, AlertReceiver>();
  if (webhook !== null) {
    const secrets = webhook.secrets.map((secret) => secret.reveal());
    receivers.set('webhook', {
      url: webhook.url,
      messageOf: (alert, atMs) =>
        signedMessage(
          { id: alertMessageId(alert), body: JSON.stringify(alertMessage(alert, publicUrl)) },
          { secrets, atMs },
        ),
    });
  }
  if (slackUrl !== null) {
    receivers.set('slack', {
      url: slackUrl.reveal(),
      messageOf: (alert) => ({
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'payment-orders',
        },
        body: JSON.stringify(slackMessage(alertMessage(alert, publicUrl))),
      }),
    });
  }
  return receivers;
}

function startPlanning(
  options: AlertingOptions,
  destinations: readonly AlertDestination[],
  outage: OutageTeller,
): DeliveryLoop {
  const { now = Date.now, pauseMs = PAUSE_MS } = options;
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const taken = await outage.watch(async () => planAlerts({ ...options, destinations }, now()));
      if (!taken) await pause(pauseMs, stopping.signal);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** A destination has a loop of its own: one that hangs holds up nobody else. */
function startTelling(
  options: AlertingOptions,
  destination: AlertDestination,
  receiver: AlertReceiver,
  outage: OutageTeller,
): DeliveryLoop {
  const { alerts, now = Date.now, random = Math.random, observeAttempt } = options;
  const ports = {
    ...options,
    ...{ now, random, receiver },
    observeAttempt: (result: string) => observeAttempt?.(destination, result),
  };
  return startDeliveryLoop<ClaimedAlert>({
    lanes: LANES,
    idlePauseMs: options.pauseMs ?? PAUSE_MS,
    claim: async (limit) =>
      (await outage.watch(async () =>
        alerts.claimDue(destination, { nowMs: now(), leaseMs: LEASE_MS, limit }),
      )) ?? [],
    attempt: async (claimed) => await attemptAlert(claimed, ports),
  });
}

interface OutageTeller {
  /** @returns `null` when it failed */
  watch<T>(work: () => Promise<T>): Promise<T | null>;
}

/** Tells once that MongoDB does not answer and once that it does again, not at every look. */
function outageTeller(logger: Logger): OutageTeller {
  let isFailing = false;
  return {
    watch: async (work) => {
      try {
        const result = await work();
        if (isFailing) logger.info({ event: 'alerts.resumed' }, 'alerts are looked after again');
        isFailing = false;
        return result;
      } catch (error) {
        if (!isFailing) {
          logger.warn({ event: 'alerts.waiting', err: error }, 'alerts: trying again');
        }
        isFailing = true;
        return null;
      }
    },
  };
}
