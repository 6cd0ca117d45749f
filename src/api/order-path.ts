import type { Request } from 'express';
import { MERCHANT_ORDER_NO_PATTERN } from '../domain/order.js';
import { orderNotFound } from './order-reader.js';

/**
 * The order number in the path.
 * @throws {DomainError} `order_not_found` for a text that no order can have as its number
 */
export function orderNoOf(request: Request): string {
  const { merchantOrderNo } = request.params;
  if (typeof merchantOrderNo !== 'string' || !MERCHANT_ORDER_NO_PATTERN.test(merchantOrderNo)) {
    throw orderNotFound();
  }
  return merchantOrderNo;
}
