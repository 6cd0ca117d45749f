/** What a proven payment makes of an order: paid, a mismatch, or late money. Pure. */
import { type DecisionContext, decidedAt, knows } from './decision-context.js';
import { type Outcome, reviewOutcome } from './decision-entry.js';
import type { PaymentFacts } from './evidence.js';
import { mayHaveRevoked, type Order, type OrderChanges } from './order.js';
import { isPaid } from './order-state.js';

export function paidOutcome(order: Order, facts: PaymentFacts, context: DecisionContext): Outcome {
  const paidAt = facts.endedAt ?? decidedAt(context);
  return {
    to: 'paid',
    event: 'order.paid',
    summary: 'Paid: signed by the gateway; number, merchant, amount and currency are ours.',
    changes: { ...receivedChanges(order, facts), paidAt, reviewReason: null },
  };
}

/** What came is kept where it is an amount of the order's own currency: refunds never give back more. */
export function mismatchOutcome(
  order: Order,
  facts: PaymentFacts,
  fields: readonly string[],
): Outcome {
  return reviewOutcome('amount_mismatch', {
    summary: `The gateway says paid, but its ${fields.join(', ')} ${fields.length === 1 ? 'differs' : 'differ'} from the order's.`,
    changes: isOnlyAmount(fields) ? receivedChanges(order, facts) : {},
  });
}

function isOnlyAmount(mismatched: readonly string[]): boolean {
  return mismatched.every((field) => field === 'amount');
}

/**
 * Money for an order that was closed unpaid. It is resolved once, by the order's policy, whatever way it was learnt.
 * What cannot be resolved by a rule goes to a person: another amount, or a revoke that may have given it back.
 */
export function outcomeOfLateMoney(
  order: Order,
  facts: PaymentFacts,
  options: { readonly mismatched: readonly string[]; readonly context: DecisionContext },
): Outcome {
  const { mismatched, context } = options;
  const at = decidedAt(context);
  const isAgain = order.lateMoney !== null;
  if (isAgain && !(isLateMoneyAgain(order, facts) && knows(context, 'late-money-comes-again'))) {
    return {};
  }
  const received = isOnlyAmount(mismatched) ? receivedChanges(order, facts) : {};
  // What cannot be given back, because nothing of it was the payer's, is for a person as well.
  const isNothingToRefund = (received.refundCapAmount ?? 0) === 0;
  const mustBeReviewed =
    isAgain || mismatched.length > 0 || mayHaveRevoked(order) || isNothingToRefund;
  const resolution = mustBeReviewed ? 'review' : order.policy.latePaymentPolicy;
  const lateMoney = { gatewayTransNo: facts.gatewayTransNo, resolution, at };
  const changes: OrderChanges = { ...received, lateMoney };
  const told = {
    kind: 'late_payment' as const,
    detail: `paid after closing; resolved by the policy ${resolution}`,
  };
  switch (resolution) {
    case 'review':
      return reviewOutcome('late_payment', {
        summary: 'Paid at the gateway after the order was closed unpaid: a person decides.',
        changes,
      });
    case 'accept':
      return {
        to: 'paid',
        event: 'order.paid',
        summary: 'Paid after the order was closed: accepted by the policy for late payments.',
        changes: { ...changes, paidAt: facts.endedAt ?? at, reviewReason: null },
        anomalies: [told],
      };
    case 'refund':
      return {
        to: 'canceled',
        event: 'order.late_payment',
        summary: 'Paid after the order was closed: it is refunded by the policy for late payments.',
        changes,
        anomalies: [told],
      };
  }
}

/**
 * Late money came before, a person had the order closed, and it is paid after all. What is being given back, or what
 * the person called settled, is known.
 */
function isLateMoneyAgain(order: Order, facts: PaymentFacts): boolean {
  if (order.lateMoney?.resolution !== 'review') return false;
  return order.decidedBy?.source !== 'operator' || isSecondPayment(order, facts);
}

/** Beside whatever it means: a payment that is not the one in the record is owed back, and somebody must know. */
export function withSecondPayment(order: Order, facts: PaymentFacts, outcome: Outcome): Outcome {
  if (!isSecondPayment(order, facts)) return outcome;
  const told = {
    kind: 'duplicate_payment' as const,
    detail: `a second payment ${facts.gatewayTransNo} under an order that was paid by ${order.gatewayTransNo}`,
  };
  return { ...outcome, anomalies: [...(outcome.anomalies ?? []), told] };
}

/** A message about another payment than the one that is known. */
export function isSecondPayment(order: Order, facts: PaymentFacts): boolean {
  return (
    isPaymentKnown(order) &&
    facts.state === 'paid' &&
    facts.gatewayTransNo !== null &&
    order.gatewayTransNo !== null &&
    facts.gatewayTransNo !== order.gatewayTransNo
  );
}

/** The record names a payment, also one that a revoke may have given back, or that is late: any other is a second one. */
export function isPaymentKnown(order: Order): boolean {
  return (
    isPaid(order.status) ||
    order.paidAmount > 0 ||
    order.lateMoney !== null ||
    order.closing?.isPaymentSeen === true
  );
}

/** A payment that a revoke may have given back: it is named in the record, and there is no money in it to refund. */
export function seenPaymentChanges(order: Order, facts: PaymentFacts): OrderChanges {
  if (order.closing === null) return {};
  return {
    closing: { ...order.closing, isPaymentSeen: true },
    gatewayTransNo: facts.gatewayTransNo ?? order.gatewayTransNo,
  };
}

/** The gateway's answer, or an earlier message, speaks of a payment beside what the record holds. */
export function isPaymentSeen(order: Order, facts: PaymentFacts): boolean {
  return facts.hasPaymentTraces || order.closing?.isPaymentSeen === true;
}

/** The gateway calls an order closed, and what a revoke may have given back was a payment. */
export function isPaymentRevoked(
  order: Order,
  facts: PaymentFacts,
  context: Pick<DecisionContext, 'knows'>,
): boolean {
  if (!mayHaveRevoked(order) || isSettledByPerson(order, context)) return false;
  if (isPaymentSeen(order, facts)) return true;
  // A person had money closed away that the record holds.
  const isHeld = order.status === 'canceling' && order.paidAmount > 0;
  return isHeld && knows(context, 'revoked-payment-is-remembered');
}

/** A person has looked at it and called the order canceled; the same answer again is no news. */
function isSettledByPerson(order: Order, context: Pick<DecisionContext, 'knows'>): boolean {
  const isSettled = order.status === 'canceled' && order.decidedBy?.source === 'operator';
  return isSettled && knows(context, 'settled-by-a-person');
}

/** Paid, or paid and closed, after a revoke that may have given the money back: a person looks at the gateway. */
export function refundedByCancelOutcome(
  order: Order,
  facts: PaymentFacts,
  options: { readonly summary: string; readonly context: Pick<DecisionContext, 'knows'> },
): Outcome {
  const { summary, context } = options;
  // A closing that a person begins after this goes another way when the payment was seen.
  const isRemembered =
    order.closing?.isPaymentSeen === true || knows(context, 'revoked-payment-is-remembered');
  return reviewOutcome('refunded_by_cancel', {
    summary,
    changes: isRemembered ? seenPaymentChanges(order, facts) : {},
  });
}

function receivedChanges(order: Order, facts: PaymentFacts): OrderChanges {
  const paidAmount = facts.paidAmount ?? facts.amount ?? order.amount;
  return {
    paidAmount,
    refundCapAmount: facts.refundCapAmount ?? Math.min(paidAmount, order.amount),
    gatewayTransNo: facts.gatewayTransNo ?? order.gatewayTransNo,
  };
}
