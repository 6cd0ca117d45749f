import { deliverCallback } from '../delivery/deliver-callback.js';
import type { CallbackStore } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';

/** A callback that the fast path has not dealt with after this long has fallen by the way. */
const CALLBACK_OVERDUE_MS = 10_000;
/** Timers have some slack, and a worker may be restarting: an order is behind only after this many sweeps. */
const ORDER_OVERDUE_SWEEPS = 2;
const CALLBACKS_PER_SWEEP = 500;
const ORDERS_PER_SWEEP = 500;
const MESSAGE_DEADLINE_MS = 5_000;
const SWEEP_REQUEST = { requestedBy: 'sweep', actor: 'sweep' } as const;

export interface SweepReport {
  readonly callbacksFound: number;
  readonly callbacksFailed: number;
  readonly ordersWoken: number;
  readonly ordersFailed: number;
}

export interface SweepDependencies {
  readonly orders: OrderStore;
  readonly callbacks: CallbackStore;
  readonly messenger: OrderMessenger;
  readonly sweepIntervalMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What heals by itself, a bounded batch at a time. One failure never stops the rest. */
export function createSweepActivities(ports: SweepDependencies) {
  const { orders, callbacks, messenger, now, sweepIntervalMs } = ports;
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
      return { callbacksFound: waiting.length, callbacksFailed };
    },

    async wakeOverdueOrders(): Promise<Pick<SweepReport, 'ordersWoken' | 'ordersFailed'>> {
      const overdueSince = new Date(now() - ORDER_OVERDUE_SWEEPS * sweepIntervalMs).toISOString();
      const overdue = await orders.overdue(overdueSince, ORDERS_PER_SWEEP);
      let ordersFailed = 0;
      for (const order of overdue) {
        await messenger.checkDue(order, SWEEP_REQUEST, MESSAGE_DEADLINE_MS).catch(() => {
          ordersFailed += 1;
        });
      }
      return { ordersWoken: overdue.length - ordersFailed, ordersFailed };
    },
  };
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;
