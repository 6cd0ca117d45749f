/** What the API answers. Answers are checked against these in the tests; the OpenAPI document is made from them. */
import { z } from 'zod';
import { AUDIT_KINDS } from '../domain/audit.js';
import { ERROR_CODES } from '../domain/errors.js';
import { CHANNELS, CHECK_STRATEGIES, ORDER_STATUSES } from '../domain/order.js';
import { NEXT_ACTIONS } from '../domain/payer-words.js';

export const answeredTimeSchema = z.iso.datetime().meta({ example: '2026-11-21T09:30:00.000Z' });
export const amountSchema = z.int().meta({ description: 'Minor units.', example: 1_050 });

export const orderSchema = z
  .strictObject({
    merchantOrderNo: z.string().meta({ example: 'A-1001' }),
    status: z.enum(ORDER_STATUSES),
    final: z.boolean(),
    channel: z.enum(CHANNELS),
    amount: amountSchema,
    currency: z.string().meta({ example: 'USD' }),
    paidAmount: amountSchema,
    refundedAmount: amountSchema,
    gatewayTransNo: z.string().nullable(),
    paymentUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the payer pays. While null, repeat the call to obtain it.' }),
    verifyToken: z
      .string()
      .optional()
      .meta({ description: "The payer's credential. Only in answers to an API key." }),
    lastAttempt: z
      .strictObject({
        result: z.enum(['declined', 'canceled_by_user', 'expired', 'unknown']),
        code: z.string().nullable(),
        at: answeredTimeSchema,
      })
      .nullable(),
    checks: z.strictObject({
      strategy: z.enum(CHECK_STRATEGIES),
      schedule: z
        .array(z.string())
        .nullable()
        .meta({ description: 'Gaps of progressive checks.', example: ['5s', '30s', '1m'] }),
      interval: z.string().optional().meta({ description: 'Of scheduled checks.' }),
      limit: z.int().optional().meta({ description: 'Of scheduled checks.' }),
      done: z.int(),
      nextAt: answeredTimeSchema.nullable(),
    }),
    decidedBy: z
      .strictObject({
        source: z.enum(['callback', 'query', 'cancel', 'operator']),
        at: answeredTimeSchema,
      })
      .nullable(),
    createdAt: answeredTimeSchema,
    updatedAt: answeredTimeSchema,
    paidAt: answeredTimeSchema.nullable(),
    canceledAt: answeredTimeSchema.nullable(),
    workflowId: z.string().meta({ example: 'order/M1001/A-1001' }),
  })
  .meta({ id: 'Order' });

export type OrderAnswer = z.output<typeof orderSchema>;

export const orderListSchema = z
  .strictObject({ data: z.array(orderSchema), hasMore: z.boolean() })
  .meta({ id: 'OrderList', description: 'Newest first.' });

export const verifySchema = z
  .strictObject({
    merchantOrderNo: z.string().meta({ example: 'A-1001' }),
    status: z.enum(ORDER_STATUSES),
    paid: z.boolean(),
    final: z.boolean(),
    nextAction: z.enum(NEXT_ACTIONS),
    pollAfterMs: z.int().meta({ example: 2_000 }),
    pollForMs: z.int().meta({ example: 60_000 }),
    message: z.string().meta({ description: 'May be shown to the payer.' }),
  })
  .meta({
    id: 'Verify',
    description: 'What the payer may be told. Only `pay_again` invites a payment.',
  });

export const verifyTokenSchema = z
  .strictObject({ merchantOrderNo: z.string(), verifyToken: z.string() })
  .meta({ id: 'VerifyToken' });

export const auditSchema = z
  .strictObject({
    data: z.array(
      z.strictObject({
        orderId: z.string(),
        sequence: z.int().meta({ description: 'From 1, without gaps.' }),
        transitionId: z.string(),
        kind: z.enum(AUDIT_KINDS),
        event: z.string().meta({ example: 'order.paid' }),
        at: answeredTimeSchema,
        summary: z.string(),
        data: z.record(z.string(), z.unknown()),
        changes: z.record(z.string(), z.unknown()),
        previousHash: z.string(),
        hash: z.string().meta({
          description: 'SHA-256 of the other fields as JSON with sorted keys.',
        }),
      }),
    ),
  })
  .meta({ id: 'Audit', description: 'Everything that happened, oldest first.' });

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ format: 'uri' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(ERROR_CODES),
    requestId: z.string(),
    errors: z.array(
      z.strictObject({
        pointer: z.string().meta({ example: '/amount' }),
        code: z.string(),
        detail: z.string(),
      }),
    ),
    nextAction: z
      .literal('check_later')
      .optional()
      .meta({ description: 'On payer routes without a verdict: never read it as unpaid.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });

const part = z.enum(['up', 'down']);

export const readinessSchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    parts: z.record(z.string(), part).meta({ example: { mongodb: 'up', temporal: 'down' } }),
  })
  .meta({ id: 'Readiness' });

export const livenessSchema = z
  .strictObject({ status: z.literal('live') })
  .meta({ id: 'Liveness' });
