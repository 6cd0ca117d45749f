import { describe, expect, it } from 'vitest';
import { type Decision, decide } from '../../src/domain/decide.js';
import type { Evidence, QueryReason } from '../../src/domain/evidence.js';
import { resolveReview } from '../../src/domain/review.js';
import { truthSourceOf } from '../../src/domain/truth-source.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

const order = anOrder();
const context = { sequence: 2, nowMs: CREATED_MS + 6_000 };

function decided(evidence: Evidence): Decision {
  return decide(order, evidence, context);
}

function sourceOf(reason: QueryReason) {
  return truthSourceOf(decided(aQuery(answerOf(order, 'paid'), { reason })).drafts);
}

describe('how a payment became known', () => {
  it('when a callback told it, then by a callback; also when the callback only woke the question', () => {
    expect(truthSourceOf(decided(aCallback(factsOf(order))).drafts)).toBe('callback');
    expect(sourceOf('callback')).toBe('callback');
  });

  it('when a payer’s page or paying again asked, then for a payer', () => {
    expect([sourceOf('verify'), sourceOf('pay')]).toEqual(['verify', 'verify']);
  });

  it('when the service asked by itself, then by a check', () => {
    const reasons = ['schedule', 'closing', 'after_cancel', 'late_watch', 'check_due'] as const;
    expect(new Set(reasons.map(sourceOf))).toEqual(new Set(['check']));
  });

  it('when an operator decided it, then by the operator', () => {
    const inReview = anOrder({ status: 'review', reviewReason: 'unclosable' });
    const resolution = { to: 'paid', reason: 'seen in the portal', actor: 'ann' } as const;
    expect(truthSourceOf(resolveReview(inReview, resolution, context) ?? [])).toBe('operator');
  });

  it('when the order did not become paid, then there is none', () => {
    expect(truthSourceOf(decided(aQuery(answerOf(order, 'open'))).drafts)).toBeNull();
    expect(truthSourceOf([])).toBeNull();
  });
});
