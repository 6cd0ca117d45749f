/** Refunds and voids at the gateway, each under its own number. Source: CodePay Open API, 3.3. */

import { formatMajor } from '../../domain/money.js';
import type { RefundAnswer } from '../../domain/refund.js';
import type {
  GatewayRefundKey,
  GatewayRefundRequest,
  GatewayRefundSubmission,
} from '../payment-gateway.js';
import {
  type Call,
  callOutcome,
  freeText,
  keyFields,
  NO_TERMINAL,
  terminalFields,
} from './codepay-call.js';
import type { SignedReply } from './codepay-envelope.js';
import {
  identifier,
  otherOrder,
  paymentFacts,
  redactedReply,
  shownText,
} from './codepay-mapping.js';
import type { CodePayOptions } from './codepay-options.js';
import { CODEPAY_METHODS, PAY_SCENARIO_CARD, TRANS_TYPE } from './codepay-wire.js';

/** Tells the gateway to give money back. Accepted is not refunded yet: it settles later. */
export async function refundOrder(
  request: GatewayRefundRequest,
  options: Pick<CodePayOptions, 'notifyUrl'>,
  call: Call,
): Promise<GatewayRefundSubmission> {
  const key = orderKey(request);
  const amount = formatMajor(request.amount, request.currency);
  const fields = {
    ...keyFields(key),
    orig_merchant_order_no: request.merchantOrderNo,
    price_currency: request.currency,
    order_amount: amount,
    description: freeText(request.reason),
    notify_url: options.notifyUrl,
  };
  if (request.method === 'void' && request.terminalSn === null) {
    return { ...NO_TERMINAL, gatewayTransNo: null };
  }
  const opened =
    request.method === 'void'
      ? await call(CODEPAY_METHODS.pushToTerminal, {
          ...fields,
          ...terminalFields(request.terminalSn),
          trans_type: TRANS_TYPE.void,
          pay_scenario: PAY_SCENARIO_CARD,
        })
      : // The SDK calls trans_amount "Refund Amount", order_amount "Order Amount": of this number, so both are the same.
        await call(CODEPAY_METHODS.refund, { ...fields, trans_amount: amount });
  const outcome = callOutcome(opened, key);
  const isAccepted = outcome.outcome === 'accepted' && opened.isOpened;
  const data = isAccepted ? opened.reply.data : null;
  return { ...outcome, gatewayTransNo: data === null ? null : identifier(data, 'trans_no') };
}

/** Asks what became of a refund or a void. */
export async function queryRefund(
  key: GatewayRefundKey,
  options: Pick<CodePayOptions, 'notFoundCodes'>,
  call: Call,
): Promise<RefundAnswer> {
  const opened = await call(CODEPAY_METHODS.queryRefund, keyFields(orderKey(key)));
  if (opened.isOpened) return refundAnswer(opened.reply, key, options.notFoundCodes);
  return { answer: 'unknown', code: null, detail: opened.detail, reply: {} };
}

/**
 * The answer about a refund out of a reply whose signature was verified.
 * @param notFoundCodes codes that this gateway uses for an unknown number; CodePay documents none
 */
export function refundAnswer(
  reply: SignedReply,
  key: GatewayRefundKey,
  notFoundCodes: readonly string[],
): RefundAnswer {
  const redacted = redactedReply(reply);
  const unknown = (detail: string): RefundAnswer => {
    return { answer: 'unknown', code: shownText(reply.code), detail, reply: redacted };
  };
  if (!reply.isSuccess) {
    if (notFoundCodes.includes(reply.code)) {
      return { answer: 'not_found', code: reply.code, reply: redacted };
    }
    return unknown('the gateway answered with an error');
  }
  const { data } = reply;
  const facts = data === null ? null : paymentFacts(data);
  if (data === null || facts === null) {
    return unknown('the reply has no status that is understood');
  }
  const other = otherOrder(data, orderKey(key));
  if (other !== null) return unknown(other);
  if ((data.get('merchant_order_no') ?? '') === '') {
    return unknown('the reply does not say which refund it is about');
  }
  const transType = data.get('trans_type') ?? '';
  const isGivingBack = facts.transactionKind === 'refund' || facts.transactionKind === 'void';
  if (transType !== '' && !isGivingBack) {
    return unknown(`the reply is about a transaction of type ${facts.transactionKind}`);
  }
  // By its documentation the reply names neither merchant nor type: it answers a question about a refund of ours.
  const merchantNo = facts.merchantNo ?? key.merchantNo;
  const transactionKind = isGivingBack ? facts.transactionKind : 'refund';
  return {
    answer: ANSWERS[facts.state],
    facts: { ...facts, merchantNo, transactionKind },
    reply: redacted,
  };
}

/** A refund has the statuses of a payment: 2 is done, 1 and 3 are over without it, 0 and 9 are on their way. */
const ANSWERS = {
  paid: 'succeeded',
  closed: 'failed',
  open: 'pending',
  paying: 'pending',
} as const;

/** The refund's number stands where an order's would. */
function orderKey({ merchantNo, refundNo }: GatewayRefundKey) {
  return { merchantNo, merchantOrderNo: refundNo };
}
