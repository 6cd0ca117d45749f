import type { LateWatch, Order, OrderChecks, OrderClosing, OrderPolicy } from './order.js';
import { nextRefundCheck } from './refund-rules.js';

/** An answer this young needs no new question to the gateway. Source: CodePay guide, 3.2 (poll every 2 seconds). */
export const ANSWER_FRESH_MS = 2_000;

/** Source: CodePay guide, 3.2: the front end polls for up to 60 seconds. */
export const POLL_FOR_MS = 60_000;

/** The gateway stops taking money this long before the last check, so that no payment starts while we close. */
const EXPIRY_MARGIN_SHARE = 0.1;
const EXPIRY_MARGIN_MS_MAX = 60_000;

const PAUSE_MS_FIRST = 2_000;
const PAUSE_MS_MAX = 1_800_000;

/** When the late watch asks, as shares of the whole watch: 10 min, 1 h, 6 h and 24 h of a day. */
const LATE_WATCH_SHARES = [1 / 144, 1 / 24, 1 / 4, 1] as const;

/** Questions after the watch as long as none is answered: about a day of them. */
const LATE_WATCH_UNANSWERED_MAX = 58;

/** From creation to the last check. */
export function scheduleTotalMs(checks: OrderChecks): number {
  if (checks.strategy === 'scheduled') return checks.intervalMs * checks.limit;
  return checks.scheduleMs.reduce((total, gapMs) => total + gapMs, 0);
}

/** How long the gateway may take money: the whole schedule less a margin; at least one second. */
export function expiryMs(checks: OrderChecks): number {
  const totalMs = scheduleTotalMs(checks);
  const marginMs = Math.min(EXPIRY_MARGIN_MS_MAX, totalMs * EXPIRY_MARGIN_SHARE);
  return Math.max(1_000, Math.floor((totalMs - marginMs) / 1_000) * 1_000);
}

/** All checks of the order's strategy were made. */
export function isExhausted(checks: OrderChecks): boolean {
  return checks.strategy === 'scheduled'
    ? checks.done >= checks.limit
    : checks.done >= checks.scheduleMs.length;
}

/** The checks of a new order: the first gap starts at creation. Scheduled checks are driven from outside. */
export function firstCheck(
  checks: Omit<OrderChecks, 'done' | 'nextAt'>,
  createdAtMs: number,
): OrderChecks {
  const gapMs = checks.strategy === 'scheduled' ? checks.intervalMs : (checks.scheduleMs[0] ?? 0);
  return { ...checks, done: 0, nextAt: new Date(createdAtMs + gapMs).toISOString() };
}

/**
 * The checks after one that counted. Gaps are counted from when a check was due, so that small delays do not add up;
 * and a task that comes early does not bring the end forward; from now when it came later than the next gap is long, so
 * that an outage is not followed by a burst.
 */
export function nextCheck(checks: OrderChecks, nowMs: number): OrderChecks {
  const done = checks.done + 1;
  const counted = { ...checks, done };
  if (isExhausted(counted)) return { ...counted, nextAt: null };
  const gapMs =
    checks.strategy === 'scheduled' ? checks.intervalMs : (checks.scheduleMs[done] ?? 0);
  const dueMs = checks.nextAt === null ? nowMs : Date.parse(checks.nextAt);
  const baseMs = nowMs - dueMs > gapMs ? nowMs : dueMs;
  return { ...counted, nextAt: new Date(baseMs + gapMs).toISOString() };
}

/** Pause after a round of closing, or a question about a refund, without an end: 2 s, doubled each time, 30 min at most. */
export function growingPauseMs(rounds: number): number {
  return Math.min(PAUSE_MS_FIRST * 2 ** Math.min(rounds, 20), PAUSE_MS_MAX);
}

/** The closing after a round without an end: one round more, the next one after the pause. */
export function closingAfterRound(
  closing: OrderClosing,
  pauseMs: number,
  nowMs: number,
): OrderClosing {
  return {
    ...closing,
    rounds: closing.rounds + 1,
    nextAt: new Date(nowMs + pauseMs).toISOString(),
  };
}

/** When the late watch asks next after `done` questions, or `null` when it has asked all. */
export function lateWatchAt(closedAtMs: number, watchMs: number, done: number): string | null {
  const share = LATE_WATCH_SHARES[done];
  return share === undefined || watchMs <= 0
    ? null
    : new Date(closedAtMs + Math.round(watchMs * share)).toISOString();
}

/** The watch that begins when an order is closed unpaid. */
export function lateWatchFrom(policy: OrderPolicy, closedAtMs: number): LateWatch {
  const watchMs = policy.latePaymentWatchMs;
  return {
    until: new Date(closedAtMs + watchMs).toISOString(),
    done: 0,
    nextAt: lateWatchAt(closedAtMs, watchMs, 0),
  };
}

/** The watch after one more question. */
export function lateWatchAfter(order: Order): LateWatch | null {
  if (order.lateWatch === null || order.canceledAt === null) return order.lateWatch;
  const done = order.lateWatch.done + 1;
  const watchMs = order.policy.latePaymentWatchMs;
  return {
    ...order.lateWatch,
    done,
    nextAt: lateWatchAt(Date.parse(order.canceledAt), watchMs, done),
  };
}

/**
 * The gateway had news of a closed order, or was asked about it for the last time, and gave no answer: it is asked
 * again, after growing pauses, for about a day.
 * @returns `null` when the watch goes on anyway, or has lasted long enough
 */
export function lateWatchUnanswered(watch: LateWatch, nowMs: number): LateWatch | null {
  const done = Math.max(watch.done, LATE_WATCH_SHARES.length);
  const unanswered = done - LATE_WATCH_SHARES.length;
  if (watch.nextAt !== null || unanswered >= LATE_WATCH_UNANSWERED_MAX) return null;
  return { ...watch, done, nextAt: new Date(nowMs + growingPauseMs(unanswered)).toISOString() };
}

/** A scheduled task that fires somewhat early still counts. */
const TASK_EARLY_SHARE = 0.5;

/** Whether the scheduled task may check the order now: the strategy is its, and the last check is an interval ago. */
export function isScheduledCheckDue(order: Order, nowMs: number): boolean {
  const { checks } = order;
  if (order.status !== 'pending' || checks.strategy !== 'scheduled' || checks.nextAt === null) {
    return false;
  }
  return nowMs >= Date.parse(checks.nextAt) - checks.intervalMs * TASK_EARLY_SHARE;
}

/** Scheduled checks come from the task; an order that it misses, or that left its window, is checked all the same. */
function taskGraceMs(checks: OrderChecks): number {
  return checks.strategy === 'scheduled' ? checks.intervalMs : 0;
}

/** What the order's driver has to do next, from the record alone. */
export type NextStep =
  | {
      readonly do: 'check' | 'close' | 'watch' | 'ask_on' | 'refund' | 'refund_late_money';
      readonly atMs: number;
    }
  | { readonly do: 'finish' };

/**
 * @returns the step and when it is due (epoch ms; in the past means now). A run that starts from any record goes on
 * where the record stands.
 */
export function nextStep(order: Order): NextStep {
  switch (order.status) {
    case 'pending':
      return isExhausted(order.checks) || order.checks.nextAt === null
        ? { do: 'close', atMs: Date.parse(order.updatedAt) }
        : { do: 'check', atMs: Date.parse(order.checks.nextAt) + taskGraceMs(order.checks) };
    case 'canceling':
      return { do: 'close', atMs: Date.parse(order.closing?.nextAt ?? order.updatedAt) };
    case 'review':
      // Nobody could prove that it is unpaid: a person was called, and the gateway is asked on.
      return order.reviewReason === 'unclosable' && order.closing !== null
        ? { do: 'ask_on', atMs: Date.parse(order.closing.nextAt) }
        : refundStep(order);
    case 'canceled':
      if (order.lateMoney?.resolution === 'refund' && order.refunds.length === 0) {
        return { do: 'refund_late_money', atMs: Date.parse(order.lateMoney.at) };
      }
      return earlier(
        refundStep(order),
        order.lateWatch?.nextAt == null
          ? { do: 'finish' }
          : { do: 'watch', atMs: Date.parse(order.lateWatch.nextAt) },
      );
    default:
      return refundStep(order);
  }
}

/** Refunds are driven to their end whatever the order's status is. */
function refundStep(order: Order): NextStep {
  const due = nextRefundCheck(order);
  return due === null ? { do: 'finish' } : { do: 'refund', atMs: due.atMs };
}

function earlier(left: NextStep, right: NextStep): NextStep {
  if (left.do === 'finish') return right;
  if (right.do === 'finish') return left;
  return left.atMs <= right.atMs ? left : right;
}
