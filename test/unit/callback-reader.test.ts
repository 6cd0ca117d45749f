import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, readCallbackFields } from '../../src/gateway/codepay/codepay-callback-reader.js';

const JSON_TYPE = 'application/json';

function read(fields: object, contentType = JSON_TYPE) {
  return readCallbackFields(Buffer.from(JSON.stringify(fields)), contentType);
}

/** What a payer is known by, as gateways and we ourselves name it. */
const PAYER_FIELDS = [
  'attach',
  'bank_account',
  'billing_address',
  'buyer_email',
  'card_no',
  'customer_name',
  'description',
  'order_subject',
  'pay_user_account_id',
  'payer_id',
  'phone',
  'ref_no',
  'shipping_address',
  'sign',
  'trans_error_msg',
];
const SECRET = 'Ann-Payer-4242424242424242';

const fieldName = fc
  .tuple(
    fc.constantFrom('payer', 'buyer', 'card', 'customer', 'user', 'holder', 'pay', 'trans', ''),
    fc.stringMatching(/^[a-zA-Z0-9_.-]{1,20}$/),
  )
  .map(([begin, end]) => (begin === '' ? end : `${begin}_${end}`));

describe('the fields of a callback', () => {
  it('when it is a paid sale, then what proves it is shown as received', () => {
    const fields = {
      app_id: 'wz0000000001',
      merchant_order_no: 'A-1001',
      trans_no: 'G-1',
      price_currency: 'USD',
      paid_amount: '10.50',
      trans_status: 2,
      trans_end_time: '2026-11-21 09:30:12',
      terminal_sn: 'T1',
      timestamp: '1795253412000',
    };
    expect(read(fields)).toEqual({ ...fields, trans_status: '2' });
  });

  it.each(PAYER_FIELDS)('when a field is named %s, then its value is masked', (name) => {
    expect(read({ [name]: SECRET })).toEqual({ [name]: MASK });
  });

  it('when a field has any other name, then its value is masked, at the top and inside data', () => {
    const known = new Set(Object.keys(shownAtAll()));
    fc.assert(
      fc.property(fieldName, fc.string({ minLength: 1 }), (name, value) => {
        fc.pre(!known.has(name) && name !== 'data' && name !== '__proto__');
        expect(read({ [name]: value })).toEqual({ [name]: MASK });
        expect(read({ data: { [name]: value } })).toEqual({ [`data.${name}`]: MASK });
        expect(read({ data: JSON.stringify({ [name]: value }) })).toEqual({
          [`data.${name}`]: MASK,
        });
      }),
    );
  });

  it('when a field that is shown holds what its name does not say, then it is masked', () => {
    const names = Object.keys(shownAtAll());
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      for (const value of [
        'Ann Payer',
        'ann@exämple.com',
        '4242 4242 4242 4242',
        { name: 'Ann' },
      ]) {
        expect(Object.values(read({ [name]: value }) ?? {}).join(), name).toBe(MASK);
      }
    }
    for (const name of names.filter((each) => each.endsWith('_amount'))) {
      expect(read({ [name]: '4242424242424242' })).toEqual({ [name]: MASK });
    }
  });

  it('when nothing is in a field, then it is shown as empty', () => {
    expect(read({ pay_user_account_id: '', attach: null })).toEqual({
      pay_user_account_id: '',
      attach: '',
    });
  });

  it('when the name of a field holds a value, then it is left out', () => {
    expect(read({ 'Ann Payer <ann@example.com>': '1', trans_no: 'G-1' })).toEqual({
      trans_no: 'G-1',
    });
  });

  it('when it is a form, then it is read like JSON', () => {
    const body = Buffer.from('trans_status=2&pay_user_account_id=ann%40example.com');
    expect(readCallbackFields(body, 'application/x-www-form-urlencoded; charset=utf-8')).toEqual({
      trans_status: '2',
      pay_user_account_id: MASK,
    });
  });

  it('when data is no object, then it is one field that is masked', () => {
    expect(read({ data: SECRET })).toEqual({ data: MASK });
  });

  it.each([
    ['it is cut off', '{"trans_no":"G-1"', JSON_TYPE],
    ['it is a list', '[]', JSON_TYPE],
    ['the media type is another', '{"trans_no":"G-1"}', 'text/plain'],
  ])('when %s, then there is nothing to show', (_what, body, contentType) => {
    expect(readCallbackFields(Buffer.from(body), contentType)).toBeNull();
  });
});

/** Every field whose value can be shown, found by offering values of all shapes. */
function shownAtAll(): Readonly<Record<string, string>> {
  const names = [
    'app_id charset format method sign_type timestamp version merchant_no store_no terminal_sn',
    'merchant_order_no orig_merchant_order_no trans_no orig_trans_no pay_channel_trans_no',
    'trans_type trans_status trans_error_code trans_end_time pay_scenario pay_method_id',
    'price_currency trans_currency settlement_currency order_amount trans_amount paid_amount',
    'tip_amount cashback_amount settlement_amount trans_fee_c vat_amount discount_bmopc',
    'discount_bpc',
  ].flatMap((line) => line.split(' '));
  const values = ['A1', '10.50', '1795253412000'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values.find((each) => read({ [name]: each })?.[name] === each);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
