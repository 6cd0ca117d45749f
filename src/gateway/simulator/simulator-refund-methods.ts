/** Refunds and voids on the wire: what is made of a request whose signature was verified. */
import { parseMajor } from '../../domain/money.js';
import { MERCHANT_ORDER_NO_PATTERN } from '../../domain/order.js';
import type { RefundMethod } from '../../domain/refund.js';
import type { WireFields } from '../codepay/codepay-wire-text.js';
import {
  BUSY,
  failed,
  type MethodAnswer,
  type MethodContext,
  NOT_FOUND,
  numberOf,
  signed,
  succeeded,
} from './simulator-answers.js';
import type { NewRefund } from './simulator-refund.js';
import { refundReplyFields } from './simulator-wire.js';

/** `order.refund.submit`, and `wisehub.cloud.pay.order` with the type of a void. */
export function answerRefund(
  { codepay }: MethodContext,
  fields: WireFields,
  method: RefundMethod,
): MethodAnswer {
  const request = readRefund(fields, method);
  if (typeof request === 'string') return failed('PARAM_ERROR', request);
  const { choices } = codepay;
  choices.setForRefund(request);
  const fault = choices.takeFault(request.refundNo, 'refundFault');
  const { holdMs } = choices.behaviour(request.refundNo);
  if (fault === 'refused') return failed('REFUND_REFUSED', 'the refund is not possible');
  if (fault === 'held_not_done') return { ...succeeded(null), delivery: 'held', holdMs };
  const refund = codepay.refunds.submit(request);
  const data = { trans_no: refund.transNo, trans_amount: fields.get('order_amount') ?? '' };
  const answer = succeeded(method === 'void' ? { ...data, message_id: refund.transNo } : data);
  return fault === 'held_done' ? { ...answer, delivery: 'held', holdMs } : answer;
}

/** `order.refund.query` */
export function answerRefundQuery({ codepay }: MethodContext, fields: WireFields): MethodAnswer {
  const refundNo = numberOf(fields);
  const refund = codepay.refunds.find(refundNo);
  if (refund === null) return signed(NOT_FOUND);
  const fault = codepay.choices.takeFault(refundNo, 'refundQueryFault');
  return fault === null ? succeeded(refundReplyFields(refund)) : signed(BUSY);
}

/** @returns a sentence about what is wrong when it is no refund */
function readRefund(fields: WireFields, method: RefundMethod): NewRefund | string {
  const text = (name: string) => fields.get(name) || null;
  const refundNo = numberOf(fields);
  if (!MERCHANT_ORDER_NO_PATTERN.test(refundNo)) return 'merchant_order_no is wrong';
  const merchantOrderNo = text('orig_merchant_order_no');
  if (merchantOrderNo === null) return 'orig_merchant_order_no is missing';
  const currency = text('price_currency') ?? '';
  if (!/^[A-Z]{3}$/.test(currency)) return 'price_currency is wrong';
  const amountMinor = parseMajor(text('order_amount') ?? '', currency) ?? 0;
  if (amountMinor <= 0) return 'order_amount is wrong';
  if (method === 'refund' && text('trans_amount') !== text('order_amount')) {
    return 'trans_amount is wrong';
  }
  if (method === 'void' && text('terminal_sn') === null) return 'terminal_sn is missing';
  return {
    refundNo,
    merchantOrderNo,
    method,
    amountMinor,
    currency,
    reason: text('description'),
    notifyUrl: text('notify_url'),
  };
}
