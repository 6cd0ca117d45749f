import type { StoredRefund } from '../store/refund-store.js';
import type { RefundAnswer } from './refund-answer-schemas.js';

/** The refund as the API shows it. */
export function presentRefund(
  refund: Omit<StoredRefund, 'merchantNo' | 'contentHash'>,
): RefundAnswer {
  return {
    refundNo: refund.refundNo,
    merchantOrderNo: refund.merchantOrderNo,
    amount: refund.amount,
    currency: refund.currency,
    status: refund.status,
    method: refund.method,
    reason: refund.reason,
    requestedBy: refund.requestedBy,
    gatewayTransNo: refund.gatewayTransNo,
    failureCode: refund.failureCode,
    createdAt: refund.requestedAt,
    settledAt: refund.settledAt,
    nextCheckAt: refund.nextCheckAt,
  };
}
