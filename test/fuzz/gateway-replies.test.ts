/** Whatever the gateway answers: an outcome, never an exception, never a payment out of nothing. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWellFormed } from '../../src/domain/well-formed-text.js';
import type {
  GatewayOrderRequest,
  GatewayRefundRequest,
} from '../../src/gateway/payment-gateway.js';
import { announceSeed, FUZZ_TIMEOUT_MS, holdsForAll } from './fuzz-runs.js';
import { type HostileGateway, signedText, startHostileGateway } from './hostile-gateway.js';
import { HOSTILE_DOCUMENTS, hostileBody, hostileValue } from './hostile-json.js';
import { HOSTILE_TEXTS, MARK } from './hostile-text.js';
import { TRANSPORT_TRICKS } from './transport-tricks.js';

/** What is kept of one reply goes into an audit entry and a workflow's history. */
const KEPT_BYTES_MAX = 8_192;
const KEY = { merchantNo: 'M1001', merchantOrderNo: 'A-1' };

const ORDER: GatewayOrderRequest = {
  ...KEY,
  channel: 'hosted',
  amount: 1_050,
  currency: 'USD',
  description: null,
  redirectUrl: null,
  terminalSn: null,
  expiresInSeconds: 600,
};

const REFUND: GatewayRefundRequest = {
  ...KEY,
  refundNo: 'A-1',
  method: 'refund',
  terminalSn: null,
  amount: 1_050,
  currency: 'USD',
  reason: 'cold',
};

let gateway: HostileGateway;

beforeAll(async () => {
  announceSeed('gateway replies');
  gateway = await startHostileGateway();
});

afterAll(async () => await gateway.close());

/** The business fields of a paid order. */
const PAID = {
  merchant_no: 'M1001',
  merchant_order_no: 'A-1',
  trans_no: 'G1',
  trans_type: '1',
  trans_status: '2',
  price_currency: 'USD',
  order_amount: '10.50',
  trans_amount: '10.50',
  paid_amount: '10.50',
  trans_end_time: '2026-11-21 09:30:12',
  pay_url: 'https://pay.example.com/p/1',
};
const ENVELOPE = { code: '0', msg: 'OK', psn: '1', sign_type: 'RSA2', timestamp: '1763717412000' };

/** Replies around a paid order: data as an object or as its text, anything changed, before it is signed. */
const replies = fc.oneof(
  hostileBody(fc.constant({ ...ENVELOPE, data: PAID })),
  hostileBody(fc.constant(PAID)).map((data) => JSON.stringify({ ...ENVELOPE, data })),
  fc.tuple(fc.constantFrom(...Object.keys(PAID)), hostileValue).map(([name, value]) => {
    const data = JSON.stringify({ ...PAID, [name]: MARK }).replace(`"${MARK}"`, () => value);
    return `{"code":"0","sign_type":"RSA2","data":${data}}`;
  }),
  hostileBody(fc.constant({ ...ENVELOPE, ...PAID })),
  fc.constantFrom(...HOSTILE_DOCUMENTS),
);

async function askAll() {
  const { client } = gateway;
  const [query, created, pushed, revoked, closed, refunded, refund] = await Promise.all([
    client.queryOrder(KEY),
    client.createOrder(ORDER),
    client.createOrder({ ...ORDER, channel: 'cloud', terminalSn: 'T-1' }),
    client.cancelOrder({ ...KEY, method: 'revoke', terminalSn: null }),
    client.cancelOrder({ ...KEY, method: 'close', terminalSn: 'T-1' }),
    client.refundOrder(REFUND),
    client.queryRefund(REFUND),
  ]);
  const outcomes = { query, created, pushed, revoked, closed, refunded, refund };
  for (const text of textsIn(outcomes)) expect(isWellFormed(text), text).toBe(true);
  for (const outcome of Object.values(outcomes)) {
    expect(JSON.stringify(outcome).length).toBeLessThan(KEPT_BYTES_MAX);
  }
  return outcomes;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function answerText(text: string): void {
  gateway.answerWith((response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
  });
}

/** Nothing was learnt and nothing counts as refused: it may have happened. */
async function expectUnknown(): Promise<void> {
  const { query, created, pushed, revoked, closed, refunded, refund } = await askAll();
  expect([query.answer, refund.answer]).toEqual(['unknown', 'unknown']);
  for (const { outcome } of [created, pushed, revoked, closed, refunded]) {
    expect(outcome).toBe('unknown');
  }
}

describe('replies of the gateway', () => {
  it(
    'when a reply is signed nonsense, then there is an outcome, and it is paid only about this order as a sale',
    async () => {
      const answers = new Set<string>();
      await holdsForAll(replies, 60, async (text) => {
        answerText(signedText(text));
        const { query, created, refund } = await askAll();
        answers.add(query.answer);
        if (query.answer === 'paid') {
          expect(query.facts).toMatchObject({ merchantOrderNo: 'A-1', transactionKind: 'sale' });
          const { amount, paidAmount } = query.facts;
          for (const one of [amount, paidAmount])
            expect(one === null || Number.isSafeInteger(one)).toBe(true);
        }
        if (created.paymentUrl !== null) expect(created.paymentUrl).toMatch(/^https?:\/\//);
        if (refund.answer === 'succeeded') expect(refund.facts.merchantOrderNo).toBe('A-1');
      });
      // Both that some got through the signature and that some did not help.
      expect(answers.has('paid') && answers.has('unknown')).toBe(true);
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'when the same is not signed, or by a stranger, then nothing of it counts',
    async () => {
      const unsigned = fc.tuple(
        replies,
        fc.constantFrom('unsigned' as const, 'by_a_stranger' as const),
      );
      await holdsForAll(unsigned, 15, async ([text, signing]) => {
        answerText(signedText(text, signing));
        await expectUnknown();
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it('when a message of the gateway is cut for the record, then no half of a surrogate pair is left', async () => {
    for (const padding of [0, 118, 119, 120]) {
      const msg = `${'x'.repeat(padding)}${'💶'.repeat(100)}\ud800`;
      answerText(signedText(JSON.stringify({ ...ENVELOPE, code: 'E💶\udc00', msg, data: PAID })));
      await askAll();
    }
  });

  it.each(Object.keys(HOSTILE_TEXTS))(
    'when a signed reply holds "%s" wherever it can, then it is kept short and well-formed or not at all',
    async (name) => {
      const text = HOSTILE_TEXTS[name] ?? '';
      const data = Object.fromEntries(Object.keys(PAID).map((field) => [field, text]));
      answerText(signedText(JSON.stringify({ ...ENVELOPE, msg: text, psn: text, data })));
      const { query } = await askAll();
      expect(query.answer).toBe('unknown');
      answerText(signedText(JSON.stringify({ ...ENVELOPE, code: `9${text}`, msg: text })));
      await askAll();
    },
  );

  it.each(TRANSPORT_TRICKS)(
    'when the server $name, then everything is unknown, within the time limit and without its size in memory',
    async ({ send }) => {
      gateway.answerWith(send);
      const heapBytes = process.memoryUsage().arrayBuffers;
      const startedMs = performance.now();
      const [query, cancellation] = await Promise.all([
        gateway.client.queryOrder(KEY),
        gateway.client.cancelOrder({ ...KEY, method: 'revoke', terminalSn: null }),
      ]);
      expect([query.answer, cancellation.outcome]).toEqual(['unknown', 'unknown']);
      expect(performance.now() - startedMs).toBeLessThan(3_000);
      expect(process.memoryUsage().arrayBuffers - heapBytes).toBeLessThan(64 * 1_024 * 1_024);
    },
  );
});
