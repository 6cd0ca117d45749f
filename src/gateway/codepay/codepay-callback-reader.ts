/** What a person may see of a stored callback. Only fields that are known to be harmless are shown. */
import type { CallbackFieldReader } from '../payment-gateway.js';
import { callbackBodyReader } from './codepay-callback-body.js';
import { readData } from './codepay-envelope.js';
import { decodeUtf8, type WireFields } from './codepay-wire-text.js';

/** Stands for a value that may identify a payer, or that nobody knows what it holds. */
export const MASK = '•••';

const NUMBER = /^[A-Za-z0-9_.|*@-]{1,64}$/;
const AMOUNT = /^-?[0-9]{1,15}(\.[0-9]{1,4})?$/;
const CODE = /^[A-Za-z0-9_.-]{1,40}$/;
const TIME = /^([0-9]{13}|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2})$/;

/**
 * Each with the shape that it has when it holds what its name says. Names of fields are the gateway's.
 * Source: CodePay Open API, notifications.
 */
const SHOWN_FIELDS: Readonly<Record<string, RegExp>> = {
  app_id: CODE,
  charset: CODE,
  format: CODE,
  method: CODE,
  sign_type: CODE,
  timestamp: TIME,
  version: CODE,
  merchant_no: NUMBER,
  store_no: NUMBER,
  terminal_sn: NUMBER,
  merchant_order_no: NUMBER,
  orig_merchant_order_no: NUMBER,
  trans_no: NUMBER,
  orig_trans_no: NUMBER,
  pay_channel_trans_no: NUMBER,
  trans_type: CODE,
  trans_status: CODE,
  trans_error_code: CODE,
  trans_end_time: TIME,
  pay_scenario: CODE,
  pay_method_id: CODE,
  price_currency: CODE,
  trans_currency: CODE,
  settlement_currency: CODE,
  order_amount: AMOUNT,
  trans_amount: AMOUNT,
  paid_amount: AMOUNT,
  tip_amount: AMOUNT,
  cashback_amount: AMOUNT,
  settlement_amount: AMOUNT,
  trans_fee_c: AMOUNT,
  vat_amount: AMOUNT,
  discount_bmopc: AMOUNT,
  discount_bpc: AMOUNT,
};

/** Names are shown as they came, so they must not be able to hold a value. */
const FIELD_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const DATA_PREFIX = 'data.';

/** Nested business fields stand behind `data.`. */
export const readCallbackFields: CallbackFieldReader = (body, contentType) => {
  const read = callbackBodyReader(contentType);
  const text = decodeUtf8(body);
  const fields = read === null || text === null ? null : read(text);
  if (fields === null) return null;
  const data = readData(fields);
  const outer = [...fields].filter(([name]) => data === null || name !== 'data');
  return Object.fromEntries([
    ...masked(new Map(outer), ''),
    ...(data === null ? [] : masked(data, DATA_PREFIX)),
  ]);
};

function masked(fields: WireFields, prefix: string): [string, string][] {
  return [...fields]
    .filter(([name]) => FIELD_NAME.test(name))
    .map(([name, value]) => [prefix + name, shown(name, value ?? '')]);
}

function shown(name: string, value: string): string {
  // An empty value tells that the gateway had none.
  if (value === '') return '';
  const shape = Object.hasOwn(SHOWN_FIELDS, name) ? SHOWN_FIELDS[name] : undefined;
  return shape?.test(value) === true ? value : MASK;
}
