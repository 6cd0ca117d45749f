import type { WrittenChange } from '../domain/audit.js';
import type { CallbackEvidence } from '../domain/evidence.js';
import { orderId } from '../domain/order.js';
import type { CallbackStore } from '../store/callback-store.js';
import { canonicalHash } from '../store/canonical-hash.js';
import { generatedNumber } from '../store/generated-number.js';
import type { OrderStore, RecordRequest, RecordResult, StoredOrder } from '../store/order-store.js';
import type { RefundReservation, RefundStore } from '../store/refund-store.js';

export interface LoadedOrder {
  readonly stored: StoredOrder | null;
  /** Callbacks in the inbox that the order's audit does not hold yet. */
  readonly waitingCallbacks: readonly CallbackEvidence[];
}

/** Told of every transition that was recorded, for the metrics; not again by a retry that finds it done. */
export type TransitionObserver = (request: RecordRequest) => void;

export interface OrderStoreDependencies {
  readonly orders: OrderStore;
  readonly callbacks: CallbackStore;
  readonly refunds: RefundStore;
  readonly now: () => number;
  readonly observeTransition: TransitionObserver;
}

/** Reading and writing the record. Safe to repeat without limit: a retry finds its own write. */
export function createOrderStoreActivities(dependencies: OrderStoreDependencies) {
  const { orders, callbacks, refunds, now, observeTransition } = dependencies;
  return {
    /** @param known what the run knows already; a run of the version before does not say it */
    async loadOrder(
      merchantNo: string,
      merchantOrderNo: string,
      known: StoredOrder | null = null,
    ): Promise<LoadedOrder> {
      const id = orderId(merchantNo, merchantOrderNo);
      if (known !== null) await orders.restore(id, known, new Date(now()).toISOString());
      return {
        stored: await orders.load(id),
        waitingCallbacks: await callbacks.waitingForOrder(merchantNo, merchantOrderNo),
      };
    },

    /** @returns also what was written: the marker in the run's history keeps no input */
    async recordTransition(
      request: RecordRequest,
    ): Promise<RecordResult & { readonly written?: readonly WrittenChange[] }> {
      const result = await orders.record(request);
      if (result.outcome === 'recorded' && result.isNew) observeTransition(request);
      return { ...result, written: request.drafts.map(({ at, changes }) => ({ at, changes })) };
    },

    /** @returns false when the number belongs to another refund or to an order */
    async reserveRefundNo(reservation: RefundReservation): Promise<boolean> {
      return await refunds.reserve(reservation);
    },

    /** The number of the refund of late money follows from the payment: the same for every try. */
    async lateRefundNo(
      merchantNo: string,
      merchantOrderNo: string,
      gatewayTransNo: string | null,
    ): Promise<{ readonly refundNo: string; readonly contentHash: string }> {
      const parts = [merchantNo, merchantOrderNo, 'late money', gatewayTransNo ?? ''];
      return { refundNo: generatedNumber('R', ...parts), contentHash: canonicalHash(parts) };
    },

    /** Callbacks that the order's audit held before they were delivered again. */
    async settleCallbacks(callbackIds: readonly string[]): Promise<void> {
      await callbacks.markProcessed(callbackIds, 'recorded', new Date(now()).toISOString());
    },
  };
}

export type OrderStoreActivities = ReturnType<typeof createOrderStoreActivities>;
