/** Refunds in CodePay's words: what is sent, and that only a signed answer about this very refund is believed. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCodePayGateway } from '../../src/gateway/codepay/codepay-gateway.js';
import { isSignedByAny, signFields } from '../../src/gateway/codepay/codepay-signature.js';
import { readJsonFields } from '../../src/gateway/codepay/codepay-wire-text.js';
import type { GatewayRefundRequest } from '../../src/gateway/payment-gateway.js';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
const codepay = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW_MS = Date.UTC(2026, 10, 21, 8, 9, 10);
const NOTIFY_URL = 'https://shop.test/v1/webhooks/codepay';
const KEY = { merchantNo: 'M1', refundNo: 'R1' };
const REFUND: GatewayRefundRequest = {
  ...KEY,
  method: 'refund',
  merchantOrderNo: 'T1',
  terminalSn: 'SN1',
  amount: 350,
  currency: 'USD',
  reason: '@ one coffee was cold',
};
const VOID: GatewayRefundRequest = { ...REFUND, method: 'void' };

type Wire = Record<string, unknown>;

function signedReply(fields: Record<string, string>, { privateKey } = codepay): string {
  return JSON.stringify({
    ...fields,
    sign: signFields(new Map(Object.entries(fields)), privateKey),
  });
}

const success = (data: Wire) =>
  signedReply({ code: '0', msg: 'Success', data: JSON.stringify(data) });

/** A gateway whose every answer is the same, and the requests that it was sent. */
function answering(answer: () => Response | Promise<never>) {
  const sent: Wire[] = [];
  const gateway = createCodePayGateway({
    baseUrl: 'https://gateway.test/api/entry',
    appId: 'A1',
    merchantNo: 'M1',
    privateKey: merchant.privateKey,
    publicKeys: [codepay.publicKey],
    notifyUrl: NOTIFY_URL,
    notFoundCodes: ['E404'],
    now: () => NOW_MS,
    fetch: async (_, init) => {
      const body = String(init?.body);
      expect(isSignedByAny(readJsonFields(body) ?? new Map(), [merchant.publicKey])).toBe(true);
      sent.push(JSON.parse(body));
      return await answer();
    },
  });
  return { gateway, sent };
}

const replying = (body: string) => answering(() => new Response(body));

const COMMON = {
  app_id: 'A1',
  format: 'JSON',
  charset: 'UTF-8',
  sign_type: 'RSA2',
  version: '1.0',
  timestamp: String(NOW_MS),
  sign: expect.any(String),
  merchant_no: 'M1',
  merchant_order_no: 'R1',
};

const TOLD = {
  ...COMMON,
  orig_merchant_order_no: 'T1',
  price_currency: 'USD',
  order_amount: '3.50',
  description: 'one coffee was cold',
  notify_url: NOTIFY_URL,
};

describe('what is sent', () => {
  it('when a refund is submitted, then it goes under its own number and names the order', async () => {
    const { gateway, sent } = replying(success({ trans_no: 'G9', trans_amount: '3.50' }));
    expect(await gateway.refundOrder(REFUND)).toMatchObject({
      outcome: 'accepted',
      gatewayTransNo: 'G9',
      code: '0',
    });
    expect(sent).toEqual([{ ...TOLD, method: 'order.refund.submit', trans_amount: '3.50' }]);
  });

  it('when a payment is voided, then it is pushed to its terminal as a void', async () => {
    const { gateway, sent } = replying(success({ trans_no: 'G9', message_id: '1' }));
    expect(await gateway.refundOrder(VOID)).toMatchObject({ outcome: 'accepted' });
    const terminal = { terminal_sn: 'SN1', message_receiving_application: 'CodePay Register' };
    const kind = { trans_type: '2', pay_scenario: 'SWIPE_CARD' };
    expect(sent).toEqual([{ ...TOLD, ...terminal, ...kind, method: 'wisehub.cloud.pay.order' }]);
  });

  it('when no terminal is known for a void, then nothing is sent and no code is told', async () => {
    const { gateway, sent } = replying(success({}));
    const submission = await gateway.refundOrder({ ...VOID, terminalSn: null });
    expect(submission).toMatchObject({ outcome: 'refused', code: null, gatewayTransNo: null });
    expect(sent).toEqual([]);
  });

  it('when a currency has no decimals or three, then the amount is exact', async () => {
    const { gateway, sent } = replying(success({}));
    await gateway.refundOrder({ ...REFUND, currency: 'JPY' });
    await gateway.refundOrder({ ...REFUND, currency: 'KWD' });
    expect(sent).toMatchObject([{ trans_amount: '350' }, { trans_amount: '0.350' }]);
  });

  it('when a refund is asked about, then by its own number', async () => {
    const { gateway, sent } = replying(success({ merchant_order_no: 'R1', trans_status: 0 }));
    expect(await gateway.queryRefund(KEY)).toMatchObject({ answer: 'pending' });
    expect(sent).toEqual([{ ...COMMON, method: 'order.refund.query' }]);
  });
});

describe('what becomes of a submission', () => {
  it.each([REFUND, VOID])(
    'when the gateway signs an error, then it is refused with the code: $method',
    async (request) => {
      const { gateway } = replying(signedReply({ code: 'E77', msg: 'exceeds' }));
      expect(await gateway.refundOrder(request)).toEqual({
        outcome: 'refused',
        code: 'E77',
        detail: 'answered with an error: exceeds',
        gatewayTransNo: null,
      });
    },
  );

  it.each([
    ['is signed by a stranger', signedReply({ code: '0', data: '{}' }, stranger)],
    ['says no by a stranger', signedReply({ code: 'E77' }, stranger)],
    ['is not signed', '{"code":"0"}'],
    ['is no JSON', '<html>'],
    ['is about another number', success({ merchant_order_no: 'R2', trans_no: 'G9' })],
    ['is about another merchant', success({ merchant_no: 'M2', trans_no: 'G9' })],
  ])('when the reply %s, then it may have happened', async (_, body) => {
    const { gateway } = replying(body);
    expect(await gateway.refundOrder(REFUND)).toMatchObject({
      outcome: 'unknown',
      gatewayTransNo: null,
    });
  });

  it('when there is no reply, then it may have happened', async () => {
    const { gateway } = answering(() => Promise.reject(new Error('cut')));
    expect(await gateway.refundOrder(REFUND)).toMatchObject({ outcome: 'unknown', code: null });
    expect(await gateway.queryRefund(KEY)).toMatchObject({ answer: 'unknown', code: null });
  });
});

describe('what an answer about a refund means', () => {
  const done = {
    merchant_order_no: 'R1',
    trans_no: 'G9',
    trans_status: 2,
    price_currency: 'USD',
    order_amount: '3.50',
    trans_amount: '3.50',
    trans_end_time: '2026-11-21 08:00:00',
  };

  it('when it succeeded, then its facts are a refund of our merchant', async () => {
    const { gateway } = replying(success(done));
    expect(await gateway.queryRefund(KEY)).toMatchObject({
      answer: 'succeeded',
      facts: {
        merchantNo: 'M1',
        merchantOrderNo: 'R1',
        transactionKind: 'refund',
        state: 'paid',
        amount: 350,
        transactionAmount: 350,
        gatewayTransNo: 'G9',
        refundCapAmount: null,
      },
      reply: { trans_status: '2' },
    });
  });

  it.each([
    [2, 'succeeded'],
    [0, 'pending'],
    [9, 'pending'],
    [1, 'failed'],
    [3, 'failed'],
    [7, 'unknown'],
    ['', 'unknown'],
  ])('when the status is %j, then it is %s', async (trans_status, answer) => {
    for (const trans_type of ['', 2, 3]) {
      const { gateway } = replying(success({ ...done, trans_status, trans_type }));
      expect((await gateway.queryRefund(KEY)).answer).toBe(answer);
    }
  });

  it.each([
    ['is about another number', success({ ...done, merchant_order_no: 'T1' })],
    ['is about another merchant', success({ ...done, merchant_no: 'M2' })],
    ['names no number', success({ ...done, merchant_order_no: '' })],
    ['is about a sale', success({ ...done, trans_type: 1 })],
    ['is of a type that we do not use', success({ ...done, trans_type: 8 })],
    ['holds no data', signedReply({ code: '0' })],
    ['is an error', signedReply({ code: 'E77', msg: 'busy' })],
    ['is signed by a stranger', signedReply({ code: 'E404' }, stranger)],
    ['is not signed', JSON.stringify({ code: '0', data: JSON.stringify(done) })],
  ])('when the reply %s, then nothing is known', async (_, body) => {
    const { gateway } = replying(body);
    expect((await gateway.queryRefund(KEY)).answer).toBe('unknown');
  });

  it('when the signed code is one for unknown numbers, then it is not found', async () => {
    const { gateway } = replying(signedReply({ code: 'E404', msg: 'no such order' }));
    expect(await gateway.queryRefund(KEY)).toMatchObject({ answer: 'not_found', code: 'E404' });
    expect(await gateway.refundOrder(REFUND)).toMatchObject({ outcome: 'refused', code: 'E404' });
  });
});
