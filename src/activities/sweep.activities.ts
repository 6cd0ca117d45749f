import { deliverCallback } from '../delivery/deliver-callback.js';
import type { Order } from '../domain/order.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { CallbackStore } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RefundStore } from '../store/refund-store.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { CheckRequest } from '../workflows/order-messages.js';

/** A callback that the fast path has not dealt with after this long has fallen by the way. */
const CALLBACK_OVERDUE_MS = 10_000;
/** Timers have some slack, and a worker may be restarting: an order is behind only after this many sweeps. */
const ORDER_OVERDUE_SWEEPS = 1;
const CALLBACKS_PER_SWEEP = 500;
const ORDERS_PER_SWEEP = 500;
/** Two reads by id; a million orders have their turn in half a day. */
const RECORDS_PER_SWEEP = 1_000;
const MESSAGE_DEADLINE_MS = 5_000;
const SAMPLE_AGE_MS = 86_400_000;
const SAMPLE_SIZE = 2;
const SWEEP_REQUEST = { requestedBy: 'sweep', actor: 'sweep' } as const;

export interface SweepReport {
  readonly callbacksFound: number;
  readonly callbacksFailed: number;
  readonly ordersWoken: number;
  readonly ordersFailed: number;
  readonly scheduledChecks: number;
  readonly compared: number;
  readonly recordsCaughtUp: number;
}

/** Told of what the sweep brought back, for the metrics. */
export type RepairObserver = (
  kind: 'callback_delivered' | 'order_woken' | 'record_caught_up',
  count: number,
) => void;

export interface SweepDependencies {
  readonly orders: OrderStore;
  readonly callbacks: CallbackStore;
  readonly anomalies: AnomalyStore;
  readonly refunds: RefundStore;
  readonly messenger: OrderMessenger;
  readonly sweepIntervalMs: number;
  readonly observeRepairs: RepairObserver;
  /** Age up to which the scheduled strategy looks at orders. */
  readonly scheduledWindowMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What heals by itself, a bounded batch at a time. One failure never stops the rest.
 *
 * Over 50 lines because it is the list of all of them; each is short.
 */
export function createSweepActivities(ports: SweepDependencies) {
  const { orders, callbacks, messenger, now, sweepIntervalMs, scheduledWindowMs } = ports;
  /** Where the next look at records goes on; every record has its turn. A restart begins anew, which costs only time. */
  let lookedTo = '';
  /** @returns how many could not be told */
  const tellAll = async (some: readonly Order[], request: CheckRequest): Promise<number> => {
    let failed = 0;
    for (const order of some) {
      await messenger.checkDue(order, request, MESSAGE_DEADLINE_MS).catch(() => {
        failed += 1;
      });
    }
    return failed;
  };
  return {
    async deliverWaitingCallbacks(): Promise<
      Pick<SweepReport, 'callbacksFound' | 'callbacksFailed'>
    > {
      const receivedBefore = new Date(now() - CALLBACK_OVERDUE_MS).toISOString();
      const waiting = await callbacks.unprocessed(receivedBefore, CALLBACKS_PER_SWEEP);
      let callbacksFailed = 0;
      for (const entry of waiting) {
        await deliverCallback(entry, ports).catch(() => {
          callbacksFailed += 1;
        });
      }
      ports.observeRepairs('callback_delivered', waiting.length - callbacksFailed);
      return { callbacksFound: waiting.length, callbacksFailed };
    },

    /** Strategy 2: one task over the unpaid orders of the window; each order's workflow counts its checks. */
    async runScheduledChecks(): Promise<Pick<SweepReport, 'scheduledChecks'>> {
      const createdSince = new Date(now() - scheduledWindowMs).toISOString();
      const dueBefore = new Date(now() + sweepIntervalMs / 2).toISOString();
      const due = await orders.scheduledDue(createdSince, dueBefore, ORDERS_PER_SWEEP);
      const failed = await tellAll(due, { requestedBy: 'scheduled_task', actor: 'sweep' });
      return { scheduledChecks: due.length - failed };
    },

    /** Compares a few final records with what the gateway says; what differs is raised by the order's own rules. */
    async compareSample(): Promise<Pick<SweepReport, 'compared'>> {
      const finalSince = new Date(now() - SAMPLE_AGE_MS).toISOString();
      const sample = await orders.sampleFinal(finalSince, SAMPLE_SIZE);
      const failed = await tellAll(sample, { requestedBy: 'drift', actor: 'sweep' });
      return { compared: sample.length - failed };
    },

    /**
     * A writer that dies between audit and record leaves the record behind. Its run, or whoever loads the order next,
     * brings it forward; but an order with nothing due, whose run was lost too, has neither.
     */
    async catchUpRecords(): Promise<Pick<SweepReport, 'recordsCaughtUp'>> {
      const behind = await orders.behindAudit(lookedTo, RECORDS_PER_SWEEP);
      lookedTo = behind.lookedTo ?? '';
      let recordsCaughtUp = 0;
      for (const id of behind.orderIds) {
        const isLoaded = await orders.load(id).then(Boolean, () => false);
        if (isLoaded) recordsCaughtUp += 1;
      }
      ports.observeRepairs('record_caught_up', recordsCaughtUp);
      return { recordsCaughtUp };
    },

    async wakeOverdueOrders(): Promise<Pick<SweepReport, 'ordersWoken' | 'ordersFailed'>> {
      const overdueSince = new Date(now() - ORDER_OVERDUE_SWEEPS * sweepIntervalMs).toISOString();
      const overdue = await orders.overdue(overdueSince, ORDERS_PER_SWEEP);
      const ordersFailed = await tellAll(overdue, SWEEP_REQUEST);
      ports.observeRepairs('order_woken', overdue.length - ordersFailed);
      return { ordersWoken: overdue.length - ordersFailed, ordersFailed };
    },
  };
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;
