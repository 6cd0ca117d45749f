/** What may be refunded, and which refund is due. Pure. */
import type { Order } from './order.js';
import type { Refund, RefundRequest } from './refund.js';

/** Who asks for the refund of late money. */
export const LATE_PAYMENT_POLICY = 'late_payment_policy';

/** CodePay allows at most 50 refunds of one payment. Source: CodePay Open API, order.refund.submit. */
const REFUNDS_MAX = 50;

export type RefundRefusal =
  | 'not_refundable'
  | 'exceeds_paid'
  | 'nothing_left'
  | 'too_many'
  | 'not_voidable'
  | 'conflict';

/** What may still be refunded: pending and unknown refunds reserve their amount. */
export function refundableAmount(order: Order): number {
  const reserved = order.refunds
    .filter((refund) => refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount, 0);
  return Math.max(0, order.refundCapAmount - reserved);
}

export function findRefund(order: Order, refundNo: string): Refund | null {
  return order.refunds.find((refund) => refund.refundNo === refundNo) ?? null;
}

/** @returns why the refund cannot be made, or `null`. The same number again with the same content is no refusal. */
export function refundRefusal(order: Order, request: RefundRequest): RefundRefusal | null {
  const present = findRefund(order, request.refundNo);
  if (present !== null) return present.contentHash === request.contentHash ? null : 'conflict';
  // All of it goes back by the policy; a part that somebody else gave back first would leave the rest behind.
  const isLateMoney =
    order.status === 'canceled' &&
    order.lateMoney?.resolution === 'refund' &&
    request.requestedBy === LATE_PAYMENT_POLICY;
  if (order.status !== 'paid' && order.status !== 'partially_refunded' && !isLateMoney) {
    return 'not_refundable';
  }
  if (order.refunds.length >= REFUNDS_MAX) return 'too_many';
  const left = refundableAmount(order);
  if (left === 0) return 'nothing_left';
  if (request.method === 'void' && !isVoidable(order, request)) return 'not_voidable';
  return (request.amount ?? left) > left ? 'exceeds_paid' : null;
}

/** A void takes back the whole payment, on the terminal where it was made, and nothing else was given back before. */
function isVoidable(order: Order, request: RefundRequest): boolean {
  const left = refundableAmount(order);
  return (
    order.terminalSn !== null &&
    left === order.refundCapAmount &&
    (request.amount === null || request.amount === left)
  );
}

/** The next refund that is due, or `null` when all are settled. */
export function nextRefundCheck(
  order: Order,
): { readonly refundNo: string; readonly atMs: number } | null {
  const open = order.refunds
    .filter((refund) => refund.nextCheckAt !== null)
    .map(({ refundNo, nextCheckAt }) => ({ refundNo, atMs: Date.parse(nextCheckAt ?? '') }));
  return open.reduce<(typeof open)[number] | null>(
    (earliest, each) => (earliest === null || each.atMs < earliest.atMs ? each : earliest),
    null,
  );
}
