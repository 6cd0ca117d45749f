/** From the inbox to the order's workflow. Used right after a callback was stored, and by whoever sweeps the inbox. */
import { type Order, orderId } from '../domain/order.js';
import { type CallbackStore, type InboxEntry, inboxEvidence } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';

/** The signal alone: it is durable in Temporal when it is accepted, and what it starts is not waited for. */
const SIGNAL_DEADLINE_MS = 3_000;

export interface DeliveryPorts {
  readonly orders: Pick<OrderStore, 'find'>;
  readonly callbacks: Pick<CallbackStore, 'markDelivered' | 'markProcessed'>;
  readonly messenger: Pick<OrderMessenger, 'callbackReceived'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type DeliveryOutcome =
  | 'delivered'
  | 'already_processed'
  | 'already_decided'
  | 'waiting_for_order'
  | 'not_an_order';

/**
 * Brings one inbox entry to its order. Safe to repeat: the workflow recognises a callback it has seen.
 * @throws when MongoDB or Temporal does not answer; the entry stays undelivered and is found by the next sweep
 */
export async function deliverCallback(
  entry: InboxEntry,
  ports: DeliveryPorts,
): Promise<DeliveryOutcome> {
  if (entry.processedAt !== null) return 'already_processed';
  if (entry.subject === 'refund' || entry.merchantOrderNo === null) {
    // No order decides by a refund's own result, and a message without a number belongs to none. Left open, they would
    // be swept for ever; the inbox keeps them.
    return await settle(entry, 'not_an_order', ports);
  }
  const key = { merchantNo: entry.merchantNo, merchantOrderNo: entry.merchantOrderNo };
  const stored = await ports.orders.find(orderId(key.merchantNo, key.merchantOrderNo));
  // Not started by us, or not yet in the record: an order loads what waits for it when it appears.
  if (stored === null) return 'waiting_for_order';
  if (isAlreadyDecided(stored.order, entry)) return await settle(entry, 'already_decided', ports);
  await ports.messenger.callbackReceived(key, inboxEvidence(entry), SIGNAL_DEADLINE_MS);
  await ports.callbacks.markDelivered(entry.callbackId, new Date(ports.now()).toISOString());
  return 'delivered';
}

async function settle(
  entry: InboxEntry,
  outcome: 'already_decided' | 'not_an_order',
  ports: DeliveryPorts,
): Promise<DeliveryOutcome> {
  const at = new Date(ports.now()).toISOString();
  await ports.callbacks.markProcessed([entry.callbackId], outcome, at);
  return outcome;
}

/** The record was decided by this very fact: the same payment, sent again in another message. */
function isAlreadyDecided(order: Order, { facts }: InboxEntry): boolean {
  return (
    order.paidAt !== null &&
    order.status !== 'review' &&
    facts?.state === 'paid' &&
    facts.transactionKind === 'sale' &&
    facts.gatewayTransNo !== null &&
    facts.gatewayTransNo === order.gatewayTransNo &&
    facts.merchantNo === order.merchantNo &&
    facts.amount === order.amount &&
    facts.currency === order.currency
  );
}
