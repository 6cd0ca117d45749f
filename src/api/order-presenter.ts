import { formatDuration } from '../domain/duration.js';
import type { Order, OrderChecks } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import { orderWorkflowId } from '../workflows/order-messages.js';
import type { OrderAnswer } from './answer-schemas.js';
import { readableOrder } from './readable-order.js';

/**
 * The order as the API shows it.
 * @param verifyToken only for those who may have it
 * @throws {DomainError} `unavailable` when the record is damaged
 */
export function presentOrder(recorded: Order, verifyToken: string | null): OrderAnswer {
  const order = readableOrder(recorded);
  return {
    merchantOrderNo: order.merchantOrderNo,
    status: order.status,
    final: isFinal(order.status),
    channel: order.channel,
    amount: order.amount,
    currency: order.currency,
    paidAmount: order.paidAmount,
    refundedAmount: order.refundedAmount,
    gatewayTransNo: order.gatewayTransNo,
    paymentUrl: order.paymentUrl,
    ...(verifyToken === null ? {} : { verifyToken }),
    lastAttempt: order.lastAttempt,
    checks: presentChecks(order.checks),
    decidedBy:
      order.decidedBy === null ? null : { source: order.decidedBy.source, at: order.decidedBy.at },
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    paidAt: order.paidAt,
    canceledAt: order.canceledAt,
    workflowId: orderWorkflowId(order.merchantNo, order.merchantOrderNo),
  };
}

function presentChecks(checks: OrderChecks): OrderAnswer['checks'] {
  const { strategy, done, nextAt } = checks;
  return strategy === 'progressive'
    ? { strategy, schedule: checks.scheduleMs.map(formatDuration), done, nextAt }
    : {
        strategy,
        schedule: null,
        interval: formatDuration(checks.intervalMs),
        limit: checks.limit,
        done,
        nextAt,
      };
}
