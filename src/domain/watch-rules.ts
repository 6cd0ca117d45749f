/** When a condition of the whole service is raised and when it is over. Pure; each number with its reason. */
import type { Order } from './order.js';
import { nextStep } from './schedule.js';
import { type MinuteStatistics, type StatisticsSum, sumStatistics } from './statistics.js';
import { HEAL, KEEP, percent, raise, type WatchVerdict } from './watch-verdict.js';

/** Short enough that a new key of the gateway is noticed before callbacks are given up by it. */
export const SIGNATURE_WINDOW_MS = 300_000;
/** A scanner that finds the address tries once or twice; this many in the window are somebody's doing. */
export const SIGNATURE_FAILURES_MIN = 10;
/** The gateway sends a callback again within minutes: silence for longer means that they verify again. */
export const SIGNATURE_QUIET_MS = 600_000;
/** A stranger's now and then is always there: it must not keep open what hides the next new key. */
export const SIGNATURE_NOISE_MAX = 2;

export const GATEWAY_WINDOW_MS = 300_000;
/** With fewer calls one lost packet would look like an outage. */
export const GATEWAY_CALLS_MIN = 10;
/** Below half, asking again is likelier to fail than to help. */
export const GATEWAY_TROUBLE_SHARE = 0.5;
/** Well above the limit that raised it, and of fewer calls: during an outage pauses grow and calls become rare. */
export const GATEWAY_HEALED_SHARE = 0.8;
export const GATEWAY_HEALED_CALLS_MIN = 5;

/** A restart of a worker leaves an order or two behind; several at once had lost their driver. */
export const DRIFT_ORDERS_WOKEN_MIN = 5;
/** The sweep passes 120 times in it. */
export const DRIFT_QUIET_MS = 3_600_000;

/** Ten sweeps: the order had many chances to be woken and to take its step. */
export const STUCK_OVERDUE_MS = 300_000;

/** Three looks: a worker that restarts is back by then. */
export const WORKER_ABSENT_MS = 45_000;

/** A restore, or an operator's pause of a minute, is no news. */
export const SWEEP_ABSENT_MS = 300_000;

/**
 * @param failures refused for their signature within {@link SIGNATURE_WINDOW_MS}
 * @param failuresInQuiet the same within {@link SIGNATURE_QUIET_MS}
 */
export function signatureVerdict(failures: number, failuresInQuiet: number): WatchVerdict {
  if (failures >= SIGNATURE_FAILURES_MIN) {
    return raise(`${failures} callbacks were refused for their signature in 5 minutes`);
  }
  return failuresInQuiet <= SIGNATURE_NOISE_MAX ? HEAL : KEEP;
}

type GatewayCounts = Pick<StatisticsSum, 'gatewayCalls' | 'gatewayAnswered'>;

/**
 * @param recent of the last {@link GATEWAY_WINDOW_MS}
 * @param latest of the latest minutes as {@link latestGatewayCalls} finds them
 */
export function gatewayVerdict(recent: GatewayCounts, latest: GatewayCounts): WatchVerdict {
  const { gatewayCalls, gatewayAnswered } = recent;
  if (gatewayCalls >= GATEWAY_CALLS_MIN && answeredShare(recent) < GATEWAY_TROUBLE_SHARE) {
    return raise(
      `${gatewayAnswered} of ${gatewayCalls} calls to the gateway were answered in 5 minutes (${percent(answeredShare(recent))})`,
    );
  }
  const judged = gatewayCalls >= GATEWAY_HEALED_CALLS_MIN ? recent : latest;
  // Fewer calls are all of the hour: then none of them may have failed.
  const shareMin = judged.gatewayCalls >= GATEWAY_HEALED_CALLS_MIN ? GATEWAY_HEALED_SHARE : 1;
  return answeredShare(judged) >= shareMin ? HEAL : KEEP;
}

function answeredShare({ gatewayCalls, gatewayAnswered }: GatewayCounts): number {
  return gatewayCalls === 0 ? 0 : gatewayAnswered / gatewayCalls;
}

/**
 * The latest minutes that together hold {@link GATEWAY_HEALED_CALLS_MIN} calls; all of them when they hold fewer. A
 * small shop makes few calls in minutes, and an anomaly that never ends hides the next outage.
 * @param minutes of the last hour, of any processes, in any order
 */
export function latestGatewayCalls(minutes: readonly MinuteStatistics[]): GatewayCounts {
  const latestFirst = [...new Set(minutes.map(({ minute }) => minute))].sort().reverse();
  let gatewayCalls = 0;
  let gatewayAnswered = 0;
  for (const minute of latestFirst) {
    if (gatewayCalls >= GATEWAY_HEALED_CALLS_MIN) break;
    const sum = sumStatistics(minutes.filter((counted) => counted.minute === minute));
    gatewayCalls += sum.gatewayCalls;
    gatewayAnswered += sum.gatewayAnswered;
  }
  return { gatewayCalls, gatewayAnswered };
}

export interface DriftObservation {
  /** By one pass of the sweep. */
  readonly ordersWoken: number;
  /** Final records of which the gateway said otherwise when they were compared. */
  readonly contradicted: number;
  /** Since the condition was last there; `null` when it is not open. */
  readonly quietMs: number | null;
}

export function driftVerdict(observed: DriftObservation): WatchVerdict {
  const { ordersWoken, contradicted, quietMs } = observed;
  const found = [
    ...(ordersWoken >= DRIFT_ORDERS_WOKEN_MIN
      ? [`one sweep had to wake ${ordersWoken} orders`]
      : []),
    ...(contradicted > 0
      ? [
          `${contradicted} final ${contradicted === 1 ? 'record' : 'records'} contradicted by the gateway`,
        ]
      : []),
  ];
  if (found.length > 0) return raise(found.join('; '));
  return quietMs !== null && quietMs >= DRIFT_QUIET_MS ? HEAL : KEEP;
}

/** The order's next step is so long overdue that a sweep must have woken it several times. */
export function isStuck(order: Order, nowMs: number): boolean {
  const step = nextStep(order);
  return step.do !== 'finish' && nowMs - step.atMs > STUCK_OVERDUE_MS;
}

/** What an operator is told of a stuck order: which step, and since when it is due. */
export function stuckDetail(order: Order): string {
  const step = nextStep(order);
  return step.do === 'finish'
    ? 'nothing is due any more'
    : `the step ${step.do} is due since ${new Date(step.atMs).toISOString()}`;
}

/**
 * What lasts while something is absent.
 * @param absentForMs since when it was missed, by looks without a gap; `null` when it was just seen
 */
export function workerVerdict(absentForMs: number | null): WatchVerdict {
  if (absentForMs === null) return HEAL;
  return absentForMs >= WORKER_ABSENT_MS
    ? raise('no worker polls for the work of the orders')
    : KEEP;
}

/**
 * @param absentForMs since when no sweep was seen to end well, by looks without a gap; `null` when one was just seen
 * @param pausedBecause what somebody wrote who paused the schedule; `null` when it is not paused
 */
export function sweepVerdict(
  absentForMs: number | null,
  pausedBecause: string | null,
): WatchVerdict {
  if (absentForMs === null) return HEAL;
  if (absentForMs < SWEEP_ABSENT_MS) return KEEP;
  const why = pausedBecause === null ? '' : `; its schedule is paused: ${pausedBecause}`;
  return raise(`no sweep has ended well for some minutes${why}`);
}
