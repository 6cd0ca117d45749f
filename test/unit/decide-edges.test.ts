import { describe, expect, it } from 'vitest';
import { type AuditDraft, applyDrafts } from '../../src/domain/audit.js';
import { closingMove } from '../../src/domain/closing.js';
import { decide, isRecorded } from '../../src/domain/decide.js';
import type { Order, OrderClosing } from '../../src/domain/order.js';
import type { Refund } from '../../src/domain/refund.js';
import { refundRequestedEntry, refundSubmittedEntry } from '../../src/domain/refund-entries.js';
import { refundRefusal } from '../../src/domain/refund-rules.js';
import { resolveReview } from '../../src/domain/review.js';
import { expiryMs, nextCheck, nextStep } from '../../src/domain/schedule.js';
import {
  aCallback,
  anOrder,
  answerOf,
  aQuery,
  CREATED_MS,
  factsOf,
} from '../support/order-builder.js';

/** Cases where a crash, a race or an odd message meets a rule. */
const CONTEXT = { sequence: 2, nowMs: CREATED_MS + 5_000 };

const closing: OrderClosing = {
  startedAt: '2026-01-01T00:49:35.000Z',
  requestedBy: 'schedule',
  cancelsSent: 0,
  possibleRevokes: 0,
  isPaymentSeen: false,
  rounds: 0,
  nextAt: '2026-01-01T00:49:35.000Z',
};

const refundRequest = {
  refundNo: 'R-1',
  amount: null,
  reason: 'returned',
  method: 'refund',
  requestedBy: 'shop',
  contentHash: 'c',
} as const;

describe('a crash between the evidence and its decision', () => {
  it.each([
    ['callback', (order: Order) => aCallback(factsOf(order))],
    ['query', (order: Order) => aQuery(answerOf(order, 'paid'))],
  ])('when only the %s was written, then it is decided again', (_source, evidenceOf) => {
    const order = anOrder();
    const evidence = evidenceOf(order);
    const { drafts } = decide(order, evidence, CONTEXT);
    const half = applyDrafts(order, drafts.slice(0, 1));
    expect(isRecorded(half, evidence)).toBe(false);
    const again = applyDrafts(half, decide(half, evidence, { ...CONTEXT, sequence: 3 }).drafts);
    expect(again.status).toBe('paid');
    expect(isRecorded(applyDrafts(order, drafts), evidence)).toBe(true);
  });
});

describe('the check that decides', () => {
  it('when a scheduled check finds the payment, then it is counted as made', () => {
    const order = anOrder();
    const { drafts } = decide(order, aQuery(answerOf(order, 'paid')), CONTEXT);
    expect(applyDrafts(order, drafts).checks).toMatchObject({ done: 1, nextAt: null });
  });
});

describe('never reached the gateway', () => {
  const unreached = anOrder({ status: 'canceling', closing, gatewayCreation: 'not_needed' });
  const nowMs = Date.parse(unreached.expiresAt) + 1_000;
  const move = (order: Order) =>
    closingMove(order, answerOf(order, 'not_found'), { nowMs, isAfterCancel: false }).do;

  it('when nothing ever came from the gateway, then it is proven', () => {
    expect(move(unreached)).toBe('close_unreached');
  });

  it.each<[string, Partial<Order>]>([
    ['the gateway once knew it', { gatewayCreation: 'created' }],
    ['it has a number there', { gatewayTransNo: 'G-1' }],
    ['a callback has come', { callbackIds: ['c'] }],
    ['a cancel was sent', { closing: { ...closing, cancelsSent: 1 } }],
  ])('when %s, then one answer that it is not known proves nothing', (_case, overrides) => {
    expect(move({ ...unreached, ...overrides })).toBe('wait');
  });

  it('when the till’s sale was seen at the gateway, then the record says so', () => {
    const order = anOrder({ gatewayCreation: 'not_needed' }, { channel: 'pos' });
    const { drafts } = decide(order, aQuery(answerOf(order, 'open')), CONTEXT);
    expect(applyDrafts(order, drafts).gatewayCreation).toBe('created');
  });
});

describe('refunds', () => {
  const paid = anOrder({ status: 'paid', paidAmount: 1_050, refundCapAmount: 1_050 });
  const requested = applyDrafts(paid, [
    refundRequestedEntry(paid, refundRequest, '2026-01-01T00:00:05.000Z'),
  ]);

  it('when its callback was faster than the answer to the call, then what is settled stays settled', () => {
    const [refund] = requested.refunds;
    const settled: Refund = {
      ...(refund as Refund),
      status: 'succeeded',
      settledAt: '2026-01-01T00:00:06.000Z',
      nextCheckAt: null,
    };
    const order = { ...requested, refunds: [settled] };
    const entry: AuditDraft = refundSubmittedEntry(order, {
      refundNo: 'R-1',
      outcome: 'unknown',
      code: null,
      detail: 'timeout',
      gatewayTransNo: null,
      answeredAt: '2026-01-01T00:00:15.000Z',
    });
    expect(applyDrafts(order, [entry]).refunds).toEqual([settled]);
  });

  it('when less came than was ordered and a person calls it paid, then no more than came is refunded', () => {
    const order = anOrder();
    const facts = factsOf(order, {
      amount: 500,
      transactionAmount: 500,
      paidAmount: 500,
      refundCapAmount: 500,
    });
    const reviewed = applyDrafts(order, decide(order, aCallback(facts), CONTEXT).drafts);
    const resolution = { to: 'paid', reason: 'agreed', actor: 'ann' } as const;
    const resolved = applyDrafts(reviewed, resolveReview(reviewed, resolution, CONTEXT) ?? []);
    expect(resolved).toMatchObject({ status: 'paid', paidAmount: 500, refundCapAmount: 500 });
    expect(refundRefusal(resolved, { ...refundRequest, amount: 501 })).toBe('exceeds_paid');
  });

  it('when it came in another currency and a person calls it paid, then nothing is refunded here', () => {
    const order = anOrder();
    const facts = factsOf(order, { currency: 'JPY' });
    const reviewed = applyDrafts(order, decide(order, aCallback(facts), CONTEXT).drafts);
    const resolution = { to: 'paid', reason: 'agreed', actor: 'ann' } as const;
    const resolved = applyDrafts(reviewed, resolveReview(reviewed, resolution, CONTEXT) ?? []);
    expect(refundRefusal(resolved, refundRequest)).toBe('nothing_left');
  });
});

describe('late money that cannot be refunded', () => {
  it('when nothing of it was the payer’s, then a person decides and nothing is due for ever', () => {
    const policy = {
      closeGiveUpMs: 1,
      latePaymentWatchMs: 1,
      latePaymentPolicy: 'refund',
    } as const;
    const order = anOrder({ status: 'canceled', closing }, { policy });
    const facts = factsOf(order, { paidAmount: 0, refundCapAmount: 0 });
    const after = applyDrafts(order, decide(order, aCallback(facts), CONTEXT).drafts);
    expect(after).toMatchObject({ status: 'review', reviewReason: 'late_payment' });
    expect(nextStep(after)).toEqual({ do: 'finish' });
  });
});

describe('the scheduled task', () => {
  it.each([30_000, 40_000, 44_000, 60_000])(
    'when its pause is %i ms and it always comes early, then the gateway has stopped taking money before the last check',
    (intervalMs) => {
      let { checks } = anOrder(
        {},
        { checks: { strategy: 'scheduled', scheduleMs: [], intervalMs, limit: 10 } },
      );
      const expiry = expiryMs(checks);
      let lastMs = 0;
      while (checks.nextAt !== null) {
        lastMs = Date.parse(checks.nextAt) - 15_000;
        checks = nextCheck(checks, lastMs);
      }
      expect(checks.done).toBe(10);
      expect(lastMs - CREATED_MS).toBeGreaterThanOrEqual(expiry);
    },
  );
});
