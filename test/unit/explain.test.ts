import { describe, expect, it } from 'vitest';
import { type AuditDraft, type AuditEntry, applyDrafts } from '../../src/domain/audit.js';
import { closingEntry, decideClosing } from '../../src/domain/closing.js';
import { decide } from '../../src/domain/decide.js';
import type { Evidence } from '../../src/domain/evidence.js';
import { explain } from '../../src/domain/explain.js';
import { createdEntry } from '../../src/domain/new-order.js';
import type { Order } from '../../src/domain/order.js';
import { decideRefund } from '../../src/domain/refund-decisions.js';
import { refundRequestedEntry, refundSubmittedEntry } from '../../src/domain/refund-entries.js';
import { resolveReview } from '../../src/domain/review.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

const NOW_MS = CREATED_MS + 10_000;
const AT = new Date(NOW_MS).toISOString();

/** An order that lives by the real decisions, with the audit that its workflow would write. */
class Life {
  readonly audit: AuditEntry[] = [];
  order: Order;

  constructor(order: Order = anOrder()) {
    this.order = order;
    this.write([createdEntry(order)]);
  }

  get sequence(): number {
    return this.audit.length + 1;
  }

  write(drafts: readonly AuditDraft[]): this {
    for (const draft of drafts) {
      const chain = { orderId: 'o', transitionId: 't', previousHash: '', hash: '' };
      this.audit.push({ ...draft, ...chain, sequence: this.sequence });
    }
    this.order = applyDrafts(this.order, drafts);
    return this;
  }

  learn(evidence: Evidence): this {
    const context = { sequence: this.sequence, nowMs: NOW_MS };
    return this.write(decide(this.order, evidence, context).drafts);
  }

  asks(
    answer: Parameters<typeof answerOf>[1],
    overrides: Parameters<typeof answerOf>[2] = {},
  ): this {
    return this.learn(aQuery(answerOf(this.order, answer, overrides)));
  }

  closes(answer: Parameters<typeof answerOf>[1], nowMs = NOW_MS): this {
    const evidence = aQuery(answerOf(this.order, answer), { reason: 'closing' });
    const options = { sequence: this.sequence, nowMs, isAfterCancel: false };
    return this.write(decideClosing(this.order, evidence, options).decision.drafts);
  }

  get told() {
    return explain(this.order, this.audit);
  }

  get roles() {
    return this.told.evidence.map(({ role }) => role);
  }
}

describe('an order that nothing has decided', () => {
  it('when it is new, then nothing is proven and the next check is named with its time', () => {
    const { because, evidence, next } = new Life().told;
    expect(because).toContain('has not been asked yet');
    expect(evidence).toEqual([]);
    expect(next).toMatchObject({ action: 'check', at: '2026-01-01T00:00:05.000Z' });
  });

  it('when answers prove nothing, then each says why', () => {
    const life = new Life().asks('open').asks('unknown').asks('not_found').asks('closed');
    expect(life.roles).toEqual(['undecided', 'undecided', 'undecided', 'undecided']);
    const reasons = life.told.evidence.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('cannot be trusted (timeout) means neither paid nor unpaid');
    expect(reasons).toContain('can be paid again');
    expect(life.told.because).toContain('last answer');
  });

  it('when a callback is old, not understood or not about a payment, then it only asks', () => {
    const life = new Life();
    life
      .learn(aCallback(factsOf(life.order), { isStale: true }))
      .learn(aCallback(null))
      .learn(aCallback(factsOf(life.order, { transactionKind: 'refund' })))
      .learn(aCallback(factsOf(life.order, { state: 'closed' })));
    expect(life.roles).toEqual(['undecided', 'undecided', 'undecided', 'undecided']);
    const reasons = life.told.evidence.map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(4);
    expect(life.told.status).toBe('pending');
  });
});

describe('a paid order', () => {
  it('when a callback decided, then it is named with its place in the audit', () => {
    const life = new Life().asks('open');
    life.learn(aCallback(factsOf(life.order)));
    const { status, because, evidence, next } = life.told;
    expect(status).toBe('paid');
    expect(because).toContain('signed by the gateway');
    expect(because).toContain(`decided at ${AT}`);
    expect(because).toContain('entry 3 of the audit: Callback: paid.');
    expect(evidence).toMatchObject([
      { sequence: 2, kind: 'query', role: 'undecided' },
      { sequence: 3, kind: 'callback', role: 'decided' },
    ]);
    expect(next).toEqual({
      action: 'nothing',
      at: null,
      text: 'Nothing, unless a refund is asked for.',
    });
  });

  it('when later evidence agrees or contradicts, then it is told which lost and why', () => {
    const life = new Life().asks('paid');
    life.learn(aCallback(factsOf(life.order)));
    life.learn(aCallback(factsOf(life.order, { gatewayTransNo: 'G-other' })));
    life.asks('closed').asks('open');
    life.learn(aCallback(factsOf(life.order, { amount: 1 })));
    expect(life.roles).toEqual(['decided', 'agrees', 'lost', 'lost', 'lost', 'lost']);
    expect(life.told.evidence[2]?.reason).toContain('Another payment');
    expect(life.told.evidence[3]?.reason).toContain('Paid stays paid');
    expect(life.told.evidence[5]?.reason).toContain('another amount');
    expect(life.told.status).toBe('paid');
  });

  it('when a refund succeeded, then its answer decided the status, the payment an earlier one', () => {
    const life = new Life().asks('paid');
    const request = {
      refundNo: 'R1',
      amount: 300,
      reason: 'cold',
      method: 'refund',
      requestedBy: 'shop',
      contentHash: 'c',
    } as const;
    life.write([refundRequestedEntry(life.order, request, AT)]);
    expect(life.told.next.action).toBe('refund');
    const accepted = {
      outcome: 'accepted',
      code: '0',
      detail: 'ok',
      gatewayTransNo: 'G2',
    } as const;
    life.write([refundSubmittedEntry(life.order, { ...accepted, refundNo: 'R1', answeredAt: AT })]);
    const facts = factsOf(life.order, {
      merchantOrderNo: 'R1',
      amount: 300,
      transactionAmount: 300,
    });
    for (const answer of ['pending', 'succeeded'] as const) {
      const result = { answer, facts, reply: {} };
      const question = { queryId: answer, refundNo: 'R1', askedAt: AT, answeredAt: AT, result };
      const context = { sequence: life.sequence, nowMs: NOW_MS };
      life.write(decideRefund(life.order, question, context).drafts);
    }
    expect(life.told.status).toBe('partially_refunded');
    expect(life.roles).toEqual(['decided_before', 'undecided', 'decided']);
    expect(life.told.because).toContain('The refund succeeded.');
  });
});

describe('a closed order', () => {
  const closing = () => {
    const life = new Life().asks('unknown');
    return life.write([closingEntry(life.order, 'merchant', 'shop', AT)]);
  };

  it('when it is being closed, then who asked and the next round are told', () => {
    const { status, because, next } = closing().told;
    expect(status).toBe('canceling');
    expect(because).toContain('Cancel was asked for by the merchant');
    expect(next.action).toBe('close');
  });

  it('when the gateway proved it unpaid, then that answer decided, and the watch is told', () => {
    const life = closing().closes('unknown').closes('closed');
    expect(life.told.status).toBe('canceled');
    expect(life.roles).toEqual(['undecided', 'undecided', 'decided']);
    expect(life.told.next.action).toBe('watch');
  });

  it('when it never reached the gateway, then the answer that it is not known there decided', () => {
    const life = new Life(anOrder({ gatewayCreation: 'unknown' }));
    life.write([closingEntry(life.order, 'schedule', null, AT)]);
    life.closes('not_found', Date.parse(life.order.expiresAt));
    expect(life.told.status).toBe('canceled');
    expect(life.roles).toEqual(['decided']);
    expect(life.told.because).toContain('never reached the gateway');
  });

  it('when late money is refunded by policy, then the closing still explains the status', () => {
    const policy = { closeGiveUpMs: 1, latePaymentWatchMs: 1_000, latePaymentPolicy: 'refund' };
    const life = new Life(anOrder({ policy: policy as Order['policy'] }));
    life.write([closingEntry(life.order, 'schedule', null, AT)]).closes('closed');
    life.learn(aCallback(factsOf(life.order)));
    expect(life.told.status).toBe('canceled');
    expect(life.told.because).toContain('closed and unpaid');
    expect(life.told.because).toContain('the policy for late payments is refund');
    expect(life.roles).toEqual(['decided', 'decided_before']);
    expect(life.told.next.action).toBe('refund_late_money');
  });
});

describe('a review', () => {
  it('when the amount was wrong, then it is told what a person has to decide', () => {
    const life = new Life();
    life.learn(aCallback(factsOf(life.order, { amount: 1 })));
    const { status, because, next } = life.told;
    expect(status).toBe('review');
    expect(because).toContain('what was paid is not what was ordered');
    expect(life.roles).toEqual(['decided']);
    expect(next).toMatchObject({ action: 'nothing', at: null });
    expect(next.text).toContain('operator');
  });

  it('when an operator resolved it, then the operator decided, with the reason given', () => {
    const life = new Life();
    life.learn(aCallback(factsOf(life.order, { amount: 1 })));
    const context = { sequence: life.sequence, nowMs: NOW_MS };
    const resolution = { to: 'paid', reason: 'bank says so', actor: 'ann' } as const;
    life.write(resolveReview(life.order, resolution, context) ?? []);
    expect(life.told.status).toBe('paid');
    expect(life.told.because).toContain('ann resolved the review to paid: bank says so');
    expect(life.roles).toEqual(['decided_before', 'decided']);
  });
});
