/** One call to the gateway and what became of it: send, open the signed reply, classify. */
import type { CallOutcome } from '../../domain/evidence.js';
import type { GatewayOrderKey } from '../payment-gateway.js';
import { type OpenedReply, openReply, type SignedReply } from './codepay-envelope.js';
import { otherOrder, shownText } from './codepay-mapping.js';
import type { CodePayOptions } from './codepay-options.js';
import { post } from './codepay-transport.js';
import {
  type CodePayMethod,
  requestId,
  signedRequest,
  TERMINAL_APPLICATION,
} from './codepay-wire.js';
import { writeJsonFields } from './codepay-wire-text.js';

const REQUEST_TIMEOUT_MS = 10_000;

export type RequestFields = Readonly<Record<string, string | null>>;
export type Call = (method: CodePayMethod, fields: RequestFields) => Promise<OpenedReply>;

/** What became of a call that changes something. */
export interface CalledOutcome {
  readonly outcome: CallOutcome;
  /** The gateway's code when it signed one; `null` as well when nothing was sent. */
  readonly code: string | null;
  readonly detail: string;
}

/** Makes one request each, and never throws for what the gateway or the network does. */
export function createCall(options: CodePayOptions): Call {
  return async (method, fields) => {
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
}

/**
 * What became of a call that changes something. Only a signed reply says so: accepted on code "0", answered with an
 * error on any other. Without one the call may have happened. A refusal says nothing about whether the order is paid.
 */
export function callOutcome(opened: OpenedReply, key: GatewayOrderKey): CalledOutcome {
  if (!opened.isOpened) return { outcome: 'unknown', code: null, detail: opened.detail };
  const { reply } = opened;
  if (!reply.isSuccess) {
    return { outcome: 'refused', code: shownText(reply.code), detail: gatewaySentence(reply) };
  }
  const other = reply.data === null ? null : otherOrder(reply.data, key);
  if (other !== null) return { outcome: 'unknown', code: shownText(reply.code), detail: other };
  return { outcome: 'accepted', code: reply.code, detail: 'accepted by the gateway' };
}

/** Why a call to a terminal was not made. */
export const NO_TERMINAL: CalledOutcome = {
  outcome: 'refused',
  code: null,
  detail: 'no terminal is known for the order, so nothing was sent',
};

export function keyFields(key: GatewayOrderKey) {
  return { merchant_no: key.merchantNo, merchant_order_no: key.merchantOrderNo };
}

export function terminalFields(terminalSn: string | null) {
  return { terminal_sn: terminalSn, message_receiving_application: TERMINAL_APPLICATION };
}

/**
 * CodePay's PHP sample leaves values that begin with `@` out of the signature, its other samples keep them: free text
 * never begins with one. An order number may, legally; it is part of the order's identity and is sent as it is.
 */
export function freeText(text: string | null): string | null {
  return text === null ? null : text.replace(/^[@\s]+/, '').trim();
}

function gatewaySentence(reply: SignedReply): string {
  const message = reply.envelope.get('msg') ?? '';
  return message === ''
    ? 'answered with an error'
    : `answered with an error: ${shownText(message)}`;
}
