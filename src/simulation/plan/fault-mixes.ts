/** How hostile a seed is, edge by edge. */
import type { FaultKind, FaultMix } from '../kernel/faults.js';
import type { RandomStream } from '../kernel/random.js';

/** Probability at each place, when the edge is in trouble at all. */
const TROUBLED: Readonly<Record<FaultKind, number>> = {
  'database.failed_before': 0.02,
  'database.failed_after': 0.02,
  'database.slow': 0.03,
  'database.crash_before': 0.006,
  'database.crash_after': 0.01,
  'temporal.request_lost': 0.05,
  'temporal.reply_lost': 0.08,
  'temporal.unavailable': 0.05,
  'temporal.slow': 0.1,
  'temporal.task_report_lost': 0.04,
  'temporal.timer_late': 0.2,
  'temporal.evicted': 0.3,
  'activity.result_lost': 0.05,
  'activity.late_start': 0.08,
  'activity.crash_before_report': 0.02,
  'gateway.request_lost': 0.06,
  'gateway.reply_lost': 0.1,
  'gateway.request_late': 0.08,
  'gateway.slow_reply': 0.15,
  'gateway.unsigned': 0.05,
  'gateway.error_code': 0.06,
  'gateway.refused_after_effect': 0.08,
  'gateway.old_replica': 0.15,
  'gateway.lie_amount': 0.1,
  'gateway.lie_not_found': 0.05,
  'gateway.lie_closed': 0.1,
  'gateway.lie_paid': 0.02,
  'callback.lost': 0.4,
  'callback.late': 0.3,
  'callback.repeated': 0.3,
  'callback.resealed': 0.3,
  'callback.lie_amount': 0.1,
  'callback.not_understood': 0.1,
  'callback.other_merchant': 0.05,
  'callback.ack_lost': 0.2,
};

/** Edges that are in trouble together. A gateway that lies is an edge of its own: most do not. */
const EDGES: readonly (readonly [string, number])[] = [
  ['database.', 0.5],
  ['temporal.', 0.5],
  ['activity.', 0.5],
  ['gateway.', 0.6],
  ['callback.', 0.6],
];
const LIES = /lie|other_merchant|not_understood/;
const LYING_SHARE = 0.2;
/** Seeds in which nothing fails but by chance of time. */
const CALM_SHARE = 0.1;

export function drawFaultMix(random: RandomStream): FaultMix {
  if (random.chance(CALM_SHARE)) return {};
  const isLying = random.chance(LYING_SHARE);
  const mix: Partial<Record<FaultKind, number>> = {};
  for (const [edge, share] of EDGES) {
    const strength = random.chance(share) ? random.pick([0.3, 1, 1, 2]) : 0;
    for (const [kind, probability] of Object.entries(TROUBLED) as [FaultKind, number][]) {
      if (!kind.startsWith(edge) || strength === 0) continue;
      if (LIES.test(kind) && !isLying) continue;
      mix[kind] = Math.min(0.8, probability * strength);
    }
  }
  return mix;
}
