import { randomBytes } from 'node:crypto';
import type {
  CallbackEvidence,
  PaymentFacts,
  QueryAnswer,
  QueryEvidence,
} from '../../src/domain/evidence.js';
import { type NewOrder, newOrder } from '../../src/domain/new-order.js';
import type { Order } from '../../src/domain/order.js';
import type { NewInboxEntry } from '../../src/store/callback-store.js';

export const MERCHANT_NO = 'M1001';

/** Fits the gateway's limit and never repeats. */
export function uniqueOrderNo(): string {
  return `T-${randomBytes(12).toString('hex')}`;
}

/** A hosted order of USD 10.50 with the schedule of the guide. */
export function orderRequest(overrides: Partial<NewOrder> = {}): NewOrder {
  return {
    merchantNo: MERCHANT_NO,
    merchantOrderNo: uniqueOrderNo(),
    channel: 'hosted',
    amount: 1_050,
    currency: 'USD',
    description: null,
    redirectUrl: null,
    terminalSn: overrides.channel === 'cloud' ? 'TERMINAL-1' : null,
    metadata: {},
    contentHash: 'content',
    checks: {
      strategy: 'progressive',
      scheduleMs: [5_000, 30_000, 60_000, 180_000, 300_000, 600_000, 1_800_000],
      intervalMs: 30_000,
      limit: 10,
    },
    policy: {
      closeGiveUpMs: 86_400_000,
      latePaymentWatchMs: 86_400_000,
      latePaymentPolicy: 'review',
    },
    ...overrides,
  };
}

export const CREATED_MS = Date.parse('2026-01-01T00:00:00.000Z');

export function anOrder(overrides: Partial<Order> = {}, request: Partial<NewOrder> = {}): Order {
  return {
    ...newOrder(orderRequest(request), CREATED_MS),
    gatewayCreation: 'created',
    ...overrides,
  };
}

/** What the gateway says about an order when everything fits. */
export function factsOf(
  order: Pick<Order, 'merchantNo' | 'merchantOrderNo' | 'currency' | 'amount'>,
  overrides: Partial<PaymentFacts> = {},
): PaymentFacts {
  const isPaid = (overrides.state ?? 'paid') === 'paid';
  return {
    merchantNo: order.merchantNo,
    merchantOrderNo: order.merchantOrderNo,
    transactionKind: 'sale',
    state: 'paid',
    currency: order.currency,
    amount: order.amount,
    transactionAmount: order.amount,
    paidAmount: isPaid ? order.amount : null,
    tipAmount: null,
    discountAmount: null,
    refundCapAmount: isPaid ? order.amount : null,
    gatewayTransNo: `G-${order.merchantOrderNo}`,
    endedAt: isPaid ? '2026-01-01T00:00:03.000Z' : null,
    hasPaymentTraces: isPaid,
    failureCode: null,
    ...overrides,
  };
}

export function answerOf(
  order: Pick<Order, 'merchantNo' | 'merchantOrderNo' | 'currency' | 'amount'>,
  answer: QueryAnswer['answer'],
  overrides: Partial<PaymentFacts> = {},
): QueryAnswer {
  switch (answer) {
    case 'unknown':
      return { answer, cause: 'timeout', code: null, detail: 'no reply in time', reply: {} };
    case 'not_found':
      return { answer, code: 'ORDER_NOT_FOUND', reply: { code: 'ORDER_NOT_FOUND' } };
    default:
      return {
        answer,
        facts: factsOf(order, { state: answer, ...overrides }),
        reply: { code: '0' },
      };
  }
}

export function aQuery(result: QueryAnswer, overrides: Partial<QueryEvidence> = {}): QueryEvidence {
  return {
    source: 'query',
    queryId: uniqueOrderNo(),
    reason: 'schedule',
    askedAt: '2026-01-01T00:00:05.000Z',
    answeredAt: '2026-01-01T00:00:05.100Z',
    result,
    ...overrides,
  };
}

export function aCallback(
  facts: PaymentFacts | null,
  overrides: Partial<CallbackEvidence> = {},
): CallbackEvidence {
  return {
    source: 'callback',
    callbackId: uniqueOrderNo(),
    receivedAt: '2026-01-01T00:00:03.000Z',
    isStale: false,
    facts,
    ...overrides,
  };
}

/** An order's callback as the inbox keeps it. */
export function inboxEntryOf(
  order: Pick<Order, 'merchantNo' | 'merchantOrderNo' | 'currency' | 'amount'>,
  overrides: Partial<NewInboxEntry> = {},
): NewInboxEntry {
  return {
    callbackId: uniqueOrderNo(),
    subject: 'order',
    merchantNo: order.merchantNo,
    merchantOrderNo: order.merchantOrderNo,
    terminalSn: null,
    facts: factsOf(order),
    isStale: false,
    sealedBody: 'sealed',
    contentType: 'application/json',
    receivedAt: new Date().toISOString(),
    ...overrides,
  };
}
