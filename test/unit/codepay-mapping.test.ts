import { describe, expect, it } from 'vitest';
import type { SignedReply } from '../../src/gateway/codepay/codepay-envelope.js';
import {
  paymentFacts,
  paymentState,
  queryAnswer,
  redactedReply,
} from '../../src/gateway/codepay/codepay-mapping.js';
import { refundCapMinor } from '../../src/gateway/refund-cap.js';

const KEY = { merchantNo: 'M1', merchantOrderNo: 'T1' };

const PAID_SALE = {
  merchant_no: 'M1',
  merchant_order_no: 'T1',
  trans_no: '2026112100001',
  trans_type: '1',
  trans_status: '2',
  price_currency: 'USD',
  order_amount: '10.50',
  trans_amount: '12.00',
  tip_amount: '1.50',
  paid_amount: '11.00',
  discount_bmopc: '0.60',
  discount_bpc: '0.40',
  pay_channel_trans_no: 'C77',
  pay_user_account_id: '411111******1111',
  trans_end_time: '2026-11-21 08:00:00',
};

const fields = (record: Record<string, string>) => new Map(Object.entries(record));

function reply(data: Record<string, string> | null, code = '0'): SignedReply {
  return {
    code,
    isSuccess: code === '0',
    envelope: fields({ code, msg: 'a message', psn: '11210800001234567890', sign: 'secret-ish' }),
    data: data === null ? null : fields(data),
  };
}

function without(record: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

describe('the status of a transaction', () => {
  it.each([
    ['9', 'open'],
    ['0', 'paying'],
    ['1', 'closed'],
    ['2', 'paid'],
    ['3', 'closed'],
  ])('when trans_status is %s, then it is %s', (status, state) => {
    expect(paymentState(status)).toBe(state);
  });

  it.each([[''], ['4'], ['2.0'], ['02'], [' 2'], ['true'], ['SUCCESS'], [null], [undefined]])(
    'when trans_status is %j, then nothing is concluded',
    (status) => {
      expect(paymentState(status)).toBeNull();
    },
  );
});

describe('facts of a signed message', () => {
  it('when a sale was paid with tip and discount, then each amount has its own place', () => {
    expect(paymentFacts(fields(PAID_SALE))).toEqual({
      merchantNo: 'M1',
      merchantOrderNo: 'T1',
      transactionKind: 'sale',
      state: 'paid',
      currency: 'USD',
      amount: 1050,
      transactionAmount: 1200,
      paidAmount: 1100,
      tipAmount: 150,
      discountAmount: 100,
      refundCapAmount: 1100,
      gatewayTransNo: '2026112100001',
      endedAt: '2026-11-21T08:00:00.000Z',
      hasPaymentTraces: true,
      failureCode: null,
    });
  });

  it.each([
    ['more was taken than was ordered', {}, 1100],
    ['only the transaction amount is told', { paid_amount: '' }, 1200],
    ['neither is told', { paid_amount: '', trans_amount: '' }, 1050],
    ['nobody paid', { trans_status: '1' }, null],
    ['it is a refund itself', { trans_type: '3' }, null],
  ])('when %s, then that sets what refunds may give back: %j', (_, extra, expected) => {
    expect(paymentFacts(fields({ ...PAID_SALE, ...extra }))?.refundCapAmount).toBe(expected);
  });

  it.each([
    ['JPY', '1050', 1050],
    ['JPY', '1050.00', 1050],
    ['JPY', '10.50', null],
    ['KWD', '1.050', 1050],
    ['USD', '10.5', 1050],
    ['USD', '10.505', null],
    ['USD', '1e3', null],
    ['USD', '-1.00', null],
    ['usd', '10.50', null],
  ])('when %s %s was ordered, then the amount is %s', (price_currency, order_amount, amount) => {
    const facts = paymentFacts(fields({ ...PAID_SALE, price_currency, order_amount }));
    expect(facts?.amount).toBe(amount);
  });

  it.each([
    ['nothing of a payment', {}, false],
    ['a paid amount of zero', { paid_amount: '0.00' }, false],
    ['a paid amount', { paid_amount: '0.01' }, true],
    ['a paid amount that is no number', { paid_amount: 'x' }, true],
    ["a channel's number", { pay_channel_trans_no: 'C1' }, true],
    ['an end time', { trans_end_time: 'whatever' }, true],
  ])('when a closed order has %s, then traces are %s', (_, extra, expected) => {
    const base = { trans_status: '1', price_currency: 'USD' };
    expect(paymentFacts(fields({ ...base, ...extra }))?.hasPaymentTraces).toBe(expected);
  });

  it.each([['2026-11-21T08:00:00'], ['2026-13-01 00:00:00'], ['2026-02-30 00:00:00'], ['']])(
    'when the end time is %j, then there is none',
    (trans_end_time) => {
      expect(paymentFacts(fields({ ...PAID_SALE, trans_end_time }))?.endedAt).toBeNull();
    },
  );
});

describe('the answer to a query', () => {
  it.each([
    ['9', 'open'],
    ['0', 'paying'],
    ['1', 'closed'],
    ['2', 'paid'],
    ['3', 'closed'],
  ])(
    'when a signed reply about the order has status %s, then the answer is %s',
    (status, answer) => {
      const result = queryAnswer(reply({ ...PAID_SALE, trans_status: status }), KEY, []);
      expect(result.answer).toBe(answer);
    },
  );

  it('when the reply names no merchant, then it is about the one that asked', () => {
    const result = queryAnswer(reply(without(PAID_SALE, 'merchant_no')), KEY, []);
    expect('facts' in result && result.facts.merchantNo).toBe('M1');
  });

  it.each([
    ['another order', { ...PAID_SALE, merchant_order_no: 'T2' }, 'other_order'],
    ['an order in other letters', { ...PAID_SALE, merchant_order_no: 't1' }, 'other_order'],
    ['another merchant', { ...PAID_SALE, merchant_no: 'M2' }, 'other_order'],
    ['no order at all', without(PAID_SALE, 'merchant_order_no'), 'not_understood'],
    ['a successful refund', { ...PAID_SALE, trans_type: '3' }, 'not_a_sale'],
    ['a successful void', { ...PAID_SALE, trans_type: '2' }, 'not_a_sale'],
    ['a successful pre-authorisation', { ...PAID_SALE, trans_type: '4' }, 'not_a_sale'],
    ['a success of no type', without(PAID_SALE, 'trans_type'), 'not_a_sale'],
    ['a failed refund', { ...PAID_SALE, trans_type: '3', trans_status: '1' }, 'not_a_sale'],
    ['an undocumented status', { ...PAID_SALE, trans_status: '7' }, 'not_understood'],
    ['no status', without(PAID_SALE, 'trans_status'), 'not_understood'],
  ])('when it is about %s, then it is unknown: %s', (_, data, cause) => {
    expect(queryAnswer(reply(data), KEY, [])).toMatchObject({ answer: 'unknown', cause });
  });

  it('when code is 0 and there is no data, then it is unknown', () => {
    expect(queryAnswer(reply(null), KEY, [])).toMatchObject({ cause: 'not_understood' });
  });

  it.each([['E0001'], ['00'], ['-1'], ['SYS011']])(
    'when the gateway answers with code %s, then it is unknown even with paid data',
    (code) => {
      const result = queryAnswer(reply(PAID_SALE, code), KEY, []);
      expect(result).toMatchObject({ answer: 'unknown', cause: 'gateway_code', code });
    },
  );

  it('when the code is one that is configured as not found, then it is not found', () => {
    expect(queryAnswer(reply(null, 'E404'), KEY, ['E404'])).toMatchObject({ answer: 'not_found' });
    expect(queryAnswer(reply(null, 'E405'), KEY, ['E404'])).toMatchObject({ answer: 'unknown' });
  });

  it('when a reply is kept, then nothing of the payer and no signature is in it, and long texts are cut', () => {
    const kept = redactedReply(reply({ ...PAID_SALE, trans_error_code: 'x'.repeat(500) }));
    expect(Object.keys(kept).sort()).toEqual([
      'code',
      'msg',
      'order_amount',
      'paid_amount',
      'price_currency',
      'psn',
      'trans_amount',
      'trans_end_time',
      'trans_error_code',
      'trans_no',
      'trans_status',
      'trans_type',
    ]);
    expect(kept.trans_error_code?.length).toBeLessThan(130);
  });
});

describe('the cap of refunds', () => {
  it.each([
    [{ amount: 1050, transactionAmount: 1200, paidAmount: 1100 }, 1100],
    [{ amount: 1050, transactionAmount: 1000, paidAmount: 1100 }, 1000],
    [{ amount: 1050, transactionAmount: null, paidAmount: 1100 }, 1100],
    [{ amount: 1050, transactionAmount: null, paidAmount: null }, 1050],
    [{ amount: null, transactionAmount: null, paidAmount: null }, 0],
  ])('when the amounts are %j, then at most %s is given back', (facts, cap) => {
    expect(refundCapMinor(facts)).toBe(cap);
  });
});
