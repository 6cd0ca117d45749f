import { DomainError } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import { isPaid } from '../domain/order-state.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { CancelRequest } from '../workflows/order-messages.js';
import { withDeadline } from './deadline.js';
import type { OrderReader } from './order-reader.js';

/** The request is a signal: durable when Temporal has it. */
const CANCEL_DEADLINE_MS = 3_000;

/**
 * Asks the order's workflow to close it. What becomes of it is decided there: an order that turns out to be paid stays
 * paid. Asking again for what is canceled or being closed changes nothing.
 * @throws {DomainError} `order_not_found`, `order_paid`, `order_final`, `order_in_review`, `unavailable`
 */
export async function cancelOrder(
  merchantOrderNo: string,
  request: CancelRequest,
  ports: { readonly reader: OrderReader; readonly messenger: Pick<OrderMessenger, 'cancel'> },
): Promise<Order> {
  const { reader, messenger } = ports;
  const order = await reader.get(merchantOrderNo);
  if (isPaid(order.status)) {
    throw new DomainError('order_paid', 'The order is paid and cannot be canceled.');
  }
  if (order.status === 'refunded') {
    throw new DomainError('order_final', 'The order was paid and refunded.');
  }
  if (order.status === 'review') {
    throw new DomainError('order_in_review', 'The order needs review and cannot be canceled.');
  }
  if (order.status === 'canceled' || order.status === 'canceling') return order;
  const key = { merchantNo: order.merchantNo, merchantOrderNo };
  const sending = messenger.cancel(key, request, CANCEL_DEADLINE_MS);
  await withDeadline(sending, CANCEL_DEADLINE_MS, 'the order');
  return await reader.get(merchantOrderNo);
}
