/** A refund or void as the simulated gateway keeps it, and the only ways it changes. Pure. Times in epoch milliseconds. */
import type { RefundMethod } from '../../domain/refund.js';
import { TRANS_STATUS, type TransStatus } from '../codepay/codepay-wire.js';
import { OrderRefusal, type SimulatedOrder, statusWord } from './simulator-order.js';

export interface SimulatedRefund {
  readonly merchantNo: string;
  /** Its own number; orders and refunds share one set of numbers. */
  readonly refundNo: string;
  /** The payment that is given back. */
  readonly merchantOrderNo: string;
  readonly method: RefundMethod;
  readonly transNo: string;
  readonly origTransNo: string;
  readonly status: TransStatus;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly notifyUrl: string | null;
  readonly createdAtMs: number;
  /** When it settles by itself; `null` when it is settled or waits for a person. */
  readonly settlesAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export type NewRefund = Pick<
  SimulatedRefund,
  'refundNo' | 'merchantOrderNo' | 'method' | 'amountMinor' | 'currency' | 'reason' | 'notifyUrl'
>;

export type RefundWord = 'pending' | 'succeeded' | 'failed';

/** Refunds of one payment. Source: PayCloud, query refund. */
const REFUNDS_MAX = 50;

const FAILURE = { code: 'R01', message: 'the card issuer refused the refund' };

export function refundWord({ status }: Pick<SimulatedRefund, 'status'>): RefundWord {
  if (status === TRANS_STATUS.successful) return 'succeeded';
  return status === TRANS_STATUS.paying ? 'pending' : 'failed';
}

/** What a payment's refunds have taken: pending ones reserve their amount. */
export function takenMinor(refunds: readonly SimulatedRefund[]): number {
  return refunds
    .filter((refund) => refundWord(refund) !== 'failed')
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
}

/** Whether it is the same refund asked for again. */
export function isSameRefund(refund: SimulatedRefund, request: NewRefund): boolean {
  return (
    refund.merchantOrderNo === request.merchantOrderNo &&
    refund.method === request.method &&
    refund.amountMinor === request.amountMinor &&
    refund.currency === request.currency
  );
}

/**
 * @param context the payment's other refunds, and when it settles by itself (`null`: never)
 * @throws {OrderRefusal} when the payment's status, what is left of it or the kind of order does not allow it
 */
export function newRefund(
  order: SimulatedOrder,
  request: NewRefund,
  context: {
    readonly others: readonly SimulatedRefund[];
    readonly isVoidAllowed: boolean;
    readonly nowMs: number;
    readonly settlesAtMs: number | null;
  },
): SimulatedRefund {
  const { others, nowMs, settlesAtMs } = context;
  const { payment } = order;
  if (statusWord(order) !== 'paid' || payment === null || order.currency !== request.currency) {
    throw new OrderRefusal('REFUND_NOT_ALLOWED', 'there is no such payment to refund');
  }
  const left = payment.paidAmountMinor - takenMinor(others);
  if (request.amountMinor > left || others.length >= REFUNDS_MAX) {
    throw new OrderRefusal('REFUND_EXCEEDS', 'more than is left of the original payment');
  }
  const isWhole = request.amountMinor === payment.paidAmountMinor;
  if (request.method === 'void') {
    if (!context.isVoidAllowed || order.terminalSn === null || !isWhole) {
      throw new OrderRefusal('VOID_NOT_ALLOWED', 'only a whole payment that is not settled');
    }
  }
  return {
    ...request,
    merchantNo: order.merchantNo,
    transNo: `${order.transNo}R${others.length + 1}`,
    origTransNo: order.transNo,
    status: TRANS_STATUS.paying,
    createdAtMs: nowMs,
    settlesAtMs,
    endedAtMs: null,
    failure: null,
  };
}

/** @throws {OrderRefusal} when it is settled */
export function settleRefund(
  refund: SimulatedRefund,
  outcome: Exclude<RefundWord, 'pending'>,
  nowMs: number,
): SimulatedRefund {
  if (refundWord(refund) !== 'pending') {
    throw new OrderRefusal('REFUND_SETTLED', 'the refund is settled');
  }
  const isSucceeded = outcome === 'succeeded';
  return {
    ...refund,
    status: isSucceeded ? TRANS_STATUS.successful : TRANS_STATUS.closed,
    settlesAtMs: null,
    endedAtMs: isSucceeded ? nowMs : null,
    failure: isSucceeded ? null : FAILURE,
  };
}
