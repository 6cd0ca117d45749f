/** An order is what its audit says: whatever does not agree is found, and where. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditedOrder } from '../../src/audit/audited-order.js';
import { deriveOrder, findOrderFault } from '../../src/audit/order-proof.js';
import type { AuditDraft, AuditEntry } from '../../src/domain/audit.js';
import { closingEntry } from '../../src/domain/closing.js';
import type { Order } from '../../src/domain/order.js';
import { AuditedLife, rechained } from '../support/audit-builder.js';
import { aCallback, answerOf, aQuery, CREATED_MS, factsOf } from '../support/order-builder.js';

const AT_MS = CREATED_MS + 5_100;
const AT = new Date(AT_MS).toISOString();

function paidLife(): AuditedLife {
  const life = new AuditedLife();
  life.learn(aQuery(answerOf(life.order, 'paying')), AT_MS);
  return life.learn(aCallback(factsOf(life.order)), AT_MS + 100);
}

function refundOf(amount: number, overrides: Partial<Order['refunds'][number]> = {}) {
  return {
    refundNo: 'R1',
    amount,
    reason: 'returned',
    method: 'refund',
    status: 'succeeded',
    requestedBy: 'shop',
    contentHash: 'content',
    requestedAt: AT,
    settledAt: AT,
    gatewayTransNo: null,
    submissions: 1,
    rounds: 0,
    nextCheckAt: null,
    failureCode: null,
    ...overrides,
  } as Order['refunds'][number];
}

function refundSucceeded(life: AuditedLife, amount: number, refundedAmount: number): AuditDraft {
  return {
    kind: 'decision',
    event: 'refund.succeeded',
    at: AT,
    summary: 'The refund succeeded.',
    data: { refundNo: 'R1', amount, from: life.order.status, to: 'partially_refunded' },
    changes: { refunds: [refundOf(amount)], refundedAmount, status: 'partially_refunded' },
  };
}

/** The audit with one entry changed; with its hashes made anew when the forger knows how. */
function forged(
  audited: AuditedOrder,
  sequence: number,
  change: (entry: AuditEntry) => AuditEntry,
): AuditedOrder {
  const entries = audited.entries.map((entry) =>
    entry.sequence === sequence ? change(entry) : entry,
  );
  return { ...audited, entries };
}

describe('an order that agrees with its audit', () => {
  it('when it was paid and partly refunded, then nothing is found', () => {
    const life = paidLife();
    expect(life.order.status).toBe('paid');
    life.write(refundSucceeded(life, 400, 400));
    expect(findOrderFault(life.audited())).toBeNull();
  });

  it('when evidence of any kind comes in any order, then the audit alone gives the order again', () => {
    const answers = ['paid', 'open', 'paying', 'closed', 'not_found', 'unknown'] as const;
    const step = fc.record({
      kind: fc.constantFrom('query', 'callback', 'cancel'),
      answer: fc.constantFrom(...answers),
      amount: fc.constantFrom(1_050, 1),
      isStale: fc.boolean(),
    });
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const life = new AuditedLife();
        for (const [index, { kind, answer, amount, isStale }] of steps.entries()) {
          const nowMs = CREATED_MS + (index + 1) * 5_000;
          if (kind === 'cancel') {
            if (life.order.status !== 'pending') continue;
            life.write(closingEntry(life.order, 'merchant', 'shop', new Date(nowMs).toISOString()));
          } else if (kind === 'query') {
            life.learn(aQuery(answerOf(life.order, answer)), nowMs);
          } else {
            life.learn(aCallback(factsOf(life.order, { amount }), { isStale }), nowMs);
          }
        }
        reached.add(life.order.status);
        expect(deriveOrder(life.entries)).toEqual({ order: life.order });
        expect(findOrderFault(life.audited())).toBeNull();
      }),
      { numRuns: 300 },
    );
    // The property says little if the lives end all the same.
    expect([...reached].sort()).toEqual(['canceled', 'canceling', 'paid', 'pending', 'review']);
  });
});

describe('an audit that was altered', () => {
  it('when the content of an entry was changed, then it is named', () => {
    const fault = findOrderFault(
      forged(paidLife().audited(), 2, (entry) => ({ ...entry, summary: 'Nobody paid.' })),
    );
    expect(fault).toMatchObject({ sequence: 2, problem: 'content_changed' });
  });

  it('when an entry is not there, then its number is named', () => {
    const audited = paidLife().audited();
    const entries = audited.entries.filter(({ sequence }) => sequence !== 2);
    expect(findOrderFault({ ...audited, entries })).toMatchObject({
      sequence: 2,
      problem: 'missing',
    });
  });

  it('when the chain was written anew from an entry on, then the signed checkpoint contradicts it', () => {
    const life = paidLife();
    const version = life.entries.length;
    const auditHash = life.entries.at(-1)?.hash ?? '';
    const leaves = [{ orderId: life.orderId, checkpoint: 3, version, auditHash }];
    expect(findOrderFault(life.audited(leaves))).toBeNull();
    const changed = forged(life.audited(leaves), 2, (entry) => ({ ...entry, summary: 'x' }));
    const entries = rechained(changed.entries);
    const record = { ...life.audited().record, auditHash: entries.at(-1)?.hash ?? '' };
    expect(
      findOrderFault({ ...changed, entries, record: record as AuditedOrder['record'] }),
    ).toMatchObject({ sequence: version, problem: 'checkpoint_contradicted' });
  });

  it('when the last entries were cut off together with the order, then only the checkpoint shows it', () => {
    const life = paidLife();
    const paid = life.audited();
    const cut: AuditedOrder = {
      ...paid,
      record: {
        orderId: paid.orderId,
        version: 1,
        auditHash: paid.entries[0]?.hash ?? '',
        order: paid.entries[0]?.changes as Order,
      },
      entries: paid.entries.slice(0, 1),
    };
    expect(findOrderFault(cut)).toBeNull();
    const version = paid.entries.length;
    const auditHash = paid.entries.at(-1)?.hash ?? '';
    const leaves = [{ orderId: paid.orderId, checkpoint: 1, version, auditHash }];
    expect(findOrderFault({ ...cut, leaves })).toMatchObject({
      orderId: paid.orderId,
      sequence: 2,
      problem: 'entries_removed',
    });
  });
});

describe('an order that its audit does not give', () => {
  const withRecord = (audited: AuditedOrder, changes: Partial<Order>): AuditedOrder => {
    if (audited.record === null) throw new Error('no record');
    const order = { ...audited.record.order, ...changes };
    return { ...audited, record: { ...audited.record, order } };
  };

  it('when its status was set by hand, then the fields that differ are named', () => {
    const life = new AuditedLife();
    const fault = findOrderFault(withRecord(life.audited(), { status: 'paid', paidAmount: 1_050 }));
    expect(fault).toMatchObject({ sequence: 1, problem: 'order_differs' });
    expect(fault?.detail).toContain('status, paidAmount');
  });

  it('when it was set back behind its audit, then the entry that it does not show is named', () => {
    const audited = paidLife().audited();
    if (audited.record === null) throw new Error('no record');
    const record = { ...audited.record, version: 2 };
    expect(findOrderFault({ ...audited, record })).toMatchObject({
      sequence: 3,
      problem: 'order_behind',
    });
  });

  it('when entries at its end are gone and it stayed, then it is found without a checkpoint', () => {
    const audited = paidLife().audited();
    const entries = audited.entries.slice(0, -1);
    expect(findOrderFault({ ...audited, entries })).toMatchObject({
      sequence: entries.length + 1,
      problem: 'entries_removed',
    });
  });

  it('when it has no audit, or its audit no order, then that is found', () => {
    const audited = paidLife().audited();
    expect(findOrderFault({ ...audited, entries: [] })?.problem).toBe('audit_missing');
    expect(findOrderFault({ ...audited, record: null })?.problem).toBe('order_missing');
  });

  it.each([
    ['a query', { kind: 'query' as const, event: 'query.answered', data: {} }],
    ['a decision from another status', { data: { from: 'canceling', to: 'paid' } }],
    ['a decision to another status', { data: { from: 'pending', to: 'review' } }],
    [
      'a decision by evidence that comes after it',
      { data: { from: 'pending', to: 'paid', evidenceSequence: 9 } },
    ],
  ])('when %s makes it paid, then the entry is named although the chain is whole', (_name, how) => {
    const life = new AuditedLife().write({
      kind: 'decision',
      event: 'order.paid',
      at: AT,
      summary: 'Paid.',
      changes: { status: 'paid' },
      ...how,
    });
    expect(findOrderFault(life.audited())).toMatchObject({
      sequence: 2,
      problem: 'decision_inconsistent',
    });
  });

  it('when the transition table does not know the change, then the entry is named', () => {
    const life = new AuditedLife().write({
      kind: 'decision',
      event: 'order.refunded',
      at: AT,
      summary: 'Refunded.',
      data: { from: 'pending', to: 'refunded' },
      changes: { status: 'refunded' },
    });
    expect(findOrderFault(life.audited())?.detail).toBe(
      'there is no transition from pending to refunded',
    );
  });

  it('when the refunded total is not the sum of its refunds, then the entry is named', () => {
    const life = paidLife();
    life.write(refundSucceeded(life, 400, 500));
    expect(findOrderFault(life.audited())).toMatchObject({
      sequence: 5,
      problem: 'refund_total_wrong',
    });
  });

  it('when refunds reserve more than was paid, then the entry is named', () => {
    const life = paidLife();
    life.write({
      kind: 'refund',
      event: 'refund.requested',
      at: AT,
      summary: 'Refunds.',
      data: {},
      changes: {
        refunds: [
          refundOf(1_000, { status: 'pending' }),
          refundOf(51, { refundNo: 'R2', status: 'unknown' }),
        ],
      },
    });
    expect(findOrderFault(life.audited())?.problem).toBe('refund_total_wrong');
  });

  it('when entries hold nothing that can be read, then that is the fault, and nothing is thrown', () => {
    const audited = new AuditedLife().audited();
    const broken = rechained(
      audited.entries.map((entry) => ({ ...entry, changes: { refundedAmount: 0 } })),
    );
    expect(findOrderFault({ ...audited, entries: broken })).toMatchObject({
      problem: 'unreadable',
    });
  });
});
