import type { AnomalyKind } from './audit.js';
import type { Order } from './order.js';
import { REVIEW_REASONS } from './order.js';
import { isFinal } from './order-state.js';
import { nextRefundCheck } from './refund-rules.js';

/** Anomalies that end by themselves with this change: what they told of is settled. */
export function healedAnomalies(before: Order | null, after: Order): readonly AnomalyKind[] {
  if (before === null) return [];
  const kinds: AnomalyKind[] = [];
  if (before.status === 'review' && after.status !== 'review') kinds.push(...REVIEW_REASONS);
  if (!isFinal(before.status) && isFinal(after.status)) kinds.push('closing_stuck', 'unclosable');
  if (nextRefundCheck(before) !== null && nextRefundCheck(after) === null)
    kinds.push('refund_stuck');
  if (before.lateMoney !== null && after.status === 'refunded') kinds.push('late_payment');
  return kinds;
}
