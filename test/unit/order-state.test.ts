import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES, type OrderStatus } from '../../src/domain/order.js';
import { canTransition, isFinal, isPaid, TRANSITIONS } from '../../src/domain/order-state.js';

describe('the transition table', () => {
  it('when an order starts as pending, then every status can be reached', () => {
    const reached = new Set<OrderStatus>(['pending']);
    for (const status of reached) for (const to of TRANSITIONS[status]) reached.add(to);
    expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
  });

  it('when an order is paid, then it is never called unpaid again', () => {
    for (const status of ORDER_STATUSES.filter(isPaid)) {
      for (const to of ['pending', 'canceling', 'canceled', 'review'] as const) {
        expect(canTransition(status, to)).toBe(false);
      }
    }
  });

  it('when an order waits to be closed or paid, then it is not final', () => {
    expect(ORDER_STATUSES.filter((status) => !isFinal(status))).toEqual([
      'pending',
      'canceling',
      'review',
    ]);
  });
});
