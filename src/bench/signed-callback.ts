/** A callback as CodePay sends it for a paid sale, signed by the simulated gateway's key. */
import type { KeyObject } from 'node:crypto';
import { signFields } from '../gateway/codepay/codepay-signature.js';

export interface BenchOrder {
  readonly merchantOrderNo: string;
  readonly amountText: string;
}

export function signedCallback(
  { merchantOrderNo, amountText }: BenchOrder,
  sender: { readonly merchantNo: string; readonly appId: string; readonly key: KeyObject },
): string {
  const fields = {
    app_id: sender.appId,
    method: 'order.notify',
    format: 'JSON',
    charset: 'UTF-8',
    version: '1.0',
    sign_type: 'RSA2',
    timestamp: String(Date.now()),
    merchant_no: sender.merchantNo,
    merchant_order_no: merchantOrderNo,
    trans_no: `T${merchantOrderNo}`,
    trans_type: '1',
    trans_status: '2',
    price_currency: 'USD',
    order_amount: amountText,
    trans_amount: amountText,
    paid_amount: amountText,
    trans_end_time: new Date().toISOString().slice(0, 19).replace('T', ' '),
  };
  const sign = signFields(new Map(Object.entries(fields)), sender.key);
  return JSON.stringify({ ...fields, sign });
}
