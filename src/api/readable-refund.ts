/** Refunds as they may be shown: whole, or not at all. */
import { DomainError } from '../domain/errors.js';
import { REFUND_STATUSES } from '../domain/refund.js';
import type { StoredRefund } from '../store/refund-store.js';

/**
 * @returns the refund with every field that it is shown by; what says nothing about the money may be empty
 * @throws {DomainError} `unavailable` by its number when the money, the status or the order cannot be told from it
 */
export function readableRefund(refund: StoredRefund): StoredRefund {
  if (!isWhole(refund)) throw damaged(refund.refundNo);
  const { reason, method, requestedBy, gatewayTransNo, failureCode } = refund;
  const { settledAt, nextCheckAt } = refund;
  const texts = {
    reason,
    method,
    requestedBy,
    gatewayTransNo,
    failureCode,
    settledAt,
    nextCheckAt,
  };
  const shown = Object.entries(texts).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : null,
  ]);
  return { ...refund, ...Object.fromEntries(shown) };
}

function isWhole({
  amount,
  currency,
  status,
  merchantOrderNo,
  requestedAt,
}: StoredRefund): boolean {
  return (
    Number.isSafeInteger(amount) &&
    amount >= 0 &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency) &&
    REFUND_STATUSES.includes(status) &&
    typeof merchantOrderNo === 'string' &&
    typeof requestedAt === 'string' &&
    !Number.isNaN(Date.parse(requestedAt))
  );
}

function damaged(refundNo: string): DomainError {
  return new DomainError(
    'unavailable',
    `The record of refund ${refundNo} is damaged and cannot be shown.`,
    { logMessage: `the record of refund ${refundNo} is damaged` },
  );
}
