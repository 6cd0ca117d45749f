import { DomainError } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import type { ReviewResolution } from '../domain/review.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import { withDeadline } from './deadline.js';
import type { OrderReader } from './order-reader.js';

const REVIEW_DEADLINE_MS = 5_000;

/**
 * Resolves a review as an operator decided.
 * @throws {DomainError} `order_not_found`, `order_not_in_review`; `unavailable`, after which the order tells what holds
 */
export async function resolveReview(
  merchantOrderNo: string,
  resolution: ReviewResolution,
  ports: {
    readonly reader: OrderReader;
    readonly messenger: Pick<OrderMessenger, 'resolveReview'>;
  },
): Promise<Order> {
  const { reader, messenger } = ports;
  const { merchantNo, status } = await reader.get(merchantOrderNo);
  if (status !== 'review') throw notInReview();
  const key = { merchantNo, merchantOrderNo };
  const answer = messenger.resolveReview(key, resolution, REVIEW_DEADLINE_MS);
  const { outcome } = await withDeadline(answer, REVIEW_DEADLINE_MS, 'the order');
  if (outcome === 'not_in_review') throw notInReview();
  return await reader.get(merchantOrderNo);
}

function notInReview(): DomainError {
  return new DomainError('order_not_in_review', 'The order is not in review.');
}
