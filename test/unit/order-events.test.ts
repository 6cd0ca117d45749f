/** What the merchant is told of an order, and under which id. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.js';
import {
  eventMessage,
  eventsOf,
  ORDER_EVENT_TYPES,
  orderEventId,
} from '../../src/domain/events.js';
import {
  MERCHANT_ORDER_NO_PATTERN,
  type Order,
  type OrderChanges,
} from '../../src/domain/order.js';
import type { Refund } from '../../src/domain/refund.js';
import { refundSubmittedEntry } from '../../src/domain/refund-entries.js';
import { anOrder } from '../support/order-builder.js';

function anEntry(sequence: number, event: string, changes: OrderChanges, data = {}): AuditEntry {
  return {
    orderId: 'M1001/A-1',
    sequence,
    transitionId: 'transition',
    kind: 'decision',
    event,
    at: `2026-01-01T00:00:0${sequence}.000Z`,
    summary: event,
    data,
    changes,
    previousHash: '',
    hash: '',
  };
}

const AT = '2026-01-01T00:00:05.000Z';

const refund: Refund = {
  refundNo: 'R-1',
  amount: 300,
  reason: 'broken',
  method: 'refund',
  status: 'succeeded',
  requestedBy: 'shop',
  contentHash: 'content',
  requestedAt: '2026-01-01T00:00:00.000Z',
  settledAt: null,
  gatewayTransNo: null,
  submissions: 1,
  rounds: 0,
  lastQueryId: null,
  nextCheckAt: null,
  failureCode: null,
};

/** Order, payment and a partial refund: what a chain from its first entry holds. */
function aChain(order: Order): readonly AuditEntry[] {
  return [
    anEntry(1, 'order.created', order),
    anEntry(2, 'callback.received', {}),
    anEntry(3, 'order.paid', { status: 'paid', paidAmount: 1_050, gatewayTransNo: 'G-1' }),
    anEntry(4, 'refund.requested', { refunds: [{ ...refund, status: 'unknown' }] }),
    anEntry(
      5,
      'refund.succeeded',
      { status: 'partially_refunded', refundedAmount: 300, refunds: [refund] },
      { refundNo: 'R-1', amount: 300 },
    ),
  ];
}

describe('eventsOf', () => {
  it('when a chain is read from its first entry, then each event tells the order as it then was', () => {
    const events = eventsOf(null, aChain(anOrder({ merchantOrderNo: 'A-1' })));
    expect(events.map(({ type, timestamp, data }) => [type, timestamp, data.status])).toEqual([
      ['order.paid', '2026-01-01T00:00:03.000Z', 'paid'],
      ['refund.succeeded', '2026-01-01T00:00:05.000Z', 'partially_refunded'],
    ]);
    expect(events.map(({ data }) => data.refund)).toEqual([
      null,
      { refundNo: 'R-1', amount: 300, status: 'succeeded' },
    ]);
    expect(events.map(({ data }) => data.refundedAmount)).toEqual([0, 300]);
  });

  it('when the entries are read in two parts, then the events are the same', () => {
    const order = anOrder({ merchantOrderNo: 'A-1' });
    const chain = aChain(order);
    const whole = eventsOf(null, chain);
    const [paid] = chain.slice(2, 3);
    const afterPayment = { ...order, ...paid?.changes };
    expect([
      ...eventsOf(order, chain.slice(1, 3)),
      ...eventsOf(afterPayment, chain.slice(3)),
    ]).toEqual(whole);
  });

  it.each(ORDER_EVENT_TYPES)('when an entry is named %s, then it is an event', (type) => {
    expect(eventsOf(anOrder(), [anEntry(2, type, {})])).toMatchObject([{ type }]);
  });

  it.each([
    'order.created',
    'query.answered',
    'callback.received',
    'order.canceling',
    'refund.requested',
  ])('when an entry is named %s, then it is none', (event) => {
    expect(eventsOf(anOrder(), [anEntry(2, event, {})])).toEqual([]);
  });

  it('when an order holds what is nobody else’s business, then no event tells it', () => {
    const order = anOrder({
      description: 'for Ann at home',
      redirectUrl: 'https://shop.example.com/ann',
      metadata: { payer: 'ann@example.com' },
    });
    const [event] = eventsOf(order, [anEntry(2, 'order.paid', {})]);
    if (event === undefined) throw new Error('no event');
    const text = JSON.stringify(eventMessage(event));
    expect(text).not.toMatch(/ann|shop\.example/i);
    expect(Object.keys(JSON.parse(text))).toEqual(['id', 'type', 'timestamp', 'data']);
  });
});

describe('a refund that could not be sent', () => {
  const order = anOrder({ status: 'paid', refunds: [{ ...refund, status: 'unknown' }] });
  const submission = { refundNo: 'R-1', detail: '', gatewayTransNo: null, answeredAt: AT } as const;
  const submitted = (outcome: 'accepted' | 'refused', before = order) => {
    const entry = refundSubmittedEntry(before, { ...submission, outcome, code: null });
    return anEntry(5, entry.event, entry.changes, entry.data);
  };

  it('when it ends with the attempt, then that it failed is told', () => {
    expect(eventsOf(order, [submitted('refused')])).toMatchObject([
      { type: 'refund.failed', data: { status: 'paid', refund: { status: 'failed' } } },
    ]);
  });

  it('when the gateway took it, or its end was told before, then nothing is told', () => {
    expect(eventsOf(order, [submitted('accepted')])).toEqual([]);
    const ended = { ...order, refunds: [{ ...refund, status: 'failed', settledAt: AT } as Refund] };
    expect(eventsOf(ended, [submitted('refused', ended)])).toEqual([]);
  });
});

describe('orderEventId', () => {
  const orderNo = fc.stringMatching(MERCHANT_ORDER_NO_PATTERN);

  it('when any order number is in it, then it stands in a URL and in a signed text as it is', () => {
    fc.assert(
      fc.property(orderNo, fc.integer({ min: 1 }), (number, sequence) => {
        const id = orderEventId(`M1001/${number}`, sequence);
        expect(encodeURIComponent(id)).toBe(id);
        // The signed text is id.timestamp.body.
        expect(id).not.toContain('.');
      }),
    );
  });

  it('when orders or sequences differ, then the ids do', () => {
    fc.assert(
      fc.property(orderNo, orderNo, fc.nat(), fc.nat(), (one, other, first, second) => {
        fc.pre(one !== other || first !== second);
        expect(orderEventId(`M/${one}`, first)).not.toBe(orderEventId(`M/${other}`, second));
      }),
    );
  });
});
