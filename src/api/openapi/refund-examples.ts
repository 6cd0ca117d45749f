import type { z } from 'zod';
import type { refundSchema } from '../refund-answer-schemas.js';

export const CREATE_REFUND_EXAMPLES = {
  partial: {
    summary: 'A part',
    value: { refundNo: 'A-1001-R1', amount: 300, reason: 'One coffee was cold' },
  },
  whole: {
    summary: 'All that is left',
    value: { refundNo: 'A-1001-R2', reason: 'Returned' },
  },
  void: {
    summary: 'A sale on a terminal, taken back before it is settled',
    value: { refundNo: 'A-1002-V', reason: 'Wrong table', method: 'void' },
  },
} as const;

const PENDING: z.output<typeof refundSchema> = {
  refundNo: 'A-1001-R1',
  merchantOrderNo: 'A-1001',
  amount: 300,
  currency: 'USD',
  status: 'pending',
  method: 'refund',
  reason: 'One coffee was cold',
  requestedBy: 'shop',
  gatewayTransNo: '20261121101500000002',
  failureCode: null,
  createdAt: '2026-11-21T10:15:00.000Z',
  settledAt: null,
  nextCheckAt: '2026-11-21T10:15:02.000Z',
};

export const REFUND_EXAMPLES = {
  pending: { summary: 'Accepted, not settled yet', value: PENDING },
  succeeded: {
    summary: 'Settled',
    value: {
      ...PENDING,
      status: 'succeeded',
      settledAt: '2026-11-21T10:15:09.000Z',
      nextCheckAt: null,
    } satisfies z.output<typeof refundSchema>,
  },
};
