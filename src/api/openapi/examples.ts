import type { z } from 'zod';
import type { orderSchema, verifySchema } from '../answer-schemas.js';
import type { explanationSchema } from '../explain-schema.js';

export const CREATE_EXAMPLES = {
  hosted: {
    summary: 'A page of the gateway',
    value: {
      merchantOrderNo: 'A-1001',
      channel: 'hosted',
      amount: 1_050,
      currency: 'USD',
      description: 'Two coffees',
      redirectUrl: 'https://shop.example.com/orders/A-1001',
    },
  },
  cloud: {
    summary: 'A terminal driven from the back end',
    value: {
      merchantOrderNo: 'A-1002',
      channel: 'cloud',
      amount: 300,
      currency: 'JPY',
      terminalSn: 'WPYB002248000031',
    },
  },
  pos: {
    summary: 'A till on the terminal, with a short schedule',
    value: {
      merchantOrderNo: 'A-1003',
      channel: 'pos',
      amount: 1_500,
      currency: 'KWD',
      checks: { strategy: 'progressive', schedule: ['5s', '30s', '1m'] },
    },
  },
} as const;

const PENDING: z.output<typeof orderSchema> = {
  merchantOrderNo: 'A-1001',
  status: 'pending',
  final: false,
  channel: 'hosted',
  amount: 1_050,
  currency: 'USD',
  paidAmount: 0,
  refundedAmount: 0,
  gatewayTransNo: null,
  paymentUrl: 'https://pay.example.com/checkout/8f2c',
  verifyToken: 'verify_xq1d7sFEU8vZ8mCkJ0pV2t3b9yYd5nQeWgR4uTiOaLs',
  lastAttempt: null,
  checks: {
    strategy: 'progressive',
    schedule: ['5s', '30s', '1m', '3m', '5m', '10m', '30m'],
    done: 0,
    nextAt: '2026-11-21T09:30:05.000Z',
  },
  decidedBy: null,
  createdAt: '2026-11-21T09:30:00.000Z',
  updatedAt: '2026-11-21T09:30:00.000Z',
  paidAt: null,
  canceledAt: null,
  workflowId: 'order/M1001/A-1001',
};

export const ORDER_EXAMPLES = {
  pending: { summary: 'Waiting for the payer', value: PENDING },
  paid: {
    summary: 'Paid',
    value: {
      ...PENDING,
      status: 'paid',
      final: true,
      paidAmount: 1_050,
      gatewayTransNo: '20261121093012000001',
      checks: { ...PENDING.checks, nextAt: null },
      decidedBy: { source: 'callback', at: '2026-11-21T09:30:12.000Z' },
      updatedAt: '2026-11-21T09:30:12.000Z',
      paidAt: '2026-11-21T09:30:12.000Z',
    } satisfies z.output<typeof orderSchema>,
  },
};

const POLLING: z.output<typeof verifySchema> = {
  merchantOrderNo: 'A-1001',
  status: 'pending',
  paid: false,
  final: false,
  nextAction: 'keep_polling',
  pollAfterMs: 2_000,
  pollForMs: 60_000,
  message: 'We are checking your payment. Please wait.',
};

export const VERIFY_EXAMPLES = {
  open: { summary: 'Not yet paid, keep polling', value: POLLING },
  paid: {
    summary: 'Paid',
    value: {
      ...POLLING,
      status: 'paid',
      paid: true,
      final: true,
      nextAction: 'show_success',
      message: 'Payment received. Thank you.',
    } satisfies z.output<typeof verifySchema>,
  },
};

export const EXPLANATION_EXAMPLES = {
  paid: {
    summary: 'Paid',
    value: {
      status: 'paid',
      because:
        'Paid: signed by the gateway; number, merchant, amount and currency are ours. This was decided at 2026-11-21T09:30:12.000Z. The evidence is entry 3 of the audit: Callback: paid.',
      evidence: [
        {
          sequence: 2,
          at: '2026-11-21T09:30:05.000Z',
          kind: 'query',
          summary: 'Query (schedule): open, nobody has paid.',
          role: 'undecided',
          reason: 'Nobody had paid at that moment, which says nothing about the next one.',
        },
        {
          sequence: 3,
          at: '2026-11-21T09:30:12.000Z',
          kind: 'callback',
          summary: 'Callback: paid.',
          role: 'decided',
          reason: 'Paid: signed by the gateway; number, merchant, amount and currency are ours.',
        },
      ],
      next: { action: 'nothing', at: null, text: 'Nothing, unless a refund is asked for.' },
    } satisfies z.output<typeof explanationSchema>,
  },
};
