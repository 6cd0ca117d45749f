/** What the merchant's back end is told about an order: the audit entries that are events, and what they say. Pure. */
import type { AuditEntry } from './audit.js';
import { applyChanges, type Order, type OrderStatus, type ReviewReason } from './order.js';
import type { RefundStatus } from './refund.js';
import { findRefund } from './refund-rules.js';
import { RESTORED_EVENT } from './restored-entry.js';

/** Names of audit entries that are events. Transmitted names: they are forever. */
export const ORDER_EVENT_TYPES = [
  'order.paid',
  'order.canceled',
  'order.review',
  'order.refunded',
  'order.late_payment',
  'refund.succeeded',
  'refund.failed',
] as const;
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];

/** Far above any number or word, types of later versions too. */
const EVENT_TEXT_CHARACTERS_MAX = 200;

/** The order as the event left it, amounts in minor units. Nothing about the payer. */
export interface OrderEventData {
  readonly merchantOrderNo: string;
  /** Of the audit entry: among the events of one order the larger one is the later. */
  readonly sequence: number;
  readonly status: OrderStatus;
  readonly reviewReason: ReviewReason | null;
  readonly amount: number;
  readonly currency: string;
  readonly paidAmount: number;
  readonly refundedAmount: number;
  readonly gatewayTransNo: string | null;
  /** The refund that the event is about; `null` when it is about none. */
  readonly refund: {
    readonly refundNo: string;
    readonly amount: number;
    readonly status: RefundStatus;
  } | null;
}

/** What is sent and listed: the same each time, so that a receiver recognises a repetition by the id. */
export interface OrderEventMessage {
  readonly id: string;
  readonly type: OrderEventType;
  /** When it was decided, RFC 3339 UTC. */
  readonly timestamp: string;
  readonly data: OrderEventData;
}

export interface OrderEvent extends OrderEventMessage {
  readonly merchantNo: string;
  readonly orderId: string;
}

/** `<orderId>/<sequence>` in characters that need no escape in a URL or a header: others are `~` and two hex digits. */
export function orderEventId(orderId: string, sequence: number): string {
  return encodeURIComponent(`${orderId}/${sequence}`)
    .replaceAll('*', '%2A')
    .replaceAll('.', '%2E')
    .replaceAll('%', '~');
}

/**
 * The events among consecutive audit entries of one order, oldest first.
 * @param before the order that the first entry meets; `null` when that entry is the chain's first and holds the order
 */
export function eventsOf(
  before: Order | null,
  entries: readonly AuditEntry[],
): readonly OrderEvent[] {
  const events: OrderEvent[] = [];
  let order = before;
  for (const entry of entries) {
    const orderBefore = order;
    order = applyChanges(order ?? (entry.changes as Order), entry.changes, entry.at);
    const name = eventName(entry, orderBefore, order);
    const type = ORDER_EVENT_TYPES.find((candidate) => candidate === name);
    if (type === undefined) continue;
    events.push({
      id: orderEventId(entry.orderId, entry.sequence),
      type,
      timestamp: entry.at,
      merchantNo: order.merchantNo,
      orderId: entry.orderId,
      data: eventData(order, entry),
    });
  }
  return events;
}

function eventName(entry: AuditEntry, before: Order | null, after: Order): string {
  // The feed went back together with the record: that its end was told is lost as well, so it is told again.
  if (entry.event === RESTORED_EVENT && after.status !== before?.status) {
    return `order.${after.status}`;
  }
  // Nothing could be sent: the refund ends with the attempt, and no entry of its own tells that.
  if (entry.event === 'refund.submitted' && isFailedBy(entry, before, after)) {
    return 'refund.failed';
  }
  return entry.event;
}

function isFailedBy({ data }: AuditEntry, before: Order | null, after: Order): boolean {
  const refundNo = String(data.refundNo);
  const wasOpen = before !== null && findRefund(before, refundNo)?.settledAt === null;
  return wasOpen && findRefund(after, refundNo)?.status === 'failed';
}

/** What leaves the service of an event. */
export function eventMessage({ id, type, timestamp, data }: OrderEventMessage): OrderEventMessage {
  return { id, type, timestamp, data };
}

/**
 * Whether a stored event says all that receivers rely on. One that does not must neither be told as it is nor be left
 * out: nobody would know that something was decided.
 */
export function isWholeEvent({ id, type, timestamp, data }: OrderEventMessage): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const texts = [id, type, data.merchantOrderNo, data.status, data.currency];
  const amounts = [data.sequence, data.amount, data.paidAmount, data.refundedAmount];
  return (
    texts.every((text) => typeof text === 'string' && text.length <= EVENT_TEXT_CHARACTERS_MAX) &&
    amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0) &&
    typeof timestamp === 'string' &&
    !Number.isNaN(Date.parse(timestamp))
  );
}

function eventData(order: Order, entry: AuditEntry): OrderEventData {
  const { refundNo } = entry.data;
  const refund = typeof refundNo === 'string' ? findRefund(order, refundNo) : null;
  return {
    merchantOrderNo: order.merchantOrderNo,
    sequence: entry.sequence,
    status: order.status,
    reviewReason: order.reviewReason,
    amount: order.amount,
    currency: order.currency,
    paidAmount: order.paidAmount,
    refundedAmount: order.refundedAmount,
    gatewayTransNo: order.gatewayTransNo,
    refund:
      refund === null
        ? null
        : { refundNo: refund.refundNo, amount: refund.amount, status: refund.status },
  };
}
