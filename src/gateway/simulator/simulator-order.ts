/** An order as the simulated gateway keeps it, and the only ways it changes. Times in epoch milliseconds. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Channel } from '../../domain/order.js';
import { TRANS_STATUS, type TransStatus } from '../codepay/codepay-wire.js';

export interface SimulatedPayment {
  readonly transactionAmountMinor: number;
  readonly paidAmountMinor: number;
  readonly tipMinor: number;
  readonly discountMinor: number;
  readonly channelTransNo: string;
  readonly endedAtMs: number;
}

export type PlannedActionName =
  | 'begin_paying'
  | 'pay'
  | 'pay_late'
  | 'pay_again'
  | 'decline'
  | 'expire'
  | 'send_false_callback';

export interface PlannedAction {
  readonly atMs: number;
  readonly action: PlannedActionName;
}

export interface SimulatedOrder {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly channel: Channel;
  readonly transNo: string;
  /** Names the order in its payment address. */
  readonly token: string;
  readonly status: TransStatus;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string | null;
  readonly returnUrl: string | null;
  readonly notifyUrl: string | null;
  readonly terminalSn: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  /** How often payment was asked for: 1, and one more each time a closed number was opened again. */
  readonly attempt: number;
  readonly payment: SimulatedPayment | null;
  readonly isRefunded: boolean;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly planned: readonly PlannedAction[];
  readonly history: readonly { readonly atMs: number; readonly text: string }[];
}

export type NewSale = Pick<
  SimulatedOrder,
  | 'merchantOrderNo'
  | 'channel'
  | 'amountMinor'
  | 'currency'
  | 'description'
  | 'returnUrl'
  | 'notifyUrl'
  | 'terminalSn'
  | 'expiresAtMs'
>;

/** What a change of an order is refused with; the gateway's code for it. */
export type RefusalCode =
  | 'ORDER_NOT_FOUND'
  | 'ORDER_PAID'
  | 'ORDER_PAYING'
  | 'ORDER_CLOSED'
  | 'ORDER_EXISTS'
  | 'ORDER_REFUNDED'
  | 'REFUND_NOT_ALLOWED'
  | 'REFUND_EXCEEDS'
  | 'REFUND_SETTLED'
  | 'VOID_NOT_ALLOWED';

/** Thrown when the order's status does not allow what is asked. */
export class OrderRefusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'OrderRefusal';
    this.code = code;
  }
}

/** Why a try to pay fails. Source of K026: CodePay Register, canceled by user. */
export const FAILURES = {
  issuer: { code: '51', message: 'declined by the issuer' },
  user: { code: 'K026', message: 'canceled by user' },
} as const;

export type StatusWord = 'open' | 'paying' | 'closed' | 'paid' | 'canceled';

const STATUS_WORDS: Readonly<Record<TransStatus, StatusWord>> = {
  [TRANS_STATUS.created]: 'open',
  [TRANS_STATUS.paying]: 'paying',
  [TRANS_STATUS.closed]: 'closed',
  [TRANS_STATUS.successful]: 'paid',
  [TRANS_STATUS.canceled]: 'canceled',
};

export function statusWord(order: SimulatedOrder): StatusWord {
  return STATUS_WORDS[order.status];
}

export function newOrder(sale: NewSale, merchantNo: string, nowMs: number): SimulatedOrder {
  return {
    ...sale,
    merchantNo,
    transNo: `${nowMs}${String(randomInt(1_000_000)).padStart(6, '0')}`,
    token: randomBytes(16).toString('base64url'),
    status: TRANS_STATUS.created,
    createdAtMs: nowMs,
    attempt: 1,
    payment: null,
    isRefunded: false,
    failure: null,
    planned: [],
    history: [{ atMs: nowMs, text: 'Created.' }],
  };
}

/** @throws {OrderRefusal} when it is not open */
export function beginPaying(order: SimulatedOrder, nowMs: number): SimulatedOrder {
  requireStatus(order, ['open']);
  return noted({ ...order, status: TRANS_STATUS.paying }, nowMs, 'The payer began to pay.');
}

/**
 * @param rules percentages of the amount that the payer adds or is spared; `isLate` lets money arrive for a closed one
 * @throws {OrderRefusal} when it is paid, was refunded, or is closed and the money is not late
 */
export function pay(
  order: SimulatedOrder,
  nowMs: number,
  rules: {
    readonly tipPercent: number;
    readonly discountPercent: number;
    readonly isLate: boolean;
  },
): SimulatedOrder {
  requireStatus(order, rules.isLate ? ['closed', 'canceled'] : ['open', 'paying']);
  if (order.isRefunded) throw new OrderRefusal('ORDER_CLOSED', 'the payment was refunded');
  const tipMinor = Math.round((order.amountMinor * rules.tipPercent) / 100);
  const discountMinor = Math.round((order.amountMinor * rules.discountPercent) / 100);
  const transactionAmountMinor = order.amountMinor + tipMinor;
  const payment: SimulatedPayment = {
    transactionAmountMinor,
    paidAmountMinor: transactionAmountMinor - discountMinor,
    tipMinor,
    discountMinor,
    channelTransNo: `CH${order.transNo}`,
    endedAtMs: nowMs,
  };
  const paid = { ...order, status: TRANS_STATUS.successful, payment, failure: null };
  return noted(paid, nowMs, rules.isLate ? 'Paid after it was closed.' : 'Paid.');
}

/** @throws {OrderRefusal} when it is neither open nor being paid */
export function decline(
  order: SimulatedOrder,
  nowMs: number,
  failure: { readonly code: string; readonly message: string },
): SimulatedOrder {
  requireStatus(order, ['open', 'paying']);
  const text = `Not paid: ${failure.message}.`;
  return noted({ ...order, status: TRANS_STATUS.closed, failure }, nowMs, text);
}

/** @throws {OrderRefusal} when it is not open */
export function expire(order: SimulatedOrder, nowMs: number): SimulatedOrder {
  requireStatus(order, ['open']);
  return noted({ ...order, status: TRANS_STATUS.closed }, nowMs, 'Expired unpaid.');
}

/**
 * `wisehub.cloud.pay.close`: closes what is open, and never a paid order. Closing a closed one changes nothing.
 * @throws {OrderRefusal} when it is paid or being paid
 */
export function closeUnpaid(order: SimulatedOrder, nowMs: number): SimulatedOrder {
  requireStatus(order, ['open', 'closed', 'canceled']);
  if (statusWord(order) !== 'open') return order;
  return noted({ ...order, status: TRANS_STATUS.closed }, nowMs, 'Closed by the merchant.');
}

/**
 * `order.revoker`: closes what is open and refunds what is paid; the traces of the payment stay.
 * @throws {OrderRefusal} while it is being paid
 */
export function revoke(order: SimulatedOrder, nowMs: number): SimulatedOrder {
  requireStatus(order, ['open', 'closed', 'canceled', 'paid']);
  const canceled = { ...order, status: TRANS_STATUS.canceled };
  switch (statusWord(order)) {
    case 'paid':
      return noted({ ...canceled, isRefunded: true }, nowMs, 'Revoked: the payment was refunded.');
    case 'open':
      return noted(canceled, nowMs, 'Revoked unpaid.');
    default:
      return order;
  }
}

/** The same number is asked for again after it was closed: open once more, under the same payment address. */
export function reopen(
  order: SimulatedOrder,
  nowMs: number,
  expiresAtMs: number | null,
): SimulatedOrder {
  const open: SimulatedOrder = {
    ...order,
    status: TRANS_STATUS.created,
    expiresAtMs,
    attempt: order.attempt + 1,
    payment: null,
    isRefunded: false,
    failure: null,
    planned: [],
  };
  return noted(open, nowMs, 'Asked for again: open once more.');
}

export function noted(order: SimulatedOrder, atMs: number, text: string): SimulatedOrder {
  return { ...order, history: [...order.history, { atMs, text }] };
}

function requireStatus(order: SimulatedOrder, allowed: readonly StatusWord[]): void {
  const word = statusWord(order);
  if (allowed.includes(word)) return;
  switch (word) {
    case 'paid':
      throw new OrderRefusal('ORDER_PAID', 'the order is paid');
    case 'paying':
      throw new OrderRefusal('ORDER_PAYING', 'the order is being paid');
    case 'open':
      throw new OrderRefusal('ORDER_EXISTS', 'the order is open');
    default:
      throw new OrderRefusal('ORDER_CLOSED', 'the order is closed');
  }
}
