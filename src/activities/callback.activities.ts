import { ApplicationFailure } from '@temporalio/activity';
import { deliverCallback } from '../delivery/deliver-callback.js';
import { newInboxEntry } from '../delivery/new-inbox-entry.js';
import type { CallbackVerifier } from '../gateway/payment-gateway.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { BodySealer } from '../store/body-sealer.js';
import type { CallbackStore } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RefundStore } from '../store/refund-store.js';
import type { OrderMessenger, SealedCallback } from '../temporal/order-messenger.js';

export interface CallbackActivityDependencies {
  readonly orders: OrderStore;
  readonly callbacks: CallbackStore;
  readonly anomalies: AnomalyStore;
  readonly refunds: RefundStore;
  readonly messenger: OrderMessenger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly merchantNo: string;
  readonly verifier: CallbackVerifier;
  readonly bodySealer: BodySealer;
}

/** Bringing in a callback that Temporal carried while MongoDB was away. */
export function createCallbackActivities(dependencies: CallbackActivityDependencies) {
  const { bodySealer, verifier, merchantNo, callbacks } = dependencies;
  return {
    /** The body is verified again: what is acted on never depends on who put it into Temporal. */
    async storeCarriedCallback(carried: SealedCallback): Promise<void> {
      const body = bodySealer.open(carried.sealedBody);
      const receivedAtMs = Date.parse(carried.receivedAt);
      const verification = verifier.verify(body, carried.contentType ?? undefined, receivedAtMs);
      if (!verification.verified) {
        throw ApplicationFailure.nonRetryable(
          `a carried callback does not verify: ${verification.detail}`,
          verification.refusal,
        );
      }
      const { entry } = await callbacks.insert(
        newInboxEntry(verification.callback, { ...carried, merchantNo }),
      );
      await deliverCallback(entry, dependencies);
    },
  };
}

export type CallbackActivities = ReturnType<typeof createCallbackActivities>;
