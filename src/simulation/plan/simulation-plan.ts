/** What a seed is about: the orders, what people do, what breaks as a whole. Every part has an id by which it is left out. */
import type { NewOrder } from '../../domain/new-order.js';
import { canonicalHash } from '../../store/canonical-hash.js';
import type { FaultMix } from '../kernel/faults.js';
import { RandomStream } from '../kernel/random.js';
import { MERCHANT_NO } from '../service/service-parts.js';
import { type ActionPlan, drawActions } from './action-plan.js';
import { drawFaultMix } from './fault-mixes.js';
import { drawOutages, type OutagePlan } from './outage-plan.js';

export interface OrderPlan {
  readonly id: string;
  /** After the begin. */
  readonly createdAfterMs: number;
  readonly request: NewOrder;
  readonly actions: readonly ActionPlan[];
}

export interface SimulationPlan {
  readonly seed: number;
  readonly workers: number;
  readonly apis: number;
  readonly clockSkewMsMax: number;
  readonly sweepIntervalMs: number;
  /** Until then things fail; afterwards everything heals. */
  readonly hostileMs: number;
  readonly faultMix: FaultMix;
  readonly faultsMax: number;
  readonly orders: readonly OrderPlan[];
  readonly outages: readonly OutagePlan[];
}

export function drawPlan(seed: number): SimulationPlan {
  const random = new RandomStream(seed, 'plan');
  const hostileMs = random.integer(60, 360) * 1_000;
  const faultMix = drawFaultMix(random);
  const isCalm = Object.keys(faultMix).length === 0;
  const orderCount = random.pick([1, 1, 1, 2, 2, 3]);
  return {
    seed,
    workers: random.pick([1, 2, 2]),
    apis: random.pick([1, 2]),
    clockSkewMsMax: random.pick([0, 0, 50, 1_500]),
    sweepIntervalMs: random.pick([30_000, 60_000, 60_000, 90_000]),
    hostileMs,
    faultMix,
    faultsMax: random.pick([3, 10, 40, 150]),
    orders: Array.from({ length: orderCount }, (_, index) => drawOrder(seed, index, hostileMs)),
    outages: isCalm ? [] : drawOutages(random, hostileMs),
  };
}

const SCHEDULES_MS: readonly [readonly number[], ...(readonly number[])[]] = [
  [5_000, 10_000, 20_000],
  [2_000, 3_000],
  [10_000, 20_000, 30_000, 60_000],
  [1_000, 1_000, 1_000, 30_000],
];

function drawOrder(seed: number, index: number, hostileMs: number): OrderPlan {
  const random = new RandomStream(seed, `order/${index}`);
  const merchantOrderNo = `A${index}`;
  const channel = random.pick(['pos', 'cloud', 'hosted', 'hosted']);
  const content = {
    merchantNo: MERCHANT_NO,
    merchantOrderNo,
    channel,
    amount: random.pick([1_000, 1_999, 250]),
    currency: random.pick(['USD', 'USD', 'JPY']),
    description: null,
    redirectUrl: null,
    terminalSn: channel === 'hosted' ? null : 'TERM1',
    metadata: {},
  };
  const isScheduled = random.chance(0.25);
  const request: NewOrder = {
    ...content,
    contentHash: canonicalHash(content),
    checks: {
      strategy: isScheduled ? 'scheduled' : 'progressive',
      scheduleMs: random.pick(SCHEDULES_MS),
      intervalMs: 30_000,
      limit: random.integer(1, 4),
    },
    policy: {
      closeGiveUpMs: random.pick([60_000, 180_000]),
      latePaymentWatchMs: random.pick([60_000, 300_000]),
      latePaymentPolicy: random.pick(['review', 'refund', 'accept']),
    },
  };
  const createdAfterMs = random.integer(0, Math.floor(hostileMs / 4));
  const actions = drawActions(random, { index, request, createdAfterMs, hostileMs });
  return { id: `order:${index}`, createdAfterMs, request, actions };
}
