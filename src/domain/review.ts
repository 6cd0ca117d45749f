/** An operator's resolution of a review. Pure. */
import type { AuditDraft } from './audit.js';
import { decidedAt } from './decision-context.js';
import { decisionEntry } from './decision-entry.js';
import type { Order, OrderChanges, OrderStatus } from './order.js';
import { canTransition } from './order-state.js';

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
  context: { readonly sequence: number; readonly nowMs: number },
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
      changes: { ...changesOf(order, to, at), reviewReason: null },
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

function changesOf(order: Order, to: OrderStatus, at: string): OrderChanges {
  const paidAmount = order.paidAmount > 0 ? order.paidAmount : order.amount;
  const refundCapAmount = refundCapOf(order, paidAmount);
  switch (to) {
    case 'paid':
      return { paidAmount, refundCapAmount, paidAt: order.paidAt ?? at };
    case 'refunded':
      return { paidAmount, refundCapAmount, refundedAmount: paidAmount };
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
