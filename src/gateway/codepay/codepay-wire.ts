/** CodePay's names and the request envelope. Source: CodePay Open API, sections 1 to 3. */
import { type KeyObject, randomInt } from 'node:crypto';
import { signFields } from './codepay-signature.js';
import type { WireFields } from './codepay-wire-text.js';

export const CODEPAY_METHODS = {
  query: 'order.query',
  /** Closes an unpaid order and refunds a paid one. */
  revoke: 'order.revoker',
  /** Only closes an order that waits on a terminal. */
  closeOnTerminal: 'wisehub.cloud.pay.close',
  checkout: 'pay.checkout',
  pushToTerminal: 'wisehub.cloud.pay.order',
  refund: 'order.refund.submit',
  queryRefund: 'order.refund.query',
} as const;

export type CodePayMethod = (typeof CODEPAY_METHODS)[keyof typeof CODEPAY_METHODS];

/** The call was carried out. It does not say that money moved. */
export const CODE_SUCCESS = '0';

/** `trans_status`. Source: CodePay Open API, 3.2. */
export const TRANS_STATUS = {
  created: '9',
  paying: '0',
  closed: '1',
  successful: '2',
  canceled: '3',
} as const;

export type TransStatus = (typeof TRANS_STATUS)[keyof typeof TRANS_STATUS];

/** `trans_type`. Source: CodePay Register SDK; the ones that matter here. */
export const TRANS_TYPE = { sale: '1', void: '2', refund: '3' } as const;

export const SIGN_TYPE = 'RSA2';

/** The application on the terminal that takes pushed orders. */
export const TERMINAL_APPLICATION = 'CodePay Register';

export const PAY_SCENARIO_CARD = 'SWIPE_CARD';

/** A message is refused when its time is further off than this. Source: CodePay Open API, common parameters. */
export const TIMESTAMP_TOLERANCE_MS = 15 * 60_000;

/** The whole body of an acknowledgement. Source: PayCloud, transaction result notification. */
export const CALLBACK_ACKNOWLEDGEMENT = 'success';

export const REQUEST_ID_HEADER = 'Http-Request-Psn';

/**
 * A request with its common parameters and its signature. Every value is a string, so that what is signed is what is
 * sent; empty ones are left out.
 * @param nowMs epoch milliseconds
 */
export function signedRequest(
  method: CodePayMethod,
  fields: Readonly<Record<string, string | null>>,
  sender: { readonly appId: string; readonly privateKey: KeyObject; readonly nowMs: number },
): WireFields {
  const request = new Map<string, string>([
    ['app_id', sender.appId],
    ['method', method],
    ['format', 'JSON'],
    ['charset', 'UTF-8'],
    ['sign_type', SIGN_TYPE],
    ['version', '1.0'],
    ['timestamp', String(sender.nowMs)],
  ]);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== '') request.set(name, value);
  }
  return new Map([...request, ['sign', signFields(request, sender.privateKey)]]);
}

/** 20 digits: month to second, then random ones. Source: CodePay's Java SDK. @param nowMs epoch milliseconds */
export function requestId(nowMs: number): string {
  const monthToSecond = new Date(nowMs)
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(4, 14);
  return `${monthToSecond}${String(randomInt(10_000_000_000)).padStart(10, '0')}`;
}
