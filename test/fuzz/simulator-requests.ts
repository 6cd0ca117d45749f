/** What the simulator understands: where wrong requests begin. Names are the gateway's. */
import type { KeyObject } from 'node:crypto';
import { signFields } from '../../src/gateway/codepay/codepay-signature.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';

/** Common parameters of the wire. */
export const ENVELOPE = {
  app_id: 'app-simulated',
  format: 'JSON',
  charset: 'UTF-8',
  version: '1.0',
  sign_type: 'RSA2',
  merchant_no: '312100000164',
};
/** Parameters of all its methods together. */
export const BUSINESS = {
  merchant_order_no: 'A-1',
  orig_merchant_order_no: 'A-1',
  price_currency: 'USD',
  order_amount: '10.50',
  trans_amount: '10.50',
  trans_type: '1',
  description: 'x',
  expires: '600',
  return_url: 'https://shop.example.com/',
  notify_url: 'http://127.0.0.1:1/',
  terminal_sn: 'TERMINAL-1',
  message_receiving_application: 'CodePay Register',
};

/** By path of the control API; `{}` stands for a number. */
export const CONTROL_BODIES: Readonly<Record<string, object>> = {
  '/control/orders/{}/scenario': { scenario: 'pays', payAfterMs: 60_000, times: 1, holdMs: 0 },
  '/control/orders/{}/pay': { isLate: true },
  '/control/orders/{}/decline': { by: 'user' },
  '/control/orders/{}/expire': {},
  '/control/refunds/{}/scenario': { scenario: 'pays', refundAfterMs: 60_000 },
  '/control/refunds/{}/settle': { outcome: 'failed' },
  '/control/pos-sales': {
    merchantOrderNo: 'A-9',
    amount: 100,
    currency: 'USD',
    terminalSn: 'T',
    notifyUrl: 'http://127.0.0.1:1/',
    expiresInSeconds: 60,
  },
  '/control/callbacks': {
    merchantOrderNo: 'A-1',
    fields: { note: 'x' },
    url: 'http://127.0.0.1:1/',
    signing: 'signed',
    ageMs: 0,
    delayMs: 60_000,
  },
  '/control/faults': { latencyMs: 0, errorRate: 0 },
  '/control/policies': { replyData: 'text', reusedNumber: { open: 'same' } },
};

/** The text of a JSON object with its signature; any other text as it is. */
export function signedRequest(text: string, merchantKey: KeyObject | null): string {
  const fields = readJsonFields(text);
  if (fields === null || merchantKey === null) return text;
  const sign = JSON.stringify(signFields(fields, merchantKey));
  return `${text.trim().slice(0, -1)}${fields.size === 0 ? '' : ','}"sign":${sign}}`;
}
