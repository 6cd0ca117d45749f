import { DomainError } from '../domain/errors.js';
import { type Order, orderId } from '../domain/order.js';
import type { OrderStore } from '../store/order-store.js';
import { withDeadline } from './deadline.js';
import { unavailable } from './problem.js';

/** A record that has not answered by then counts as away. */
const READ_DEADLINE_MS = 2_500;

/** Reads the record. A record that does not answer is `unavailable`, never "no such order". */
export interface OrderReader {
  /** @throws {DomainError} `unavailable` */
  find(merchantOrderNo: string): Promise<Order | null>;
  /** @throws {DomainError} `order_not_found`, `unavailable` */
  get(merchantOrderNo: string): Promise<Order>;
}

export function createOrderReader(
  orders: Pick<OrderStore, 'find'>,
  merchantNo: string,
): OrderReader {
  const find = async (merchantOrderNo: string): Promise<Order | null> => {
    const stored = await fromRecord(orders.find(orderId(merchantNo, merchantOrderNo)));
    return stored?.order ?? null;
  };
  return {
    find,
    async get(merchantOrderNo) {
      const order = await find(merchantOrderNo);
      if (order === null) throw orderNotFound();
      return order;
    },
  };
}

export function orderNotFound(): DomainError {
  return new DomainError('order_not_found', 'There is no order with this number.');
}

/** @throws {DomainError} `unavailable` when the record does not answer, in time or at all */
export async function fromRecord<T>(
  reading: Promise<T>,
  deadlineMs: number = READ_DEADLINE_MS,
): Promise<T> {
  try {
    return await withDeadline(reading, deadlineMs, 'the record');
  } catch (error) {
    // What is damaged in it is named by whoever found it.
    if (error instanceof DomainError) throw error;
    throw unavailable('The record does not answer. Repeat the call later.', error);
  }
}
