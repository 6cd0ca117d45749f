/** More questions for a new order while callbacks are silent: who cannot be told must ask more often. */
import type { OrderChecks } from './order.js';

type CheckPlan = Omit<OrderChecks, 'done' | 'nextAt'>;

/** As many as a merchant may ask for. Source: the contract of CHECK_SCHEDULE, 1 to 50 steps. */
export const CHECKS_MAX = 50;
/** The first check of the guide's own schedule comes no sooner. Source: CodePay guide, 4.2. */
export const CHECK_GAP_MS_MIN = 5_000;
/** As many as a merchant may ask for under the scheduled strategy. */
export const CHECK_LIMIT_MAX = 1_000;

const SECOND_MS = 1_000;

/**
 * Adds checks between the given ones. Never brings the closing forward: the last check falls when it did, or later
 * under the scheduled strategy, and every check of a schedule is still made when it was due. Gaps are whole seconds.
 */
export function denserChecks(checks: CheckPlan): CheckPlan {
  return checks.strategy === 'scheduled'
    ? denserInterval(checks)
    : { ...checks, scheduleMs: denserSchedule(checks.scheduleMs) };
}

/** Every gap in the same number of parts, as many as all of them together have room for. */
function denserSchedule(scheduleMs: readonly number[]): readonly number[] {
  let denser = scheduleMs;
  for (let parts = 2; parts <= CHECKS_MAX; parts += 1) {
    const candidate = scheduleMs.flatMap((gapMs) => splitGap(gapMs, parts));
    if (candidate.length > CHECKS_MAX) break;
    denser = candidate;
  }
  return denser;
}

/** @param partsWanted fewer when they would lie nearer to each other than allowed */
function splitGap(gapMs: number, partsWanted: number): readonly number[] {
  const parts = Math.max(1, Math.min(partsWanted, Math.floor(gapMs / CHECK_GAP_MS_MIN)));
  const endsMs = Array.from({ length: parts }, (_, index) =>
    index === parts - 1 ? gapMs : Math.floor((gapMs * (index + 1)) / parts / SECOND_MS) * SECOND_MS,
  );
  return endsMs.map((endMs, index) => endMs - (endsMs[index - 1] ?? 0));
}

function denserInterval(checks: CheckPlan): CheckPlan {
  const halfMs = Math.floor(checks.intervalMs / 2 / SECOND_MS) * SECOND_MS;
  const intervalMs = Math.min(checks.intervalMs, Math.max(CHECK_GAP_MS_MIN, halfMs));
  const limit = Math.ceil((checks.intervalMs * checks.limit) / intervalMs);
  return limit > CHECK_LIMIT_MAX ? checks : { ...checks, intervalMs, limit };
}
