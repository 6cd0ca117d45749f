/** What may be written over an older record, and what the audit and the merchant are told of it. */
import { describe, expect, it } from 'vitest';
import { deriveOrder } from '../../src/audit/order-proof.js';
import type { AuditEntry } from '../../src/domain/audit.js';
import { eventsOf } from '../../src/domain/events.js';
import { createdEntry } from '../../src/domain/new-order.js';
import { applyChanges, type Order } from '../../src/domain/order.js';
import { mayTakeThePlaceOf, restoredEntry } from '../../src/domain/restored-entry.js';
import { anOrder } from '../support/order-builder.js';

const AT = '2026-01-02T00:00:00.000Z';
const LATER = '2026-01-01T01:00:00.000Z';

const pending = anOrder();
const paid: Order = {
  ...pending,
  status: 'paid',
  paidAmount: pending.amount,
  refundCapAmount: pending.amount,
  paidAt: LATER,
  updatedAt: LATER,
  decidedBy: { source: 'callback', at: LATER, auditSequence: 6 },
};

const known = (order: Order, version: number) => ({ order, version, auditHash: `hash ${version}` });

function entryOf(order: Order, sequence: number): AuditEntry {
  const place = { orderId: 'M1001/A-1', sequence, transitionId: 'transition' };
  return {
    ...restoredEntry(known(order, 7), sequence, AT),
    ...place,
    previousHash: '',
    hash: `hash ${sequence}`,
  };
}

function created(order: Order): AuditEntry {
  const place = { orderId: 'M1001/A-1', sequence: 1, transitionId: 'transition' };
  return { ...createdEntry(order), ...place, previousHash: '', hash: 'hash 1' };
}

describe('what a run knows, beside an older record', () => {
  it('when the record was not written to since, then what is known takes its place', () => {
    expect(mayTakeThePlaceOf(known(paid, 7), known(pending, 3))).toBe(true);
  });

  it('when the record was written to later, then it stays', () => {
    const written = known({ ...pending, updatedAt: AT }, 5);
    expect(mayTakeThePlaceOf(known(paid, 7), written)).toBe(false);
  });

  it('when the record is paid and what is known is not, then paid stays paid', () => {
    const older = { ...paid, updatedAt: pending.updatedAt };
    expect(mayTakeThePlaceOf(known(pending, 7), known(older, 3))).toBe(false);
  });
});

describe('the entry that brings it back', () => {
  it('when it is folded, then the order is the one that was known, decided by this entry', () => {
    const entry = entryOf(paid, 4);
    expect(applyChanges(pending, entry.changes, entry.at)).toEqual({
      ...paid,
      updatedAt: AT,
      decidedBy: { ...paid.decidedBy, auditSequence: 4 },
    });
  });

  it('when it is the first of its chain, then it holds the whole order', () => {
    const proof = deriveOrder([entryOf(paid, 1)]);
    expect(proof).toMatchObject({ order: { status: 'paid', paidAmount: paid.paidAmount } });
  });

  it('when it changes the status, then the proof allows it and the merchant is told', () => {
    const entry = entryOf(paid, 2);
    expect(deriveOrder([created(pending), entry])).toMatchObject({ order: { status: 'paid' } });
    expect(eventsOf(pending, [entry]).map(({ type }) => type)).toEqual(['order.paid']);
  });

  it('when the status is as it was, then the merchant is told nothing', () => {
    expect(eventsOf(pending, [entryOf(pending, 2)])).toEqual([]);
  });

  it('when it would make a paid order unpaid, then the proof refuses it', () => {
    const chain = [created(pending), entryOf(paid, 2), entryOf(pending, 3)];
    expect(deriveOrder(chain)).toMatchObject({ problem: 'decision_inconsistent', sequence: 3 });
  });
});
