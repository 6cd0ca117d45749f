/** Defects that seeds have found, each as small as it can be said. */
import { describe, expect, it } from 'vitest';
import { applyDrafts } from '../../src/domain/audit.js';
import { decide } from '../../src/domain/decide.js';
import type { Order } from '../../src/domain/order.js';
import type { RefundQueryEvidence } from '../../src/domain/refund.js';
import { decideRefund, isRefundRecorded } from '../../src/domain/refund-decisions.js';
import { refundRequestedEntry } from '../../src/domain/refund-entries.js';
import { refundRefusal } from '../../src/domain/refund-rules.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

const CONTEXT = { sequence: 7, nowMs: CREATED_MS + 60_000 };

describe('a second payment under one number', () => {
  const order = anOrder({
    status: 'paid',
    paidAmount: 1_050,
    gatewayTransNo: 'G-1',
    paidAt: '2026-01-01T00:00:03.000Z',
  });
  const decided = (transNo: string) =>
    decide(order, aCallback(factsOf(order, { gatewayTransNo: transNo }), { isStale: true }), {
      sequence: 7,
      nowMs: CREATED_MS + 600_000,
    });

  // Its callback had been lost for minutes, and the order was paid by the payment that came after it.
  it('when only an old callback tells of it, then it is told all the same, and decides nothing', () => {
    const { anomalies, drafts } = decided('G-2');
    expect(anomalies).toEqual([expect.objectContaining({ kind: 'duplicate_payment' })]);
    expect(drafts.some(({ changes }) => changes.status !== undefined)).toBe(false);
  });

  it('when an old callback repeats the payment that is known, then nothing is told', () => {
    expect(decided('G-1').anomalies).toEqual([]);
  });

  it('when it comes while a person decides about the first, then it is told', () => {
    const reviewed = { ...order, status: 'review', reviewReason: 'late_payment' } as const;
    expect(anomaliesOf(reviewed, 'G-2')).toEqual(['duplicate_payment']);
    expect(anomaliesOf(reviewed, 'G-2', { isStale: true })).toEqual(['duplicate_payment']);
    expect(anomaliesOf(reviewed, 'G-1')).toEqual([]);
  });

  describe('after a revoke that may have given the first one back', () => {
    const closing = {
      startedAt: new Date(CREATED_MS).toISOString(),
      requestedBy: 'merchant',
      cancelsSent: 1,
      possibleRevokes: 1,
      isPaymentSeen: false,
      rounds: 0,
      nextAt: new Date(CREATED_MS).toISOString(),
    } as const;
    const canceling = anOrder({ status: 'canceling', closing });
    const told = (before: Order, transNo: string) => {
      const evidence = aCallback(factsOf(before, { gatewayTransNo: transNo }));
      const { anomalies, drafts } = decide(before, evidence, CONTEXT);
      return { kinds: anomalies.map(({ kind }) => kind), after: applyDrafts(before, drafts) };
    };
    const answered = (before: Order, answer: 'paid' | 'closed', transNo: string) => {
      const traces = { gatewayTransNo: transNo, hasPaymentTraces: true };
      const evidence = aQuery(answerOf(before, answer, traces));
      const { anomalies, drafts } = decide(before, evidence, CONTEXT);
      return { kinds: anomalies.map(({ kind }) => kind), after: applyDrafts(before, drafts) };
    };

    it('when callbacks of both come while it is being closed, then the second is told', () => {
      const first = told(canceling, 'G-1');
      expect(first.kinds).toEqual([]);
      expect(told(first.after, 'G-1').kinds).toEqual([]);
      expect(told(first.after, 'G-2').kinds).toEqual(['duplicate_payment']);
    });

    it('when the second comes while a person looks at the first, then it is told', () => {
      const { after } = answered(told(canceling, 'G-1').after, 'closed', 'G-1');
      expect(after).toMatchObject({ status: 'review', reviewReason: 'refunded_by_cancel' });
      expect(told(after, 'G-1').kinds).toEqual([]);
      expect(told(after, 'G-2').kinds).toEqual(['duplicate_payment']);
    });

    it('when the answer names another payment than the callback, then both are told', () => {
      const { kinds, after } = answered(told(canceling, 'G-1').after, 'paid', 'G-2');
      expect(kinds).toEqual(['refunded_by_cancel', 'duplicate_payment']);
      expect(after.gatewayTransNo).toBe('G-2');
    });

    it('when the cancel was not sent after all and another payment proves it paid, then the first is told', () => {
      const { after } = told(canceling, 'G-1');
      const unsent = { ...after, closing: { ...closing, possibleRevokes: 0, isPaymentSeen: true } };
      const { after: paid, kinds } = told(unsent, 'G-2');
      expect(paid).toMatchObject({ status: 'paid', gatewayTransNo: 'G-2' });
      expect(kinds).toEqual(['duplicate_payment']);
    });

    it('when a person called it paid, then the payment that the gateway names is the one of the record', () => {
      const decided = { ...canceling, closing: { ...closing, isPaymentSeen: true } };
      const paid = {
        ...decided,
        status: 'paid',
        paidAmount: 1_050,
        gatewayTransNo: 'G-1',
      } as const;
      expect(answered(paid, 'paid', 'G-2').after.gatewayTransNo).toBe('G-2');
      expect(answered({ ...paid, closing: null }, 'paid', 'G-2').after.gatewayTransNo).toBe('G-1');
    });

    it('when a person has called it canceled, then the same answer again calls nobody', () => {
      const by = {
        source: 'operator',
        at: new Date(CREATED_MS).toISOString(),
        auditSequence: 9,
      } as const;
      const seen = { ...canceling, closing: { ...closing, isPaymentSeen: true } };
      const canceled = {
        ...seen,
        status: 'canceled',
        gatewayTransNo: 'G-1',
        decidedBy: by,
      } as const;
      expect(answered(canceled, 'closed', 'G-1').after.status).toBe('canceled');
      const byQuery = { ...canceled, decidedBy: { ...by, source: 'query' } } as const;
      expect(answered(byQuery, 'closed', 'G-1').after.status).toBe('review');
    });

    it('when the number of a declined try is in the record, then the payment that came takes its place', () => {
      const { after, kinds } = told({ ...canceling, gatewayTransNo: 'G-0' }, 'G-1');
      expect(kinds).toEqual([]);
      expect(after.gatewayTransNo).toBe('G-1');
    });
  });

  it('when it comes while late money is being given back, then it is told', () => {
    const at = '2026-01-01T00:00:03.000Z';
    const lateMoney = { gatewayTransNo: 'G-1', resolution: 'refund', at } as const;
    const canceled = { ...order, status: 'canceled', lateMoney } as const;
    expect(anomaliesOf(canceled, 'G-2')).toEqual(['duplicate_payment']);
    expect(anomaliesOf(canceled, 'G-1')).toEqual([]);
  });
});

function anomaliesOf(
  order: Order,
  transNo: string,
  { isStale } = { isStale: false },
): readonly string[] {
  const evidence = aCallback(factsOf(order, { gatewayTransNo: transNo }), { isStale });
  const { anomalies } = decide(order, evidence, CONTEXT);
  return anomalies.map(({ kind }) => kind);
}

describe('late money that comes again', () => {
  const at = new Date(CREATED_MS).toISOString();
  const canceled = anOrder({
    status: 'canceled',
    canceledAt: at,
    gatewayTransNo: 'G-1',
    lateMoney: { gatewayTransNo: 'G-1', resolution: 'review', at },
    decidedBy: { source: 'query', at, auditSequence: 5 },
  });
  const statusAfter = (order: Order, transNo: string, knows?: () => boolean) => {
    const evidence = aCallback(factsOf(order, { gatewayTransNo: transNo }));
    const { drafts } = decide(order, evidence, { ...CONTEXT, ...(knows ? { knows } : {}) });
    return applyDrafts(order, drafts).status;
  };

  // A person had the order closed after money that was none; what came later was in nobody's hands.
  it('when a person had the order closed with proof, then it is reviewed again', () => {
    expect(statusAfter(canceled, 'G-1')).toBe('review');
    expect(statusAfter(canceled, 'G-2')).toBe('review');
  });

  it('when a person called that money settled, then only another payment is reviewed', () => {
    const settled = {
      ...canceled,
      decidedBy: { source: 'operator', at, auditSequence: 5 },
    } as const;
    expect(statusAfter(settled, 'G-1')).toBe('canceled');
    expect(statusAfter(settled, 'G-2')).toBe('review');
  });

  it('when the run is older than the rule, then it decides as it did', () => {
    expect(statusAfter(canceled, 'G-1', () => false)).toBe('canceled');
  });
});

describe('a closed order about which the gateway gives no answer', () => {
  const at = new Date(CREATED_MS).toISOString();
  const over = { until: at, done: 4, nextAt: null };
  const canceled = anOrder({ status: 'canceled', canceledAt: at, lateWatch: over });
  const asked = (
    order: Order,
    reason: 'callback' | 'late_watch' | 'drift',
    knows?: () => boolean,
  ) =>
    applyDrafts(
      order,
      decide(order, aQuery(answerOf(order, 'unknown'), { reason }), {
        ...CONTEXT,
        ...(knows ? { knows } : {}),
      }).drafts,
    );
  const pausesOf = (begin: Order) => {
    const pauses: number[] = [];
    let order = begin;
    while (order.lateWatch?.nextAt != null && pauses.length < 100) {
      pauses.push(Date.parse(order.lateWatch.nextAt) - CONTEXT.nowMs);
      order = asked(order, 'late_watch');
    }
    return pauses;
  };

  // A callback that nobody understood told of a payment, the one question that it woke was lost, and the watch was over.
  it('when a callback had woken the question, then it is asked again, more and more slowly, for about a day', () => {
    const pauses = pausesOf(asked(canceled, 'callback'));
    expect(pauses.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    const sum = pauses.reduce((total, pauseMs) => total + pauseMs, 0);
    expect(sum).toBeGreaterThan(23 * 3_600_000);
    expect(sum).toBeLessThan(26 * 3_600_000);
  });

  it('when the last question of the watch had none, then it is asked again', () => {
    const last = { ...canceled, lateWatch: { ...over, done: 3, nextAt: at } };
    expect(asked(last, 'late_watch').lateWatch?.nextAt).not.toBeNull();
  });

  it('when the watch still goes on, or a comparison asked, then nothing is added', () => {
    const going = { until: at, done: 1, nextAt: at };
    expect(asked({ ...canceled, lateWatch: going }, 'callback').lateWatch).toEqual(going);
    expect(asked(canceled, 'drift').lateWatch).toEqual(over);
    expect(asked(canceled, 'callback', () => false).lateWatch).toEqual(over);
  });
});

describe('an answer about a refund that a callback has settled', () => {
  it('when its write is repeated after a crash, then it is recognised', () => {
    const paid = anOrder({ status: 'paid', paidAmount: 1_050, refundCapAmount: 1_050 });
    const requested = refundRequestedEntry(
      paid,
      {
        refundNo: 'R-1',
        amount: 1_050,
        reason: 'returned',
        method: 'refund',
        requestedBy: 'merchant',
        contentHash: 'content',
      },
      paid.createdAt,
    );
    const asked = applyDrafts(paid, [requested]);
    const settled = {
      ...asked,
      refunds: asked.refunds.map((refund) => ({
        ...refund,
        status: 'succeeded' as const,
        settledAt: paid.createdAt,
        nextCheckAt: null,
      })),
    };
    const evidence: RefundQueryEvidence = {
      queryId: 'run/q1',
      refundNo: 'R-1',
      askedAt: paid.createdAt,
      answeredAt: paid.createdAt,
      result: { answer: 'pending', facts: factsOf(paid), reply: {} },
    };
    const { drafts } = decideRefund(settled, evidence, { sequence: 7, nowMs: CREATED_MS });
    const after = applyDrafts(settled, drafts);
    expect(isRefundRecorded(after, evidence)).toBe(true);
    expect(after.refunds[0]?.status).toBe('succeeded');
  });
});

describe('late money that the policy gives back', () => {
  const at = '2026-01-01T00:00:03.000Z';
  const order = anOrder({
    status: 'canceled',
    paidAmount: 1_050,
    refundCapAmount: 1_050,
    lateMoney: { gatewayTransNo: 'G-1', resolution: 'refund', at },
  });
  const request = {
    refundNo: 'R-1',
    amount: 50,
    reason: 'returned',
    method: 'refund',
    requestedBy: 'merchant',
    contentHash: 'content',
  } as const;

  // Made first, it kept the policy from giving the rest back, and left a canceled order partially refunded.
  it('when the merchant asks for a part of it, then it is refused: all of it goes back by itself', () => {
    expect(refundRefusal(order, request)).toBe('not_refundable');
  });

  it('when the policy asks for all of it, then it is made', () => {
    const whole = { ...request, amount: 1_050, requestedBy: 'late_payment_policy' };
    expect(refundRefusal(order, whole)).toBeNull();
  });
});
