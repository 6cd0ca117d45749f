/** What a sale makes of a number that was used before. */
import type { SimulatedRefunds } from './simulated-refunds.js';
import { type NewSale, OrderRefusal, type SimulatedOrder, statusWord } from './simulator-order.js';
import type { ReusedNumberPolicy } from './simulator-settings.js';

/** @throws {OrderRefusal} when the sale is another one than the number's, or the policy for its state is to refuse */
export function requireReusable(
  existing: SimulatedOrder,
  sale: NewSale,
  policy: ReusedNumberPolicy,
): void {
  const word = statusWord(existing);
  const isSameSale =
    existing.amountMinor === sale.amountMinor && existing.currency === sale.currency;
  if (isSameSale && policy[word] === 'same') return;
  const code = word === 'paid' ? 'ORDER_PAID' : 'ORDER_EXISTS';
  throw new OrderRefusal(code, `the number was used before; its order is ${word}`);
}

/** @throws {OrderRefusal} when a refund has the number: orders and refunds share one set of numbers */
export function requireNoRefund(merchantOrderNo: string, refunds: SimulatedRefunds): void {
  if (refunds.find(merchantOrderNo) === null) return;
  throw new OrderRefusal('ORDER_EXISTS', 'the number was used before; it is a refund');
}
