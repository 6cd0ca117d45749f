/** Steps of the tests about refunds in the simulator. */
import type { RefundAnswer } from '../../src/domain/refund.js';
import type {
  GatewayOrderRequest,
  GatewayRefundRequest,
} from '../../src/gateway/payment-gateway.js';
import type {
  ScenarioName,
  ScenarioParameters,
} from '../../src/gateway/simulator/simulator-scenarios.js';
import { newOrderNo } from '../contract/gateway-contract.js';
import type { SimulatorSubject } from '../contract/simulator-subject.js';
import { eventually } from '../support/eventually.js';

export const SOON: ScenarioParameters = { refundAfterMs: 30, holdMs: 5_000 };

/** An order of 10.50 USD that is paid. */
export async function paidOrder(
  subject: SimulatorSubject,
  more: Partial<GatewayOrderRequest> = {},
) {
  const order = subject.order(newOrderNo(), more);
  await subject.gateway.createOrder(order);
  subject.simulator.control.pay(order.merchantOrderNo);
  await eventually('the payment was told', () => subject.received.length === 1);
  subject.received.length = 0;
  return order;
}

export function refundOf(
  order: Pick<GatewayOrderRequest, 'merchantNo' | 'merchantOrderNo' | 'terminalSn' | 'currency'>,
  more: Partial<GatewayRefundRequest> = {},
): GatewayRefundRequest {
  const { merchantNo, merchantOrderNo, terminalSn, currency } = order;
  const key = { merchantNo, merchantOrderNo, terminalSn, currency };
  return { ...key, refundNo: newOrderNo(), method: 'refund', amount: 350, reason: 'cold', ...more };
}

export async function refunded(
  subject: SimulatorSubject,
  scenario: ScenarioName,
  parameters: ScenarioParameters = {},
) {
  const order = await paidOrder(subject);
  const refund = refundOf(order);
  const chosen = { ...SOON, ...parameters };
  subject.simulator.control.setScenario(refund.refundNo, scenario, chosen);
  const submission = await subject.gateway.refundOrder(refund);
  return { order, refund, submission };
}

export const ask = (subject: SimulatorSubject, refund: GatewayRefundRequest) =>
  subject.gateway.queryRefund(refund);

export async function becomes(
  subject: SimulatorSubject,
  refund: GatewayRefundRequest,
  answer: RefundAnswer['answer'],
) {
  return await eventually(`the refund is ${answer}`, async () => {
    const result = await ask(subject, refund);
    return result.answer === answer ? result : null;
  });
}

export async function oneCallback(subject: SimulatorSubject) {
  await eventually('a callback came', () => subject.received.length === 1);
  const verification = subject.received[0]?.verification;
  return verification?.verified === true ? verification.callback : null;
}
