/** CodePay's words into ours, and nothing else. Pure. Source: CodePay Open API, 3.2 and 4. */
import type {
  PaymentFacts,
  PaymentState,
  QueryAnswer,
  RedactedReply,
  TransactionKind,
  UnknownCause,
} from '../../domain/evidence.js';
import { parseMajor } from '../../domain/money.js';
import { wellFormed } from '../../domain/well-formed-text.js';
import type { GatewayOrderKey } from '../payment-gateway.js';
import { refundCapMinor } from '../refund-cap.js';
import type { SignedReply } from './codepay-envelope.js';
import { TRANS_STATUS, TRANS_TYPE } from './codepay-wire.js';
import type { WireFields } from './codepay-wire-text.js';

/** Fields that say nothing about the payer. Everything else is left out of what is stored and shown. */
const HARMLESS_FIELDS = [
  'code',
  'msg',
  'psn',
  'trans_no',
  'trans_type',
  'trans_status',
  'price_currency',
  'order_amount',
  'trans_amount',
  'paid_amount',
  'trans_end_time',
  'trans_error_code',
] as const;

const SHOWN_LENGTH_MAX = 120;
const IDENTIFIER = /^[\x21-\x7e]{1,64}$/;

/** `null` when the status is missing or none that is documented: nothing may be concluded then. */
export function paymentState(transStatus: string | null | undefined): PaymentState | null {
  switch (transStatus) {
    case TRANS_STATUS.created:
      return 'open';
    case TRANS_STATUS.paying:
      return 'paying';
    case TRANS_STATUS.closed:
    case TRANS_STATUS.canceled:
      return 'closed';
    case TRANS_STATUS.successful:
      return 'paid';
    default:
      return null;
  }
}

/** A refund or a void that succeeded has status 2 as well: only a sale is money for us. */
export function transactionKind(transType: string | null | undefined): TransactionKind {
  switch (transType) {
    case TRANS_TYPE.sale:
      return 'sale';
    case TRANS_TYPE.void:
      return 'void';
    case TRANS_TYPE.refund:
      return 'refund';
    default:
      return 'other';
  }
}

/** What a signed message says about one number; `null` when its status is not understood. */
export function paymentFacts(fields: WireFields): PaymentFacts | null {
  const state = paymentState(fields.get('trans_status'));
  if (state === null) return null;
  const currency = currencyOf(fields);
  const amount = (name: string) => amountMinor(fields, name, currency);
  const kind = transactionKind(fields.get('trans_type'));
  const amounts = {
    amount: amount('order_amount'),
    transactionAmount: amount('trans_amount'),
    paidAmount: amount('paid_amount'),
  };
  return {
    merchantNo: identifier(fields, 'merchant_no'),
    merchantOrderNo: identifier(fields, 'merchant_order_no'),
    transactionKind: kind,
    state,
    currency,
    ...amounts,
    tipAmount: amount('tip_amount'),
    discountAmount: sum(amount('discount_bmopc'), amount('discount_bpc')),
    refundCapAmount: kind === 'sale' && state === 'paid' ? refundCapMinor(amounts) : null,
    gatewayTransNo: identifier(fields, 'trans_no'),
    endedAt: endTime(fields.get('trans_end_time')),
    hasPaymentTraces: hasPaymentTraces(fields),
    failureCode: identifier(fields, 'trans_error_code'),
  };
}

/** An identifier as sent; `null` when it is absent or of a shape that no identifier has. */
export function identifier(fields: WireFields, name: string): string | null {
  const text = fields.get(name) ?? '';
  return IDENTIFIER.test(text) ? text : null;
}

/** What may be kept of a reply, long values cut. */
export function redactedReply(reply: SignedReply): RedactedReply {
  const kept: [string, string][] = [];
  for (const name of HARMLESS_FIELDS) {
    const value = reply.envelope.get(name) ?? reply.data?.get(name) ?? '';
    if (value === '') continue;
    kept.push([name, shownText(value)]);
  }
  return Object.fromEntries(kept);
}

/** A text of the gateway as it may be kept: cut to a length that a person reads, and such that it can be kept. */
export function shownText(text: string): string {
  // Cutting may part a surrogate pair.
  return wellFormed(text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text);
}

/**
 * The answer to a query out of a reply whose signature was verified.
 * @param notFoundCodes codes that this gateway uses for an unknown number; CodePay documents none
 */
export function queryAnswer(
  reply: SignedReply,
  key: GatewayOrderKey,
  notFoundCodes: readonly string[],
): QueryAnswer {
  const redacted = redactedReply(reply);
  const unknown = (cause: UnknownCause, detail: string): QueryAnswer => {
    return { answer: 'unknown', cause, code: shownText(reply.code), detail, reply: redacted };
  };
  if (!reply.isSuccess) {
    if (notFoundCodes.includes(reply.code)) {
      return { answer: 'not_found', code: reply.code, reply: redacted };
    }
    return unknown('gateway_code', 'the gateway answered with an error');
  }
  const { data } = reply;
  const facts = data === null ? null : paymentFacts(data);
  if (data === null || facts === null) {
    return unknown('not_understood', 'the reply has no status that is understood');
  }
  const other = otherOrder(data, key);
  if (other !== null) return unknown('other_order', other);
  if ((data.get('merchant_order_no') ?? '') === '') {
    return unknown('not_understood', 'the reply does not say which order it is about');
  }
  const transType = data.get('trans_type') ?? '';
  if (facts.transactionKind !== 'sale' && (facts.state === 'paid' || transType !== '')) {
    return unknown(
      'not_a_sale',
      `the reply is about a transaction of type ${facts.transactionKind}`,
    );
  }
  // The reply to a query names no merchant by its documentation: it answers a request that we signed for ours.
  const merchantNo = facts.merchantNo ?? key.merchantNo;
  return { answer: facts.state, facts: { ...facts, merchantNo }, reply: redacted };
}

/** In what a reply is about something else than was asked for; `null` when it is not. */
export function otherOrder(data: WireFields, key: GatewayOrderKey): string | null {
  const merchantOrderNo = data.get('merchant_order_no') ?? '';
  if (merchantOrderNo !== '' && merchantOrderNo !== key.merchantOrderNo) {
    return 'the reply is about another order';
  }
  const merchantNo = data.get('merchant_no') ?? '';
  return merchantNo !== '' && merchantNo !== key.merchantNo
    ? 'the reply is about another merchant'
    : null;
}

function currencyOf(fields: WireFields): string | null {
  const text = fields.get('price_currency') ?? '';
  return /^[A-Z]{3}$/.test(text) ? text : null;
}

/** `null` as well when the text is no exact amount of the currency: it then equals nothing. */
function amountMinor(fields: WireFields, name: string, currency: string | null): number | null {
  const text = fields.get(name) ?? '';
  return text === '' || currency === null ? null : parseMajor(text, currency);
}

function sum(left: number | null, right: number | null): number | null {
  return left === null && right === null ? null : (left ?? 0) + (right ?? 0);
}

/** A paid amount that is not plainly zero, a channel's number or an end time: money moved at some time. */
function hasPaymentTraces(fields: WireFields): boolean {
  const paidAmount = fields.get('paid_amount') ?? '';
  const isPaidAmountZero = /^0*(\.0*)?$/.test(paidAmount);
  return (
    !isPaidAmountZero ||
    (fields.get('pay_channel_trans_no') ?? '') !== '' ||
    (fields.get('trans_end_time') ?? '') !== ''
  );
}

/** Source: CodePay Open API, times: UTC, `YYYY-MM-DD HH:mm:ss`. `null` when it is no such time. */
function endTime(text: string | null | undefined): string | null {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text ?? '');
  if (match === null) return null;
  const iso = `${match[1]}T${match[2]}.000Z`;
  const time = new Date(iso);
  return !Number.isNaN(time.getTime()) && time.toISOString() === iso ? iso : null;
}
