/** The payment gateway, spoken to in CodePay's Open API: build, sign, send, verify, map. */
import { formatMajor } from '../../domain/money.js';
import type {
  GatewayCancellation,
  GatewayCancelRequest,
  GatewayOrderCreation,
  GatewayOrderKey,
  GatewayOrderRequest,
  PaymentGateway,
} from '../payment-gateway.js';
import { type OpenedReply, openReply, type SignedReply } from './codepay-envelope.js';
import { identifier, otherOrder, queryAnswer, shownText } from './codepay-mapping.js';
import type { CodePayOptions } from './codepay-options.js';
import { post } from './codepay-transport.js';
import {
  CODEPAY_METHODS,
  type CodePayMethod,
  PAY_SCENARIO_CARD,
  requestId,
  signedRequest,
  TERMINAL_APPLICATION,
  TRANS_TYPE,
} from './codepay-wire.js';
import { writeJsonFields } from './codepay-wire-text.js';

const REQUEST_TIMEOUT_MS = 10_000;

type RequestFields = Readonly<Record<string, string | null>>;
type Call = (method: CodePayMethod, fields: RequestFields) => Promise<OpenedReply>;

/** A client of the gateway for one merchant and app. */
export function createCodePayGateway(options: CodePayOptions): PaymentGateway {
  const call: Call = async (method, fields) => {
    const nowMs = (options.now ?? Date.now)();
    const { appId, privateKey } = options;
    const result = await post({
      url: options.baseUrl,
      body: writeJsonFields(signedRequest(method, fields, { appId, privateKey, nowMs })),
      requestId: requestId(nowMs),
      timeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      fetch: options.fetch ?? fetch,
    });
    if (result.isAnswered) return openReply(result.bytes, options.publicKeys);
    return { isOpened: false, cause: result.cause, detail: result.detail };
  };
  return {
    async queryOrder(key) {
      const opened = await call(CODEPAY_METHODS.query, keyFields(key));
      if (opened.isOpened) return queryAnswer(opened.reply, key, options.notFoundCodes);
      const { cause, detail } = opened;
      return { answer: 'unknown', cause, code: null, detail, reply: {} };
    },
    createOrder: (request) => createOrder(request, options, call),
    cancelOrder: (request) => cancelOrder(request, call),
  };
}

async function createOrder(
  request: GatewayOrderRequest,
  options: CodePayOptions,
  call: Call,
): Promise<GatewayOrderCreation> {
  if (request.channel === 'cloud' && request.terminalSn === null) {
    return notCreated('refused', 'no terminal is known for the order, so nothing was sent');
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
  if (request.terminalSn === null) {
    const detail = 'no terminal is known for the order, so nothing was sent';
    return { outcome: 'refused', code: null, detail };
  }
  const fields = { ...keyFields(request), ...terminalFields(request.terminalSn) };
  return callOutcome(await call(CODEPAY_METHODS.closeOnTerminal, fields), request);
}

/**
 * What became of a call that changes something. Only a signed reply says so: accepted on code "0", answered with an
 * error on any other. Without one the call may have happened. A refusal says nothing about whether the order is paid.
 */
function callOutcome(opened: OpenedReply, key: GatewayOrderKey): GatewayCancellation {
  if (!opened.isOpened) return { outcome: 'unknown', code: null, detail: opened.detail };
  const { reply } = opened;
  if (!reply.isSuccess) {
    return { outcome: 'refused', code: shownText(reply.code), detail: gatewaySentence(reply) };
  }
  const other = reply.data === null ? null : otherOrder(reply.data, key);
  if (other !== null) return { outcome: 'unknown', code: shownText(reply.code), detail: other };
  return { outcome: 'accepted', code: reply.code, detail: 'accepted by the gateway' };
}

function gatewaySentence(reply: SignedReply): string {
  const message = reply.envelope.get('msg') ?? '';
  return message === ''
    ? 'answered with an error'
    : `answered with an error: ${shownText(message)}`;
}

function notCreated(outcome: 'refused' | 'unknown', detail: string): GatewayOrderCreation {
  return { outcome, paymentUrl: null, gatewayTransNo: null, code: null, detail };
}

function keyFields(key: GatewayOrderKey) {
  return { merchant_no: key.merchantNo, merchant_order_no: key.merchantOrderNo };
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

function terminalFields(terminalSn: string | null) {
  return { terminal_sn: terminalSn, message_receiving_application: TERMINAL_APPLICATION };
}

/**
 * CodePay's PHP sample leaves values that begin with `@` out of the signature, its other samples keep them: free text
 * never begins with one. An order number may, legally; it is part of the order's identity and is sent as it is.
 */
function freeText(text: string | null): string | null {
  return text === null ? null : text.replace(/^[@\s]+/, '').trim();
}

/** Only http and https: the address is shown to payers as a link. */
function webAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}
