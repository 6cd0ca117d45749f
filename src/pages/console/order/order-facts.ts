/** What an order allows now. Pure; the service decides again when it is asked. */
import type { OrderAnswer } from '../../../api/answer-schemas.js';
import type { RefundAnswer } from '../../../api/refund-answer-schemas.js';

/** Minor units that no refund has taken or reserved. */
export function refundableMinor(order: OrderAnswer, refunds: readonly RefundAnswer[]): number {
  const reserved = refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + amount, 0);
  return Math.max(0, order.paidAmount - reserved);
}

export function canCancel({ status }: OrderAnswer): boolean {
  return status === 'pending';
}

export function canRefund(order: OrderAnswer, refunds: readonly RefundAnswer[]): boolean {
  const isPaid = order.status === 'paid' || order.status === 'partially_refunded';
  return isPaid && refundableMinor(order, refunds) > 0;
}

export function canResolveReview({ status }: OrderAnswer): boolean {
  return status === 'review';
}
