/** An operator calls an order paid of which the record has seen no payment, only a try that was declined. */
import { describe, expect, it } from 'vitest';
import { applyDrafts } from '../../src/domain/audit.js';
import { decide } from '../../src/domain/decide.js';
import type { DecisionContext } from '../../src/domain/decision-context.js';
import type { Evidence } from '../../src/domain/evidence.js';
import type { Order } from '../../src/domain/order.js';
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
/** A run that began before this rule. */
const OLDER_RUN: DecisionContext = { ...CONTEXT, knows: () => false };

const unclosable = anOrder({
  status: 'review',
  reviewReason: 'unclosable',
  gatewayTransNo: 'declined',
});

function resolved(order: Order, to: ReviewTarget, context = CONTEXT): Order {
  const resolution = { to, reason: 'seen at the gateway', actor: 'ann' };
  return applyDrafts(order, resolveReview(order, resolution, context) ?? []);
}

function told(order: Order, evidence: Evidence, context = CONTEXT) {
  const { drafts, anomalies } = decide(order, evidence, context);
  return { after: applyDrafts(order, drafts), kinds: anomalies.map(({ kind }) => kind) };
}

function paidAs(order: Order, gatewayTransNo: string) {
  const facts = { ...factsOf(order), gatewayTransNo };
  return { query: aQuery(answerOf(order, 'paid', facts)), callback: aCallback(facts) };
}

describe.each(['paid', 'refunded'] as const)('an order that an operator called %s', (to) => {
  const order = resolved(unclosable, to);

  it.each(['query', 'callback'] as const)(
    'when a %s names the payment, then it is the order’s and no second one',
    (source) => {
      const { after, kinds } = told(order, paidAs(order, 'payment')[source]);
      expect(kinds).toEqual([]);
      expect(after).toMatchObject({ status: to, gatewayTransNo: 'payment' });
    },
  );

  it.each(['query', 'callback'] as const)(
    'when a %s names another one after that, then it is told',
    (source) => {
      const { after } = told(order, paidAs(order, 'payment').callback);
      const second = told(after, paidAs(after, 'another')[source]);
      expect(second.kinds).toEqual(['duplicate_payment']);
      expect(second.after.gatewayTransNo).toBe('payment');
    },
  );
});

describe('an order that an operator called paid', () => {
  it.each(['amount_mismatch', 'contradiction', 'refunded_by_cancel', 'late_payment'] as const)(
    'when it was in review as %s, then money was seen and its number stays',
    (reviewReason) => {
      const order = resolved({ ...unclosable, reviewReason, paidAmount: 1 }, 'paid');
      expect(order.gatewayTransNo).toBe('declined');
    },
  );

  it('when a callback or an answer is of a declined try, then its number is not taken', () => {
    const order = resolved(unclosable, 'paid');
    const facts = factsOf(order, { state: 'closed', gatewayTransNo: 'declined' });
    expect(told(order, aCallback(facts)).after.gatewayTransNo).toBeNull();
    const closed = aQuery(answerOf(order, 'closed', facts));
    expect(told(order, closed).after.gatewayTransNo).toBeNull();
  });

  it('when the run is older than that rule, then its replay takes the steps of then', () => {
    const order = resolved(unclosable, 'paid', OLDER_RUN);
    expect(order.gatewayTransNo).toBe('declined');
    const withoutNumber = { ...order, gatewayTransNo: null };
    const { callback } = paidAs(order, 'payment');
    expect(told(withoutNumber, callback, OLDER_RUN).after.gatewayTransNo).toBeNull();
    const closed = aQuery(answerOf(order, 'closed', { gatewayTransNo: 'declined' }));
    expect(told(withoutNumber, closed, OLDER_RUN).after.gatewayTransNo).toBe('declined');
  });
});
