/** Payments that a revoke may have given back: what is remembered of them, and by which runs. */
import { describe, expect, it } from 'vitest';
import { applyDrafts } from '../../src/domain/audit.js';
import { decide } from '../../src/domain/decide.js';
import type { DecisionContext } from '../../src/domain/decision-context.js';
import type { Evidence } from '../../src/domain/evidence.js';
import type { Order, OrderClosing } from '../../src/domain/order.js';
import { type ReviewTarget, resolveReview } from '../../src/domain/review.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

const CONTEXT: DecisionContext = { sequence: 2, nowMs: CREATED_MS + 5_000 };
/** A run that began before the rules that were added later. */
const OLDER_RUN: DecisionContext = { ...CONTEXT, knows: () => false };

const closing: OrderClosing = {
  startedAt: new Date(CREATED_MS).toISOString(),
  requestedBy: 'schedule',
  cancelsSent: 1,
  possibleRevokes: 1,
  isPaymentSeen: false,
  rounds: 0,
  nextAt: new Date(CREATED_MS).toISOString(),
};

function orderAfter(order: Order, evidence: Evidence, context = CONTEXT): Order {
  return applyDrafts(order, decide(order, evidence, context).drafts);
}

function resolved(order: Order, to: ReviewTarget): Order {
  const resolution = { to, reason: 'looked at it', actor: 'ann' };
  return applyDrafts(order, resolveReview(order, resolution, CONTEXT) ?? []);
}

describe('a payment that the gateway named after a revoke', () => {
  const reviewed = (context: DecisionContext) => {
    const order = anOrder({ status: 'canceling', closing });
    return orderAfter(order, aQuery(answerOf(order, 'paid')), context);
  };

  it('when a person has it closed and the gateway closes it, then it is not called unpaid', () => {
    const again = resolved(reviewed(CONTEXT), 'canceling');
    expect(orderAfter(again, aQuery(answerOf(again, 'closed')))).toMatchObject({
      status: 'review',
      reviewReason: 'refunded_by_cancel',
    });
  });

  it('when the run is older than that rule, then its replay takes the steps of then', () => {
    const again = resolved(reviewed(OLDER_RUN), 'canceling');
    expect(again.closing?.isPaymentSeen).toBe(false);
    expect(orderAfter(again, aQuery(answerOf(again, 'closed')), OLDER_RUN).status).toBe('canceled');
  });
});

describe('late money that a revoke may have given back', () => {
  const canceled = anOrder({ status: 'canceled', closing });
  const late = orderAfter(canceled, aQuery(answerOf(canceled, 'paid')));

  it.each([
    ['only the answer told it', late],
    ['a callback tells it too', orderAfter(late, aCallback(factsOf(late)))],
  ])(
    'when %s, a person has it closed and the gateway closes it, then it is not called unpaid',
    (_who, order) => {
      expect(order).toMatchObject({ status: 'review', paidAmount: order.amount });
      const again = resolved(order, 'canceling');
      expect(orderAfter(again, aQuery(answerOf(again, 'closed'))).status).toBe('review');
    },
  );
});
