/** The simulated orders in CodePay's words: what queries and callbacks carry, and how both are signed. */
import type { KeyObject } from 'node:crypto';
import { formatMajor } from '../../domain/money.js';
import { signFields } from '../codepay/codepay-signature.js';
import { PAY_SCENARIO_CARD, requestId, SIGN_TYPE, TRANS_TYPE } from '../codepay/codepay-wire.js';
import type { SimulatedOrder } from './simulator-order.js';
import type { SimulatedRefund } from './simulator-refund.js';

export type WireRecord = Readonly<Record<string, string>>;

/** Sent as JSON numbers. Source: CodePay Open API, 3.2: trans_status is an integer. */
const NUMBERS: readonly string[] = ['trans_status', 'trans_type'];

/** The business fields of an order. The account is a masked test card, for readers that must not keep it. */
export function orderWireFields(order: SimulatedOrder): WireRecord {
  const major = (amountMinor: number) => formatMajor(amountMinor, order.currency);
  const fields: Record<string, string> = {
    merchant_no: order.merchantNo,
    merchant_order_no: order.merchantOrderNo,
    trans_no: order.transNo,
    trans_type: TRANS_TYPE.sale,
    trans_status: order.status,
    price_currency: order.currency,
    order_amount: major(order.amountMinor),
    trans_amount: major(order.payment?.transactionAmountMinor ?? order.amountMinor),
    pay_scenario: PAY_SCENARIO_CARD,
    terminal_sn: order.terminalSn ?? '',
    trans_error_code: order.failure?.code ?? '',
    trans_error_msg: order.failure?.message ?? '',
  };
  const { payment } = order;
  if (payment === null) return fields;
  return {
    ...fields,
    tip_amount: payment.tipMinor > 0 ? major(payment.tipMinor) : '',
    discount_bmopc: payment.discountMinor > 0 ? major(payment.discountMinor) : '',
    paid_amount: major(payment.paidAmountMinor),
    pay_channel_trans_no: payment.channelTransNo,
    pay_user_account_id: '411111******1111',
    trans_end_time: wireTime(payment.endedAtMs),
  };
}

/** The business fields of a refund or void, as callbacks carry them. */
export function refundWireFields(refund: SimulatedRefund): WireRecord {
  return {
    merchant_no: refund.merchantNo,
    trans_type: refund.method === 'void' ? TRANS_TYPE.void : TRANS_TYPE.refund,
    orig_merchant_order_no: refund.merchantOrderNo,
    ...refundReplyFields(refund),
  };
}

/** What a refund's query tells: neither merchant nor type. Source: CodePay Java SDK, OrderRefundQueryResponse. */
export function refundReplyFields(refund: SimulatedRefund): WireRecord {
  const amount = formatMajor(refund.amountMinor, refund.currency);
  const isDone = refund.endedAtMs !== null;
  return {
    merchant_order_no: refund.refundNo,
    trans_no: refund.transNo,
    orig_trans_no: refund.origTransNo,
    trans_status: refund.status,
    price_currency: refund.currency,
    order_amount: amount,
    trans_amount: amount,
    pay_channel_trans_no: isDone ? `CH${refund.transNo}` : '',
    trans_end_time: refund.endedAtMs === null ? '' : wireTime(refund.endedAtMs),
    trans_error_code: refund.failure?.code ?? '',
    trans_error_msg: refund.failure?.message ?? '',
  };
}

/** A flat callback, signed, as its JSON text or as a form. @param sentAtMs the message's own time */
export function signedCallback(
  business: WireRecord,
  sender: { readonly appId: string; readonly privateKey: KeyObject; readonly sentAtMs: number },
  format: 'json' | 'form',
): string {
  const fields = sendable({
    app_id: sender.appId,
    method: 'order.notify',
    format: 'JSON',
    charset: 'UTF-8',
    version: '1.0',
    sign_type: SIGN_TYPE,
    timestamp: String(sender.sentAtMs),
    http_request_id: requestId(sender.sentAtMs),
    ...business,
  });
  const signed = {
    ...fields,
    sign: signFields(new Map(Object.entries(fields)), sender.privateKey),
  };
  return format === 'json' ? wireJson(signed) : new URLSearchParams(signed).toString();
}

export interface ReplyContent {
  readonly code: string;
  readonly msg: string;
  readonly data: WireRecord | null;
}

/** How a reply is spoilt, for clients that must notice. */
export type ReplySigning = 'signed' | 'unsigned' | 'wrong_signature';

/** A reply's body. `data` as JSON text inside a string, or as an object whose source text is signed. */
export function replyBody(
  content: ReplyContent,
  options: {
    readonly privateKey: KeyObject;
    readonly nowMs: number;
    readonly dataFormat: 'text' | 'object';
    readonly signing: ReplySigning;
  },
): string {
  const data = content.data === null ? '' : wireJson(sendable(content.data));
  const { code, msg } = content;
  const fields = sendable({ code, msg, psn: requestId(options.nowMs), data });
  const signature = signFields(new Map(Object.entries(fields)), options.privateKey);
  const sent = Object.entries(fields).map(([name, value]) => {
    const isRaw = name === 'data' && options.dataFormat === 'object';
    const text = name === 'msg' && options.signing === 'wrong_signature' ? `${value}!` : value;
    return `${JSON.stringify(name)}:${isRaw ? text : JSON.stringify(text)}`;
  });
  if (options.signing !== 'unsigned') sent.push(`"sign":${JSON.stringify(signature)}`);
  return `{${sent.join(',')}}`;
}

function sendable(fields: WireRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function wireJson(fields: WireRecord): string {
  const values = Object.entries(fields).map(([name, value]) => {
    return [name, NUMBERS.includes(name) ? Number(value) : value] as const;
  });
  return JSON.stringify(Object.fromEntries(values));
}

/** UTC, `YYYY-MM-DD HH:mm:ss`. Source: CodePay Open API, times. */
function wireTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
