import type { AuditDraft } from './audit.js';
import type { Order, OrderChecks, OrderPolicy } from './order.js';
import { expiryMs, firstCheck } from './schedule.js';

/** What a merchant asks for, checked, with the defaults filled in. */
export interface NewOrder
  extends Pick<
    Order,
    | 'merchantNo'
    | 'merchantOrderNo'
    | 'channel'
    | 'amount'
    | 'currency'
    | 'description'
    | 'redirectUrl'
    | 'terminalSn'
    | 'metadata'
    | 'contentHash'
  > {
  readonly checks: Omit<OrderChecks, 'done' | 'nextAt'>;
  readonly policy: OrderPolicy;
}

/**
 * The first record of an order. Where the gateway has to be told, creation counts as `unknown` from the start: whoever
 * goes on from this record cannot know whether the call was made, and asks first.
 */
export function newOrder(request: NewOrder, createdAtMs: number): Order {
  const createdAt = new Date(createdAtMs).toISOString();
  const checks = firstCheck(request.checks, createdAtMs);
  return {
    ...request,
    status: 'pending',
    reviewReason: null,
    paidAmount: 0,
    refundCapAmount: 0,
    refundedAmount: 0,
    gatewayTransNo: null,
    paymentUrl: null,
    gatewayCreation: request.channel === 'pos' ? 'not_needed' : 'unknown',
    expiresAt: new Date(createdAtMs + expiryMs(checks)).toISOString(),
    attemptStartedAt: createdAt,
    lastAttempt: null,
    lastAnswer: null,
    checks,
    closing: null,
    lateWatch: null,
    lateMoney: null,
    refunds: [],
    callbackIds: [],
    decidedBy: null,
    createdAt,
    updatedAt: createdAt,
    paidAt: null,
    canceledAt: null,
  };
}

/** The first audit entry: its changes hold the whole order, so that the audit alone gives the order again. */
export function createdEntry(order: Order): AuditDraft {
  return {
    kind: 'create',
    event: 'order.created',
    at: order.createdAt,
    summary: 'The order was accepted.',
    data: {
      channel: order.channel,
      amount: order.amount,
      currency: order.currency,
      expiresAt: order.expiresAt,
    },
    changes: order,
  };
}
