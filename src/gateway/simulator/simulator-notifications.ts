/** Which callbacks an event brings, by the order's scenario. Pure. */
import { formatMajor } from '../../domain/money.js';
import { TRANS_STATUS, TRANS_TYPE } from '../codepay/codepay-wire.js';
import type { SimulatedOrder } from './simulator-order.js';
import { refundWord, type SimulatedRefund } from './simulator-refund.js';
import type { Behaviour } from './simulator-scenarios.js';
import { orderWireFields, refundWireFields, type WireRecord } from './simulator-wire.js';

const HOUR_MS = 3_600_000;

export interface CallbackPlan {
  readonly label: string;
  readonly business: WireRecord;
  readonly signing: 'signed' | 'wrong_signature' | 'unsigned';
  /** From now until it is first sent. */
  readonly delayMs: number;
  /** How much older than now the message calls itself. */
  readonly ageMs: number;
  /** The very same bytes once more, this long after; `null` for never. */
  readonly againAfterMs: number | null;
  readonly isRepeated: boolean;
}

function plan(label: string, business: WireRecord): CallbackPlan {
  return {
    label,
    business,
    signing: 'signed',
    delayMs: 0,
    ageMs: 0,
    againAfterMs: null,
    isRepeated: true,
  };
}

/** The callbacks of a payment that succeeded. */
export function callbacksOfPayment(
  order: SimulatedOrder,
  behaviour: Pick<Behaviour, 'callback' | 'callbackDelayMs'>,
): readonly CallbackPlan[] {
  const paid = plan('paid', orderWireFields(order));
  const { callback, callbackDelayMs: delayMs } = behaviour;
  switch (callback) {
    case 'lost':
      return [];
    case 'late':
      return [{ ...paid, label: 'paid, late', delayMs }];
    case 'twice':
      return [{ ...paid, label: 'paid, sent twice', againAfterMs: delayMs }];
    case 'out_of_order': {
      const paying = { ...order, status: TRANS_STATUS.paying, payment: null };
      const older = plan('paying, after paid', orderWireFields(paying));
      return [paid, { ...older, delayMs, ageMs: delayMs }];
    }
    case 'old':
      return [{ ...paid, label: 'paid, an hour old', ageMs: HOUR_MS }];
    case 'wrong_amount': {
      const order_amount = formatMajor(order.amountMinor + 1, order.currency);
      return [plan('paid, wrong amount', { ...paid.business, order_amount })];
    }
    case 'then_refund':
      return [paid, { ...plan('refund', refundFields(order)), delayMs }];
    case 'sent':
    case 'forged':
    case 'unsigned':
      return [paid];
  }
}

/** The callbacks of a try that failed. Source: Sadad's callback page: sent whether it succeeded or not. */
export function callbacksOfFailure(
  order: SimulatedOrder,
  behaviour: Pick<Behaviour, 'callback'>,
): readonly CallbackPlan[] {
  return behaviour.callback === 'lost' ? [] : [plan('not paid', orderWireFields(order))];
}

/** The callbacks of a refund or void that has settled. */
export function callbacksOfRefund(
  refund: SimulatedRefund,
  behaviour: Pick<Behaviour, 'refundCallback'>,
): readonly CallbackPlan[] {
  if (behaviour.refundCallback === 'lost') return [];
  return [plan(`${refund.method} ${refundWord(refund)}`, refundWireFields(refund))];
}

/** A message that claims a payment which never was. Nobody repeats a forgery until it is acknowledged. */
export function falseCallback(
  order: SimulatedOrder,
  { callback }: Pick<Behaviour, 'callback'>,
): CallbackPlan {
  const signing = callback === 'unsigned' ? 'unsigned' : 'wrong_signature';
  const business = { ...orderWireFields(order), trans_status: TRANS_STATUS.successful };
  const label = signing === 'unsigned' ? 'unsigned' : 'forged';
  return { ...plan(label, business), signing, isRepeated: false };
}

/** A second payment under the same number, with a gateway number of its own. */
export function callbackOfSecondPayment(order: SimulatedOrder): CallbackPlan {
  return plan('paid a second time', { ...orderWireFields(order), trans_no: `${order.transNo}9` });
}

function refundFields(order: SimulatedOrder): WireRecord {
  return {
    ...orderWireFields(order),
    merchant_order_no: `R${order.transNo}`,
    orig_merchant_order_no: order.merchantOrderNo,
    trans_no: `${order.transNo}8`,
    trans_type: TRANS_TYPE.refund,
  };
}
