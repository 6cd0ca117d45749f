/** The payment gateway, spoken to in CodePay's Open API: build, sign, send, verify, map. */
import { formatMajor } from '../../domain/money.js';
import type {
  GatewayCancellation,
  GatewayCancelRequest,
  GatewayOrderCreation,
  GatewayOrderRequest,
  PaymentGateway,
} from '../payment-gateway.js';
import {
  type Call,
  callOutcome,
  createCall,
  freeText,
  keyFields,
  NO_TERMINAL,
  terminalFields,
} from './codepay-call.js';
import { identifier, queryAnswer } from './codepay-mapping.js';
import type { CodePayOptions } from './codepay-options.js';
import { queryRefund, refundOrder } from './codepay-refunds.js';
import { CODEPAY_METHODS, PAY_SCENARIO_CARD, TRANS_TYPE } from './codepay-wire.js';

/** A client of the gateway for one merchant and app. */
export function createCodePayGateway(options: CodePayOptions): PaymentGateway {
  const call = createCall(options);
  return {
    async queryOrder(key) {
      const opened = await call(CODEPAY_METHODS.query, keyFields(key));
      if (opened.isOpened) return queryAnswer(opened.reply, key, options.notFoundCodes);
      const { cause, detail } = opened;
      return { answer: 'unknown', cause, code: null, detail, reply: {} };
    },
    createOrder: (request) => createOrder(request, options, call),
    cancelOrder: (request) => cancelOrder(request, call),
    refundOrder: (request) => refundOrder(request, options, call),
    queryRefund: (key) => queryRefund(key, options, call),
  };
}

async function createOrder(
  request: GatewayOrderRequest,
  options: CodePayOptions,
  call: Call,
): Promise<GatewayOrderCreation> {
  if (request.channel === 'cloud' && request.terminalSn === null) {
    return { ...NO_TERMINAL, paymentUrl: null, gatewayTransNo: null };
  }
  const opened =
    request.channel === 'hosted'
      ? await call(CODEPAY_METHODS.checkout, {
          ...orderFields(request, options),
          return_url: request.redirectUrl,
        })
      : await call(CODEPAY_METHODS.pushToTerminal, {
          ...orderFields(request, options),
          ...terminalFields(request.terminalSn),
          trans_type: TRANS_TYPE.sale,
          pay_scenario: PAY_SCENARIO_CARD,
        });
  const outcome = callOutcome(opened, request);
  if (outcome.outcome !== 'accepted' || !opened.isOpened) {
    return { ...outcome, paymentUrl: null, gatewayTransNo: null };
  }
  const { data } = opened.reply;
  const paymentUrl = request.channel === 'hosted' ? webAddress(data?.get('pay_url') ?? '') : null;
  return {
    ...outcome,
    paymentUrl,
    gatewayTransNo: data === null ? null : identifier(data, 'trans_no'),
    detail:
      request.channel === 'hosted' && paymentUrl === null
        ? 'accepted, but the reply holds no payment address'
        : outcome.detail,
  };
}

async function cancelOrder(
  request: GatewayCancelRequest,
  call: Call,
): Promise<GatewayCancellation> {
  if (request.method === 'revoke') {
    return callOutcome(await call(CODEPAY_METHODS.revoke, keyFields(request)), request);
  }
  if (request.terminalSn === null) return NO_TERMINAL;
  const fields = { ...keyFields(request), ...terminalFields(request.terminalSn) };
  return callOutcome(await call(CODEPAY_METHODS.closeOnTerminal, fields), request);
}

function orderFields(request: GatewayOrderRequest, options: CodePayOptions) {
  return {
    ...keyFields(request),
    price_currency: request.currency,
    order_amount: formatMajor(request.amount, request.currency),
    description: freeText(request.description),
    expires: String(request.expiresInSeconds),
    notify_url: options.notifyUrl,
  };
}

/** Only http and https: the address is shown to payers as a link. */
function webAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}
