import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { OrderReader } from '../../src/api/order-reader.js';
import { createOrderVerification } from '../../src/api/order-verification.js';
import { ORDER_STATUSES, type Order } from '../../src/domain/order.js';
import { anOrder } from '../support/order-builder.js';

function verification(order: Order) {
  let questions = 0;
  const reader = { get: async () => order, find: async () => order } as unknown as OrderReader;
  const verify = createOrderVerification({
    merchantNo: order.merchantNo,
    reader,
    messenger: {
      verifyNow: async () => {
        questions += 1;
        return { status: order.status, decidedBy: null, version: 1, checksDone: 0, nextAt: null };
      },
    },
    now: () => Date.parse(order.createdAt) + 10_000,
    logger: pino({ level: 'silent' }),
  });
  return { verify, questions: () => questions };
}

describe('verify', () => {
  it.each(ORDER_STATUSES)(
    'when the order is %s, then the gateway is asked only if its answer could matter',
    async (status) => {
      const { verify, questions } = verification(anOrder({ status }));
      await verify('A-1');
      expect(questions()).toBe(status === 'pending' || status === 'canceling' ? 1 : 0);
    },
  );

  it('when many pages ask at once, then one question goes out', async () => {
    const { verify, questions } = verification(anOrder());
    await Promise.all(Array.from({ length: 20 }, () => verify('A-1')));
    expect(questions()).toBe(1);
  });
});
