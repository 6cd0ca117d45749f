/** A running API over real parts with paid orders, for the tests of refunds. */
import { expect } from 'vitest';
import type { NewOrder } from '../../src/domain/new-order.js';
import type { RefundAnswer } from '../../src/domain/refund.js';
import { eventually } from '../support/eventually.js';
import { answerOf, factsOf, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import type { Answer } from './api-caller.js';
import { type RunningApi, startApi } from './api-environment.js';

export interface RefundStage {
  readonly gateway: ScriptedGateway;
  readonly orders: OrderEnvironment;
  readonly api: RunningApi;
  /** An order that the gateway calls paid, and our record too. */
  paidOrder(overrides?: Partial<NewOrder>): Promise<NewOrder>;
  refund(
    order: NewOrder,
    body: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** What the gateway says when it is asked about the refund. */
  settlesAs(order: NewOrder, refund: RefundInWords, answer: 'succeeded' | 'failed'): void;
  untilRefundIs(order: NewOrder, refundNo: string, status: string): Promise<void>;
  close(): Promise<void>;
}

interface RefundInWords {
  readonly refundNo: string;
  readonly amount: number;
}

export async function refundStage(): Promise<RefundStage> {
  const gateway = new ScriptedGateway();
  const orders = await devEnvironment(gateway);
  const api = await startApi({ ...orders.stores, messenger: orders.messenger });
  return {
    gateway,
    orders,
    api,
    paidOrder: async (overrides = {}) => {
      const request = orderRequest(overrides);
      gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
      await orders.messenger.createOrder(request, 10_000);
      await orders.messenger.verifyNow(request, 1, 10_000);
      expect((await orders.order(request)).status).toBe('paid');
      return request;
    },
    refund: async ({ merchantOrderNo }, body, headers = {}) =>
      await api.call('POST', `/v1/orders/${merchantOrderNo}/refunds`, { body, headers }),
    settlesAs: (order, refund, answer) => {
      gateway.scriptRefund(refund.refundNo, () => refundAnswer(order, refund, answer));
    },
    untilRefundIs: async ({ merchantOrderNo }, refundNo, status) => {
      await eventually(`refund ${refundNo} is ${status}`, async () => {
        const { body } = await api.call('GET', `/v1/orders/${merchantOrderNo}/refunds`);
        const refunds = body.data as { refundNo: string; status: string }[];
        return refunds.some((each) => each.refundNo === refundNo && each.status === status);
      });
    },
    close: async () => {
      await api.close();
      await orders.close();
    },
  };
}

function refundAnswer(
  order: NewOrder,
  { refundNo, amount }: RefundInWords,
  answer: 'succeeded' | 'failed',
): RefundAnswer {
  const facts = factsOf(order, {
    merchantOrderNo: refundNo,
    transactionKind: 'refund',
    state: answer === 'succeeded' ? 'paid' : 'closed',
    amount,
    transactionAmount: amount,
    gatewayTransNo: `G-${refundNo}`,
  });
  return { answer, facts, reply: {} };
}

export function aRefund(overrides: object = {}): {
  readonly refundNo: string;
  readonly amount: number;
  readonly reason: string;
} {
  return { refundNo: uniqueOrderNo(), amount: 300, reason: 'cold coffee', ...overrides };
}
