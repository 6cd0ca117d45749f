import { describe, expect, it } from 'vitest';
import { applyDrafts } from '../../src/domain/audit.js';
import { type Decision, decide } from '../../src/domain/decide.js';
import type { Evidence } from '../../src/domain/evidence.js';
import type { Order, OrderClosing } from '../../src/domain/order.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

const NOW_MS = CREATED_MS + 5_000;

function decided(order: Order, evidence: Evidence): Decision & { readonly after: Order } {
  const decision = decide(order, evidence, { sequence: 7, nowMs: NOW_MS });
  return { ...decision, after: applyDrafts(order, decision.drafts) };
}

const closing: OrderClosing = {
  startedAt: '2026-01-01T00:49:35.000Z',
  requestedBy: 'schedule',
  cancelsSent: 0,
  possibleRevokes: 0,
  isPaymentSeen: false,
  rounds: 0,
  nextAt: '2026-01-01T00:49:35.000Z',
};
const revoked: OrderClosing = { ...closing, cancelsSent: 1, possibleRevokes: 1 };

describe('evidence that proves the payment', () => {
  it('when a callback says paid and everything is ours, then the order is paid by it', () => {
    const order = anOrder();
    const { after, drafts } = decided(order, aCallback(factsOf(order)));
    expect(after).toMatchObject({
      status: 'paid',
      paidAmount: 1_050,
      gatewayTransNo: `G-${order.merchantOrderNo}`,
      decidedBy: { source: 'callback', auditSequence: 7 },
      paidAt: '2026-01-01T00:00:03.000Z',
    });
    expect(after.checks.nextAt).toBeNull();
    expect(drafts.map((draft) => draft.event)).toEqual(['callback.received', 'order.paid']);
  });

  it('when a query says paid and everything is ours, then the order is paid by it', () => {
    const order = anOrder();
    const { after } = decided(order, aQuery(answerOf(order, 'paid', { merchantNo: null })));
    expect(after).toMatchObject({ status: 'paid', decidedBy: { source: 'query' } });
  });

  it('when tips and discounts differ but the ordered amount is ours, then the order is paid', () => {
    const order = anOrder();
    const facts = factsOf(order, { tipAmount: 200, paidAmount: 1_250, discountAmount: 10 });
    expect(decided(order, aCallback(facts)).after).toMatchObject({
      status: 'paid',
      paidAmount: 1_250,
    });
  });

  it.each([
    ['amount', { amount: 1_049 }],
    ['currency', { currency: 'EUR' }],
    ['merchant', { merchantNo: 'M9' }],
  ])(
    'when a paid message has another %s, then the order goes to review and is never paid',
    (_field, differing) => {
      const order = anOrder();
      for (const evidence of [
        aCallback(factsOf(order, differing)),
        aQuery(answerOf(order, 'paid', differing)),
      ]) {
        const { after, anomalies } = decided(order, evidence);
        expect(after).toMatchObject({
          status: 'review',
          reviewReason: 'amount_mismatch',
          paidAt: null,
        });
        expect(anomalies).toMatchObject([{ kind: 'amount_mismatch' }]);
      }
    },
  );

  it('when a callback says paid without an amount, then it decides nothing and the gateway is asked', () => {
    const order = anOrder();
    const { after, wakesQuery } = decided(order, aCallback(factsOf(order, { amount: null })));
    expect(after.status).toBe('pending');
    expect(wakesQuery).toBe(true);
  });
});

describe('evidence that decides nothing', () => {
  it('when a callback is old, not understood, a refund, or not paid, then the gateway is asked', () => {
    const order = anOrder();
    for (const evidence of [
      aCallback(factsOf(order), { isStale: true }),
      aCallback(null),
      aCallback(factsOf(order, { transactionKind: 'refund' })),
      aCallback(factsOf(order, { transactionKind: 'void' })),
      aCallback(factsOf(order, { state: 'paying' })),
      aCallback(factsOf(order, { state: 'closed' })),
    ]) {
      const { after, wakesQuery } = decided(order, evidence);
      expect(after.status).toBe('pending');
      expect(wakesQuery).toBe(true);
    }
  });

  it.each(['open', 'paying', 'closed', 'not_found', 'unknown'] as const)(
    'when a scheduled check answers %s, then the order stays pending and the check is counted',
    (answer) => {
      const order = anOrder();
      const { after } = decided(order, aQuery(answerOf(order, answer)));
      expect(after).toMatchObject({
        status: 'pending',
        lastAnswer: { answer },
        checks: { done: 1, nextAt: '2026-01-01T00:00:35.000Z' },
      });
    },
  );

  it('when a query was asked on demand, then it does not count towards the schedule', () => {
    const order = anOrder();
    const { after } = decided(order, aQuery(answerOf(order, 'open'), { reason: 'verify' }));
    expect(after.checks).toEqual(order.checks);
  });

  it('when the attempt was declined, then the order stays pending and says so', () => {
    const order = anOrder();
    const answer = answerOf(order, 'closed', { failureCode: 'E51' });
    expect(decided(order, aQuery(answer)).after).toMatchObject({
      status: 'pending',
      lastAttempt: { result: 'declined', code: 'E51' },
    });
  });
});

describe('a paid order', () => {
  const paid = anOrder({ status: 'paid', paidAt: '2026-01-01T00:00:03.000Z' });
  const order: Order = { ...paid, gatewayTransNo: `G-${paid.merchantOrderNo}` };

  it.each(['open', 'paying', 'closed', 'not_found', 'unknown'] as const)(
    'when the gateway then answers %s, then it stays paid',
    (answer) => {
      expect(decided(order, aQuery(answerOf(order, answer))).after.status).toBe('paid');
    },
  );

  it('when the gateway then calls it closed, then somebody is told', () => {
    const { anomalies } = decided(order, aQuery(answerOf(order, 'closed')));
    expect(anomalies).toMatchObject([{ kind: 'contradiction' }]);
  });

  it('when the same payment is told again, then nothing changes and nobody is told', () => {
    const { after, anomalies, drafts } = decided(order, aCallback(factsOf(order)));
    expect(after.status).toBe('paid');
    expect(anomalies).toEqual([]);
    expect(drafts).toHaveLength(1);
  });

  it('when a second payment arrives under its number, then somebody is told', () => {
    const { after, anomalies } = decided(
      order,
      aCallback(factsOf(order, { gatewayTransNo: 'G-other' })),
    );
    expect(after.status).toBe('paid');
    expect(anomalies).toMatchObject([{ kind: 'duplicate_payment' }]);
  });
});

describe('closing', () => {
  const order = anOrder({ status: 'canceling', closing });
  const afterRevoke = anOrder({ status: 'canceling', closing: revoked });

  it('when it was paid in between and no revoke was sent, then it is paid', () => {
    expect(decided(order, aQuery(answerOf(order, 'paid'))).after.status).toBe('paid');
    expect(decided(order, aCallback(factsOf(order))).after.status).toBe('paid');
  });

  it('when it is closed and unpaid, then it is canceled and the watch for late money begins', () => {
    const { after } = decided(order, aQuery(answerOf(order, 'closed')));
    expect(after).toMatchObject({
      status: 'canceled',
      canceledAt: new Date(NOW_MS).toISOString(),
      lateWatch: { done: 0, nextAt: new Date(NOW_MS + 600_000).toISOString() },
    });
  });

  it('when it is closed with traces of a payment after a revoke, then the revoke refunded it: review', () => {
    const { after, anomalies } = decided(
      afterRevoke,
      aQuery(answerOf(afterRevoke, 'closed', { hasPaymentTraces: true })),
    );
    expect(after).toMatchObject({ status: 'review', reviewReason: 'refunded_by_cancel' });
    expect(anomalies).toMatchObject([{ kind: 'refunded_by_cancel' }]);
  });

  it('when a callback says paid after a revoke, then only the gateway can tell, and closed means refunded', () => {
    const first = decided(afterRevoke, aCallback(factsOf(afterRevoke)));
    expect(first.after.status).toBe('canceling');
    expect(first.wakesQuery).toBe(true);
    const second = decided(first.after, aQuery(answerOf(afterRevoke, 'closed')));
    expect(second.after).toMatchObject({ status: 'review', reviewReason: 'refunded_by_cancel' });
  });

  it('when the gateway says paid although a revoke may have taken effect, then a person decides', () => {
    const { after } = decided(afterRevoke, aQuery(answerOf(afterRevoke, 'paid')));
    expect(after).toMatchObject({ status: 'review', reviewReason: 'refunded_by_cancel' });
  });

  it.each(['open', 'paying', 'not_found', 'unknown'] as const)(
    'when the answer is %s, then it is not closed by the answer alone',
    (answer) => {
      expect(decided(order, aQuery(answerOf(order, answer))).after.status).toBe('canceling');
    },
  );
});

describe('after closing', () => {
  it('when money arrives late, then the order goes to review with what was paid', () => {
    const order = anOrder({ status: 'canceled', closing });
    for (const evidence of [aCallback(factsOf(order)), aQuery(answerOf(order, 'paid'))]) {
      const { after, anomalies } = decided(order, evidence);
      expect(after).toMatchObject({
        status: 'review',
        reviewReason: 'late_payment',
        paidAmount: 1_050,
      });
      expect(anomalies).toMatchObject([{ kind: 'late_payment' }]);
    }
  });

  it('when an order could not be closed, then a definite answer still settles it', () => {
    const order = anOrder({ status: 'review', reviewReason: 'unclosable', closing });
    expect(decided(order, aQuery(answerOf(order, 'paid'))).after.status).toBe('paid');
    expect(decided(order, aQuery(answerOf(order, 'closed'))).after.status).toBe('canceled');
    expect(decided(order, aQuery(answerOf(order, 'open'))).after.status).toBe('canceling');
    expect(decided(order, aQuery(answerOf(order, 'unknown'))).after.status).toBe('review');
  });

  it('when an order is in review for any other reason, then evidence is kept and a person decides', () => {
    const order = anOrder({ status: 'review', reviewReason: 'amount_mismatch' });
    expect(decided(order, aCallback(factsOf(order))).after.status).toBe('review');
    expect(decided(order, aQuery(answerOf(order, 'closed'))).after.status).toBe('review');
  });
});
