import { DomainError } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import { isFinal } from '../domain/order-state.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { PayRequest } from '../workflows/order-messages.js';
import { withDeadline } from './deadline.js';
import type { OrderReader } from './order-reader.js';

const PAY_DEADLINE_MS = 8_000;

/**
 * Lets the payer pay under the same number again.
 * @returns the order with its payment address; while the address is null the call may be repeated
 * @throws {DomainError} `order_not_found`, `order_final`, `order_not_payable`, `unavailable`
 */
export async function payAgain(
  merchantOrderNo: string,
  request: PayRequest,
  ports: { readonly reader: OrderReader; readonly messenger: Pick<OrderMessenger, 'payAgain'> },
): Promise<Order> {
  const { reader, messenger } = ports;
  const before = await reader.get(merchantOrderNo);
  assertPayable(before);
  const key = { merchantNo: before.merchantNo, merchantOrderNo };
  const answer = messenger.payAgain(key, request, PAY_DEADLINE_MS);
  const { outcome } = await withDeadline(answer, PAY_DEADLINE_MS, 'the order');
  const order = await reader.get(merchantOrderNo);
  assertPayable(order);
  if (outcome === 'not_payable') throw notPayable();
  return order;
}

function assertPayable(order: Order): void {
  if (isFinal(order.status)) {
    throw new DomainError('order_final', `The order is ${order.status} and takes no payment.`);
  }
  if (order.status !== 'pending') throw notPayable();
}

function notPayable(): DomainError {
  return new DomainError(
    'order_not_payable',
    'The order cannot be paid now: it has expired, is being closed, is being paid or needs review.',
  );
}
