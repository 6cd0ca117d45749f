/** What callers may send about refunds. The OpenAPI document is generated from these very schemas. */
import { z } from 'zod';
import { AMOUNT_MINOR_MAX } from '../domain/money.js';
import { MERCHANT_ORDER_NO_PATTERN } from '../domain/order.js';
import { REFUND_METHODS, REFUND_STATUSES } from '../domain/refund.js';
import { pageLimitSchema, plainTextSchema, timeSchema } from './common-schemas.js';

export const refundNoSchema = z
  .string()
  .regex(MERCHANT_ORDER_NO_PATTERN, 'must be 1 to 32 of A-Z a-z 0-9 _ - | * @')
  .meta({
    description: 'Number of the refund. Orders and refunds share their numbers.',
    example: 'A-1001-R1',
  });

export const createRefundSchema = z
  .strictObject({
    refundNo: refundNoSchema.optional(),
    amount: z
      .int('must be an integer of minor units')
      .min(1)
      .max(AMOUNT_MINOR_MAX)
      .optional()
      .meta({
        description: "Minor units of the order's currency; all that is left when not given.",
        example: 300,
      }),
    reason: plainTextSchema.meta({
      description: 'Sent to the gateway and kept in the audit. No payer data.',
      example: 'One coffee was cold',
    }),
    method: z.enum(REFUND_METHODS).default('refund').meta({
      description:
        '`void` takes a payment on a terminal back whole while it is not settled; `refund` gives money back.',
    }),
  })
  .refine((refund) => refund.method !== 'void' || refund.amount === undefined, {
    path: ['amount'],
    message: 'a void takes the whole payment back',
  })
  .meta({ id: 'CreateRefund' });

export type CreateRefundBody = z.output<typeof createRefundSchema>;

/** What lists and exports of refunds have in common. */
export const refundFilterSchema = z.strictObject({
  status: z.enum(REFUND_STATUSES).optional(),
  createdFrom: timeSchema.optional().meta({ description: 'Inclusive.' }),
  createdTo: timeSchema.optional().meta({ description: 'Exclusive.' }),
});

export const listRefundsSchema = refundFilterSchema.extend({
  limit: pageLimitSchema,
  startingAfter: refundNoSchema
    .optional()
    .meta({ description: 'The last refund number of the page before.' }),
});
