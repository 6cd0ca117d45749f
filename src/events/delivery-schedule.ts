/** What follows from an attempt to deliver an event or an alert. Pure; randomness and time are arguments. */
import type { EventDelivery } from '../store/event-store.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Pauses after the first, second, … failure: a little over a day in all. */
export const RETRY_PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  9 * HOUR_MS,
];
/** Pauses grow by up to this share, so that what failed together does not come back together. */
const JITTER_SHARE = 0.2;

/** Source: Standard Webhooks specification, Deliverability: 410 asks the sender to stop. */
const HTTP_GONE = 410;

/** Whether something is delivered, waits for its next attempt, or is given up. */
export interface AttemptConsequence {
  readonly state: Exclude<EventDelivery['state'], 'none'>;
  readonly nextAttemptAt: string | null;
}

/**
 * @param outcome.attempts attempts so far, this one included
 * @param outcome.randomness from 0 up to 1
 * @param pausesMs after the first, second, … failure; none left: it is given up
 */
export function afterAttempt(
  outcome: {
    readonly httpStatus: number | null;
    readonly attempts: number;
    readonly nowMs: number;
    readonly randomness: number;
  },
  pausesMs: readonly number[] = RETRY_PAUSES_MS,
): AttemptConsequence {
  const { httpStatus, attempts, nowMs, randomness } = outcome;
  if (httpStatus !== null && isSuccess(httpStatus)) {
    return { state: 'delivered', nextAttemptAt: null };
  }
  if (httpStatus === HTTP_GONE) return { state: 'stopped', nextAttemptAt: null };
  const pauseMs = pausesMs[attempts - 1];
  if (pauseMs === undefined) return { state: 'exhausted', nextAttemptAt: null };
  const nextMs = nowMs + Math.round(pauseMs * (1 + JITTER_SHARE * randomness));
  return { state: 'waiting', nextAttemptAt: new Date(nextMs).toISOString() };
}

/** Only these say that the receiver has it; a redirect does not. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}
