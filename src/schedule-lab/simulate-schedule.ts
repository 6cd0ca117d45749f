/** What another schedule of checks would have asked, and when it would have learnt the truth. Pure. */

/** One finished order, as its audit tells it. Times are epoch ms. */
export interface LabOrder {
  readonly orderId: string;
  readonly createdAtMs: number;
  /** Gaps between the checks that were in force. */
  readonly scheduleMs: readonly number[];
  /** What became true at the gateway, and when; nothing that we did decided it. */
  readonly truth:
    | { readonly is: 'paid'; readonly atMs: number }
    /** The merchant or an operator ended it before the schedule did. */
    | { readonly is: 'stopped'; readonly atMs: number }
    /** Nobody paid: any schedule asks to its end, and then closes the order. */
    | { readonly is: 'unpaid' };
  /** When the first callback came that says paid; `null` when none came. */
  readonly callbackAtMs: number | null;
  /** Checks of the schedule that were really made. */
  readonly checksMade: number;
}

/** `lost`: as if no callback had come. `as_they_came`: a callback ends the checks, as it does. */
export type CallbackAssumption = 'lost' | 'as_they_came';

export interface OrderSimulation {
  readonly queries: number;
  /** From the truth to knowing it; `null` where it would not have been learnt in time, or there is nothing to wait for. */
  readonly delayMs: number | null;
  /** The schedule is over before the payment: the gateway would have refused it, or it would be late money. */
  readonly isPaymentMissed: boolean;
}

/** Follows one order under a schedule. The check that learns the truth is counted. */
export function simulateOrder(
  order: LabOrder,
  scheduleMs: readonly number[],
  callbacks: CallbackAssumption,
): OrderSimulation {
  const checkTimesMs = timesOf(order.createdAtMs, scheduleMs);
  const { truth } = order;
  if (truth.is === 'unpaid') {
    return { queries: checkTimesMs.length, delayMs: null, isPaymentMissed: false };
  }
  if (truth.is === 'stopped') {
    const queries = checkTimesMs.filter((atMs) => atMs < truth.atMs).length;
    return { queries, delayMs: null, isPaymentMissed: false };
  }
  const learning = checkTimesMs.findIndex((atMs) => atMs >= truth.atMs);
  const checkAtMs = checkTimesMs[learning];
  if (checkAtMs === undefined) {
    return { queries: checkTimesMs.length, delayMs: null, isPaymentMissed: true };
  }
  const callbackAtMs = callbacks === 'lost' ? null : order.callbackAtMs;
  if (callbackAtMs === null || callbackAtMs > checkAtMs) {
    return { queries: learning + 1, delayMs: checkAtMs - truth.atMs, isPaymentMissed: false };
  }
  const queries = checkTimesMs.filter((atMs) => atMs < callbackAtMs).length;
  return { queries, delayMs: Math.max(0, callbackAtMs - truth.atMs), isPaymentMissed: false };
}

function timesOf(createdAtMs: number, scheduleMs: readonly number[]): readonly number[] {
  let atMs = createdAtMs;
  return scheduleMs.map((gapMs) => {
    atMs += gapMs;
    return atMs;
  });
}

export interface DelaySummary {
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

export interface ScheduleResult {
  readonly queries: number;
  readonly queriesPerOrder: number;
  readonly delay: DelaySummary;
  readonly missedPayments: number;
}

export interface Comparison {
  readonly callbacks: CallbackAssumption;
  readonly inForce: ScheduleResult;
  readonly proposed: ScheduleResult;
  /** Proposed less in force: below zero is saved. */
  readonly queriesAdded: number;
  readonly queriesAddedPerOrder: number;
}

export interface LabReport {
  readonly orders: number;
  readonly paidOrders: number;
  /** Checks that were really made for these orders, beside what the simulation of their schedule gives. */
  readonly checksMade: number;
  /** Enough orders to say anything by. */
  readonly isConclusive: boolean;
  readonly comparisons: readonly Comparison[];
}

/** Fewer orders say nothing about a 95th percentile. */
export const ORDERS_MIN = 30;

/** Compares a proposed schedule with the one that each order had. */
export function compareSchedules(
  orders: readonly LabOrder[],
  proposedMs: readonly number[],
): LabReport {
  const paidOrders = orders.filter(({ truth }) => truth.is === 'paid').length;
  return {
    orders: orders.length,
    paidOrders,
    checksMade: orders.reduce((sum, { checksMade }) => sum + checksMade, 0),
    isConclusive: paidOrders >= ORDERS_MIN,
    comparisons: (['lost', 'as_they_came'] as const).map((callbacks) => {
      const inForce = resultOf(
        orders.map((order) => simulateOrder(order, order.scheduleMs, callbacks)),
      );
      const proposed = resultOf(orders.map((order) => simulateOrder(order, proposedMs, callbacks)));
      const queriesAdded = proposed.queries - inForce.queries;
      return {
        callbacks,
        inForce,
        proposed,
        queriesAdded,
        queriesAddedPerOrder: perOrder(queriesAdded, orders.length),
      };
    }),
  };
}

function resultOf(simulations: readonly OrderSimulation[]): ScheduleResult {
  const queries = simulations.reduce((sum, each) => sum + each.queries, 0);
  const delaysMs = simulations
    .flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]))
    .sort((a, b) => a - b);
  return {
    queries,
    queriesPerOrder: perOrder(queries, simulations.length),
    delay: {
      medianMs: percentile(delaysMs, 0.5),
      p95Ms: percentile(delaysMs, 0.95),
      maxMs: delaysMs.at(-1) ?? null,
    },
    missedPayments: simulations.filter(({ isPaymentMissed }) => isPaymentMissed).length,
  };
}

/** Nearest rank: always a delay that was there. @param sorted ascending */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function perOrder(count: number, orders: number): number {
  return orders === 0 ? 0 : Math.round((count / orders) * 100) / 100;
}
