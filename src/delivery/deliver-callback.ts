/** From the inbox to the order's workflow. Used right after a callback was stored, and by whoever sweeps the inbox. */
import { type Order, orderId } from '../domain/order.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import { type CallbackStore, type InboxEntry, inboxEvidence } from '../store/callback-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RefundStore, StoredRefund } from '../store/refund-store.js';
import type { OrderKey, OrderMessenger } from '../temporal/order-messenger.js';
import { raiseUnknownOrder, raiseUnknownRefund } from './unknown-numbers.js';

/** The signal alone: it is durable in Temporal when it is accepted, and what it starts is not waited for. */
const SIGNAL_DEADLINE_MS = 3_000;
/** A till may tell us of its order after the gateway did. Later the number counts as one that we never gave. */
const UNKNOWN_AFTER_MS = 300_000;

export interface DeliveryPorts {
  readonly orders: Pick<OrderStore, 'find'>;
  readonly refunds: Pick<RefundStore, 'find'>;
  readonly callbacks: Pick<CallbackStore, 'markDelivered' | 'markProcessed'>;
  readonly anomalies: Pick<AnomalyStore, 'raise'>;
  readonly messenger: Pick<OrderMessenger, 'callbackReceived'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export const DELIVERY_OUTCOMES = [
  'delivered',
  'already_processed',
  'already_decided',
  'waiting_for_order',
  'unknown_number',
  'not_an_order',
] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/**
 * Brings one inbox entry to its order: a sale to the order of its number, a refund or void to the order of the refund.
 * Safe to repeat: the workflow recognises a callback it has seen.
 * @throws when MongoDB or Temporal does not answer; the entry stays undelivered and is found by the next sweep
 */
export async function deliverCallback(
  entry: InboxEntry,
  ports: DeliveryPorts,
): Promise<DeliveryOutcome> {
  if (entry.processedAt !== null) return 'already_processed';
  // A message without a number belongs to nothing. Left open, it would be swept for ever; the inbox keeps it.
  if (entry.merchantOrderNo === null) return await settle(entry, 'not_an_order', ports);
  const key = { merchantNo: entry.merchantNo, merchantOrderNo: entry.merchantOrderNo };
  return entry.subject === 'refund'
    ? await deliverToRefund(entry, key, ports)
    : await deliverToOrder(entry, key, ports);
}

async function deliverToOrder(
  entry: InboxEntry,
  key: OrderKey,
  ports: DeliveryPorts,
): Promise<DeliveryOutcome> {
  const stored = await ports.orders.find(orderId(key.merchantNo, key.merchantOrderNo));
  if (stored === null) {
    // Not started by us, or not yet in the record: an order loads what waits for it when it appears.
    if (ports.now() - Date.parse(entry.receivedAt) < UNKNOWN_AFTER_MS) return 'waiting_for_order';
    await raiseUnknownOrder(entry, key, ports);
    await settle(entry, 'not_an_order', ports);
    return 'unknown_number';
  }
  if (isAlreadyDecided(stored.order, entry)) return await settle(entry, 'already_decided', ports);
  return await signal(entry, key, ports);
}

/** The record holds a refund before the gateway is told of it, so a number that is not there is not ours. */
async function deliverToRefund(
  entry: InboxEntry,
  key: OrderKey,
  ports: DeliveryPorts,
): Promise<DeliveryOutcome> {
  const refund = await ports.refunds.find(key.merchantNo, key.merchantOrderNo);
  if (refund === null) {
    await raiseUnknownRefund(entry, key, ports);
    await settle(entry, 'not_an_order', ports);
    return 'unknown_number';
  }
  if (isAlreadySettled(refund, entry)) return await settle(entry, 'already_decided', ports);
  const { merchantNo, merchantOrderNo } = refund;
  return await signal(entry, { merchantNo, merchantOrderNo }, ports);
}

async function signal(
  entry: InboxEntry,
  key: OrderKey,
  { messenger, callbacks, now }: DeliveryPorts,
): Promise<DeliveryOutcome> {
  await messenger.callbackReceived(key, inboxEvidence(entry), SIGNAL_DEADLINE_MS);
  await callbacks.markDelivered(entry.callbackId, new Date(now()).toISOString());
  return 'delivered';
}

async function settle(
  entry: InboxEntry,
  outcome: 'already_decided' | 'not_an_order',
  { callbacks, now }: DeliveryPorts,
): Promise<DeliveryOutcome> {
  await callbacks.markProcessed([entry.callbackId], outcome, new Date(now()).toISOString());
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

/** The refund ended as this message says. One that says otherwise goes to the order, to be seen. */
function isAlreadySettled(refund: StoredRefund, { facts }: InboxEntry): boolean {
  if (facts === null || refund.settledAt === null) return false;
  return refund.status === 'succeeded' ? facts.state === 'paid' : facts.state === 'closed';
}
