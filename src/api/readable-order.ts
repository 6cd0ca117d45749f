/** Records that an older version wrote, or that are damaged, as they may be shown: whole, or not at all. */
import type { AuditEntry } from '../domain/audit.js';
import { DomainError } from '../domain/errors.js';
import { type Explanation, explain } from '../domain/explain.js';
import { ORDER_STATUSES, type Order, type OrderChecks } from '../domain/order.js';

/** What a record says that has no such field: it is of a time when there was nothing to say. */
const ABSENT = {
  reviewReason: null,
  gatewayTransNo: null,
  paymentUrl: null,
  lastAttempt: null,
  lastAnswer: null,
  closing: null,
  lateWatch: null,
  lateMoney: null,
  refunds: [],
  decidedBy: null,
  paidAt: null,
  canceledAt: null,
} as const satisfies Partial<Order>;

/**
 * @returns the order with every field that it is shown by
 * @throws {DomainError} `unavailable` when an amount, the status or the schedule cannot be told from the record: a
 * guess could be read as unpaid
 */
export function readableOrder(order: Order): Order {
  const whole = { ...ABSENT, ...order };
  if (isWhole(whole)) return whole;
  throw damaged(order.merchantOrderNo);
}

/** @throws {DomainError} `unavailable` when the record or its audit is damaged where the explanation needs it */
export function explainStored(order: Order, audit: readonly AuditEntry[]): Explanation {
  const whole = readableOrder(order);
  try {
    return explain(whole, audit);
  } catch (error) {
    throw damaged(order.merchantOrderNo, error);
  }
}

function isWhole({ status, checks, refunds, ...order }: Order): boolean {
  const amounts = [order.amount, order.paidAmount, order.refundedAmount];
  return (
    ORDER_STATUSES.includes(status) &&
    amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0) &&
    typeof order.currency === 'string' &&
    Array.isArray(refunds) &&
    hasSchedule(checks)
  );
}

function hasSchedule(checks: OrderChecks | null | undefined): boolean {
  if (checks?.strategy === 'progressive') return Array.isArray(checks.scheduleMs);
  return checks?.strategy === 'scheduled' && Number.isFinite(checks.intervalMs);
}

function damaged(merchantOrderNo: string, cause?: unknown): DomainError {
  return new DomainError(
    'unavailable',
    `The record of order ${merchantOrderNo} is damaged and cannot be shown.`,
    { logMessage: `the record of order ${merchantOrderNo} is damaged`, cause },
  );
}
