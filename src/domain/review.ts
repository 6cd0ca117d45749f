/** An operator's resolution of a review. Pure. */
import type { AuditDraft } from './audit.js';
import { type DecisionContext, decidedAt, knows } from './decision-context.js';
import { decisionEntry } from './decision-entry.js';
import type { Order, OrderChanges, OrderStatus } from './order.js';
import { canTransition } from './order-state.js';
import { isPaymentKnown } from './payment-outcomes.js';

/** What a review may be resolved to. `canceling` closes the order by the usual protocol. */
export const REVIEW_TARGETS = ['paid', 'canceled', 'refunded', 'canceling'] as const;
export type ReviewTarget = (typeof REVIEW_TARGETS)[number];

export interface ReviewResolution {
  readonly to: ReviewTarget;
  readonly reason: string;
  /** Name of the ops token. */
  readonly actor: string;
}

const EVENTS = {
  paid: 'order.paid',
  canceled: 'order.canceled',
  refunded: 'order.refunded',
  canceling: 'order.canceling',
} as const satisfies Record<ReviewTarget, string>;

/** @returns what is written, or `null` when the order is in no state that allows it */
export function resolveReview(
  order: Order,
  resolution: ReviewResolution,
  context: DecisionContext,
): readonly AuditDraft[] | null {
  const { to, reason, actor } = resolution;
  if (order.status !== 'review' || !canTransition('review', to)) return null;
  const at = decidedAt(context);
  const asked: AuditDraft = {
    kind: 'operator',
    event: 'review.resolved',
    at,
    summary: `${actor} resolved the review to ${to}: ${reason}`,
    data: { actor, to, reason, reviewReason: order.reviewReason },
    changes: {},
  };
  const decided = decisionEntry(
    order,
    {
      to,
      event: EVENTS[to],
      summary: `Decided by ${actor}.`,
      changes: { ...changesOf(order, to, context), reviewReason: null },
    },
    { source: 'operator', at, auditSequence: context.sequence },
  );
  return [asked, decided];
}

/** What was received in another currency cannot cap refunds in ours: then nothing is refunded here. */
function refundCapOf(order: Order, paidAmount: number): number {
  if (order.refundCapAmount > 0) return order.refundCapAmount;
  return order.reviewReason === 'amount_mismatch' ? 0 : paidAmount;
}

/** Nobody has seen a payment of such an order: the number in its record is at most that of a try that was declined. */
function withoutTriedNumber(order: Order, context: DecisionContext): OrderChanges {
  const isTriedOnly = order.reviewReason === 'unclosable' && !isPaymentKnown(order);
  if (!isTriedOnly || order.gatewayTransNo === null) return {};
  return knows(context, 'operators-paid-names-no-payment') ? { gatewayTransNo: null } : {};
}

function changesOf(order: Order, to: OrderStatus, context: DecisionContext): OrderChanges {
  const at = decidedAt(context);
  const paidAmount = order.paidAmount > 0 ? order.paidAmount : order.amount;
  const received = { paidAmount, refundCapAmount: refundCapOf(order, paidAmount) };
  switch (to) {
    case 'paid':
      return { ...received, ...withoutTriedNumber(order, context), paidAt: order.paidAt ?? at };
    case 'refunded':
      return { ...received, ...withoutTriedNumber(order, context), refundedAmount: paidAmount };
    case 'canceling':
      return {
        closing: {
          startedAt: at,
          requestedBy: 'operator',
          cancelsSent: 0,
          possibleRevokes: order.closing?.possibleRevokes ?? 0,
          isPaymentSeen: order.closing?.isPaymentSeen ?? false,
          rounds: 0,
          nextAt: at,
        },
      };
    default:
      return {};
  }
}
