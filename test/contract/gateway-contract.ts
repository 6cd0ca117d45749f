/**
 * What the service relies on from a gateway. The simulator must keep it always, the real sandbox whenever somebody
 * has credentials. Orders are created and closed again; money moves only in the refund part, which is asked for by name.
 */
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodePayGateway } from '../../src/gateway/codepay/codepay-gateway.js';
import type { CodePayOptions } from '../../src/gateway/codepay/codepay-options.js';
import type {
  GatewayOrderRequest,
  GatewayRefundRequest,
  PaymentGateway,
} from '../../src/gateway/payment-gateway.js';

export interface ContractSubject {
  readonly options: CodePayOptions;
  /** The number of a paid order in USD of which a cent may be refunded; only called when `refunds` is set. */
  paidOrderNo(): Promise<string>;
  /** A terminal that orders can be pushed to; without one that part is left out by name. */
  readonly terminalSn: string | null;
  close(): Promise<void>;
}

const CURRENCY = 'USD';

/** A real gateway may take its time for each of a test's calls. */
const CONTRACT_TIMEOUT_MS = 120_000;

/** Fresh each run: numbers are unique per merchant for ever. */
export function newOrderNo(): string {
  return `C${Date.now().toString(36)}-${randomInt(36 ** 6).toString(36)}`;
}

/** @param parts told beforehand, because tests are named before the subject is there */
export function describeGatewayContract(
  name: string,
  makeSubject: () => Promise<ContractSubject>,
  parts: { readonly hasTerminal: boolean; readonly refunds: boolean },
): void {
  describe(`the gateway contract: ${name}`, { timeout: CONTRACT_TIMEOUT_MS }, () => {
    let subject: ContractSubject;
    let gateway: PaymentGateway;

    beforeAll(async () => {
      subject = await makeSubject();
      gateway = createCodePayGateway(subject.options);
    }, 30_000);

    afterAll(async () => {
      await subject.close();
    });

    const keyOf = (merchantOrderNo: string) => ({
      merchantNo: subject.options.merchantNo,
      merchantOrderNo,
    });

    const hostedOrder = (merchantOrderNo: string): GatewayOrderRequest => ({
      ...keyOf(merchantOrderNo),
      channel: 'hosted',
      amount: 1051,
      currency: CURRENCY,
      description: 'Contract test & "more": ä ✓',
      redirectUrl: 'https://shop.example/back?order=1&x=2',
      terminalSn: null,
      expiresInSeconds: 900,
    });

    const refundOf = (merchantOrderNo: string): GatewayRefundRequest => ({
      merchantNo: subject.options.merchantNo,
      refundNo: newOrderNo(),
      method: 'refund',
      merchantOrderNo,
      terminalSn: null,
      amount: 1,
      currency: CURRENCY,
      reason: 'Contract test & "more": ä ✓',
    });

    it('when a number is not known, then a query gives nothing that could be taken for a state', async () => {
      const result = await gateway.queryOrder(keyOf(newOrderNo()));
      expect(['unknown', 'not_found']).toContain(result.answer);
      if (result.answer === 'unknown') expect(result.cause).toBe('gateway_code');
    });

    it('when a hosted order is created, then it has an address and is open with our amount', async () => {
      const order = hostedOrder(newOrderNo());
      const created = await gateway.createOrder(order);
      expect(created).toMatchObject({ outcome: 'accepted', paymentUrl: expect.any(String) });
      const result = await gateway.queryOrder(order);
      expect(result).toMatchObject({
        answer: 'open',
        facts: {
          merchantNo: order.merchantNo,
          merchantOrderNo: order.merchantOrderNo,
          amount: 1051,
          currency: CURRENCY,
          hasPaymentTraces: false,
        },
      });
    });

    it('when a number is used again while open, then it stays one open order', async () => {
      const order = hostedOrder(newOrderNo());
      await gateway.createOrder(order);
      const again = await gateway.createOrder(order);
      expect(['accepted', 'refused']).toContain(again.outcome);
      expect((await gateway.queryOrder(order)).answer).toBe('open');
    });

    it('when an open order is revoked, then it is closed without a trace of payment', async () => {
      const order = hostedOrder(newOrderNo());
      await gateway.createOrder(order);
      const revoke = {
        ...keyOf(order.merchantOrderNo),
        method: 'revoke',
        terminalSn: null,
      } as const;
      expect(await gateway.cancelOrder(revoke)).toMatchObject({ outcome: 'accepted', code: '0' });
      expect(await gateway.queryOrder(order)).toMatchObject({
        answer: 'closed',
        facts: { hasPaymentTraces: false },
      });
      expect((await gateway.cancelOrder(revoke)).outcome).not.toBe('unknown');
      expect((await gateway.queryOrder(order)).answer).toBe('closed');
    });

    it('when an unknown number is revoked, then the gateway refuses', async () => {
      const revoke = { ...keyOf(newOrderNo()), method: 'revoke', terminalSn: null } as const;
      expect((await gateway.cancelOrder(revoke)).outcome).toBe('refused');
    });

    it('when a refund number is not known, then asking gives nothing that could be taken for an end', async () => {
      const { merchantNo } = subject.options;
      const result = await gateway.queryRefund({ merchantNo, refundNo: newOrderNo() });
      expect(['unknown', 'not_found']).toContain(result.answer);
    });

    it('when an order that is not there is refunded, then the gateway does not accept it', async () => {
      const submission = await gateway.refundOrder(refundOf(newOrderNo()));
      expect(submission.outcome).toBe('refused');
    });

    it.skipIf(!parts.refunds)(
      'when a paid order is refunded, then it is accepted once, asking says so, and it stays paid',
      async () => {
        const merchantOrderNo = await subject.paidOrderNo();
        const refund = refundOf(merchantOrderNo);
        expect(await gateway.refundOrder(refund)).toMatchObject({ outcome: 'accepted', code: '0' });
        const asked = await gateway.queryRefund(refund);
        expect(['pending', 'succeeded']).toContain(asked.answer);
        expect(asked).toMatchObject({ facts: { merchantOrderNo: refund.refundNo, amount: 1 } });
        expect((await gateway.refundOrder(refund)).outcome).not.toBe('unknown');
        expect(['pending', 'succeeded']).toContain((await gateway.queryRefund(refund)).answer);
        expect((await gateway.queryOrder(keyOf(merchantOrderNo))).answer).toBe('paid');
      },
    );

    it('when another key signs our requests, then nothing is created and nothing is told', async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const stranger = createCodePayGateway({ ...subject.options, privateKey });
      const order = hostedOrder(newOrderNo());
      expect((await stranger.createOrder(order)).outcome).not.toBe('accepted');
      await gateway.createOrder(order);
      const told = await stranger.queryOrder(order);
      expect(told.answer).toBe('unknown');
    });

    it('when another key is taken for the gateway’s, then its true replies are not believed', async () => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const wary = createCodePayGateway({ ...subject.options, publicKeys: [publicKey] });
      const order = hostedOrder(newOrderNo());
      expect((await wary.createOrder(order)).outcome).toBe('unknown');
      const result = await wary.queryOrder(order);
      expect(result).toMatchObject({ answer: 'unknown', cause: 'wrong_signature' });
    });

    it('when our clock is an hour off, then nothing is concluded from the answer', async () => {
      const now = () => Date.now() - 3_600_000;
      const late = createCodePayGateway({ ...subject.options, now });
      const order = hostedOrder(newOrderNo());
      await gateway.createOrder(order);
      expect(await late.queryOrder(order)).toMatchObject({ cause: 'gateway_code' });
    });

    it.skipIf(!parts.hasTerminal)(
      'when an order is pushed to a terminal and closed there, then it is open and then closed',
      async () => {
        const { terminalSn } = subject;
        const order = { ...hostedOrder(newOrderNo()), channel: 'cloud', terminalSn } as const;
        expect(await gateway.createOrder(order)).toMatchObject({ outcome: 'accepted' });
        expect(await gateway.queryOrder(order)).toMatchObject({
          answer: 'open',
          facts: { amount: 1051 },
        });
        const close = { ...keyOf(order.merchantOrderNo), method: 'close', terminalSn } as const;
        expect((await gateway.cancelOrder(close)).outcome).toBe('accepted');
        expect(await gateway.queryOrder(order)).toMatchObject({
          answer: 'closed',
          facts: { hasPaymentTraces: false },
        });
      },
    );
  });
}
