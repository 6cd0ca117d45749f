/**
 * Callbacks that have gone silent: nobody gets an error when the gateway's notifications no longer arrive. Orders still
 * become paid, by asking, only later; so it shows in how payments become known.
 */
import type { MinuteStatistics, TruthSource } from './statistics.js';
import { HEAL, KEEP, percent, raise, type WatchVerdict } from './watch-verdict.js';

/** How many payments became known in which way. */
export type PaidCounts = Readonly<Record<TruthSource, number>>;

/** Long enough that a shop with a payment a minute can be judged, short enough that a payer is not long without news. */
export const SILENCE_WINDOW_MS = 600_000;
/** A whole day, so that a quiet night and a busy noon weigh as much as they happen. */
export const USUAL_WINDOW_MS = 86_400_000;
/** With fewer payments than this in the window a single slow callback would be a third of them. */
export const SILENCE_VOLUME_MIN = 10;
/** A jump this large is no accident of ten payments at the usual level of a working set-up. */
export const SILENCE_JUMP = 0.3;
/** So near to the usual level it counts as back; less than the jump, so that it does not flap. */
export const SILENCE_HEAL = 0.1;
/** Fewer payments the day before tell nothing about what is usual. */
export const USUAL_VOLUME_MIN = 20;
/** Without history: callbacks normally win, now and then a payer's page asks first. */
export const USUAL_SHARE_DEFAULT = 0.1;
/** As many callbacks one after another do not arrive by chance while they are silent. */
export const CALLBACKS_IN_A_ROW = 5;

export interface SilenceObservation {
  /** Became known in the window; not those before the last time that the silence ended. */
  readonly recent: PaidCounts;
  /** Became known in the day before the window, or before the window in which the silence was found. */
  readonly usual: PaidCounts;
  /** The latest minutes that together hold {@link CALLBACKS_IN_A_ROW} payments hold none that was learnt by asking. */
  readonly isBackInARow: boolean;
}

/** Payments that an operator decided say nothing about callbacks. */
function askedShare({ callback, check, verify }: PaidCounts): number | null {
  const total = callback + check + verify;
  return total === 0 ? null : (check + verify) / total;
}

function learnt({ callback, check, verify }: PaidCounts): number {
  return callback + check + verify;
}

/** The share (0 to 1) of payments that were learnt by asking when callbacks arrive. */
export function usualAskedShare(usual: PaidCounts): number {
  const share = askedShare(usual);
  return share === null || learnt(usual) < USUAL_VOLUME_MIN ? USUAL_SHARE_DEFAULT : share;
}

export function silenceVerdict({ recent, usual, isBackInARow }: SilenceObservation): WatchVerdict {
  if (isBackInARow) return HEAL;
  const share = askedShare(recent);
  if (share === null || learnt(recent) < SILENCE_VOLUME_MIN) return KEEP;
  const usualShare = usualAskedShare(usual);
  const jump = share - usualShare;
  if (isAtLeast(jump, SILENCE_JUMP)) {
    const asked = recent.check + recent.verify;
    return raise(
      `${asked} of the last ${learnt(recent)} payments were learnt by asking (${percent(share)}, usual ${percent(usualShare)})`,
    );
  }
  return jump <= SILENCE_HEAL ? HEAL : KEEP;
}

/**
 * Whole minutes are looked at, because more is not counted: one payment that was learnt by asking in the minute of the
 * first callbacks puts the end off to the next minute.
 * @param minutes counts of any processes, in any order
 */
export function areCallbacksBackInARow(minutes: readonly MinuteStatistics[]): boolean {
  const latestFirst = [...new Set(minutes.map(({ minute }) => minute))].sort().reverse();
  let callbacks = 0;
  for (const minute of latestFirst) {
    for (const { ordersPaid } of minutes.filter((counted) => counted.minute === minute)) {
      if (ordersPaid.check + ordersPaid.verify > 0) return false;
      callbacks += ordersPaid.callback;
    }
    if (callbacks >= CALLBACKS_IN_A_ROW) return true;
  }
  return false;
}

/** Differences of shares are not exact: 0.4 - 0.1 is a little less than 0.3. */
function isAtLeast(value: number, limit: number): boolean {
  return value >= limit - 1e-9;
}
