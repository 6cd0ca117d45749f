/** Brings events to the merchant's webhook: due ones are claimed, posted, and each attempt is written down. */
import type { Logger } from 'pino';
import { isWholeEvent } from '../domain/events.js';
import type { ClaimedEvent, EventDeliveryStore } from '../store/event-store.js';
import { type DeliveryLoop, startDeliveryLoop } from './delivery-loop.js';
import { afterAttempt } from './delivery-schedule.js';
import { webhookMessage } from './webhook-message.js';
import { postWebhook, type WebhookDestination } from './webhook-transport.js';

const TIMEOUT_MS = 10_000;
/** Longer than the slowest attempt with its record: whoever holds it still is gone. */
const LEASE_MS = 30_000;
const LANES = 8;
const IDLE_PAUSE_MS = 1_000;

export interface EventDeliveryOptions {
  readonly store: EventDeliveryStore;
  readonly merchantNo: string;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly allowsPrivateAddresses: boolean;
  readonly logger: Logger;
  /** Told of each attempt that was written down, for the metrics. */
  readonly observeAttempt?: (result: string) => void;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
  /** @default 10 s */
  readonly timeoutMs?: number;
  /** Between looks when nothing was due. @default 1 s */
  readonly idlePauseMs?: number;
}

export type EventDelivery = DeliveryLoop;

/** Counts as an attempt that failed: it is tried again for as long as any, and can be mended meanwhile. */
const DAMAGED = { httpStatus: null, result: 'damaged' } as const;

/** Delivers in the background until it is stopped. A store that does not answer is asked again. */
export function startEventDelivery(options: EventDeliveryOptions): EventDelivery {
  return startDeliveryLoop({
    lanes: LANES,
    idlePauseMs: options.idlePauseMs ?? IDLE_PAUSE_MS,
    claim: async (limit) => await claim(options, limit),
    attempt: async (event) => await deliver(event, options),
  });
}

async function claim(
  { store, merchantNo, now = Date.now, logger }: EventDeliveryOptions,
  limit: number,
): Promise<readonly ClaimedEvent[]> {
  try {
    return await store.claimDue(merchantNo, { nowMs: now(), leaseMs: LEASE_MS, limit });
  } catch (error) {
    logger.warn({ event: 'events.claim_failed', err: error }, 'due events cannot be read');
    return [];
  }
}

/** One attempt. Never throws: what cannot be written down is due again when the lease ends. */
async function deliver(claimed: ClaimedEvent, options: EventDeliveryOptions): Promise<void> {
  const { store, logger, now = Date.now, random = Math.random } = options;
  const { event, delivery } = claimed;
  const { attempts } = delivery;
  try {
    const startedMs = now();
    const { httpStatus, result } = isWholeEvent(event)
      ? await postWebhook(
          webhookMessage(event, { secrets: options.secrets, atMs: startedMs }),
          destination(options),
        )
      : DAMAGED;
    const nowMs = now();
    const next = afterAttempt({ httpStatus, attempts, nowMs, randomness: random() });
    const attempt = {
      at: new Date(startedMs).toISOString(),
      durationMs: nowMs - startedMs,
      httpStatus,
      result,
    };
    await store.recordAttempt(claimed, attempt, next);
    options.observeAttempt?.(next.state === 'waiting' ? 'failed' : next.state);
    logger[next.state === 'delivered' ? 'debug' : 'warn'](
      { event: 'events.attempt', eventId: event.id, attempts, httpStatus, result, ...next },
      `event ${next.state}`,
    );
  } catch (error) {
    logger.warn(
      { event: 'events.attempt_lost', eventId: event.id, err: error },
      'an attempt was not written down',
    );
  }
}

function destination(options: EventDeliveryOptions): WebhookDestination {
  const { url, allowsPrivateAddresses, timeoutMs = TIMEOUT_MS } = options;
  return { url, allowsPrivateAddresses, timeoutMs };
}
