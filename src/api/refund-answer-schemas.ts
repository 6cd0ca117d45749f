/** What the API answers about refunds. */
import { z } from 'zod';
import { REFUND_METHODS, REFUND_STATUSES } from '../domain/refund.js';
import { amountSchema, answeredTimeSchema } from './answer-schemas.js';

export const refundSchema = z
  .strictObject({
    refundNo: z.string().meta({ example: 'A-1001-R1' }),
    merchantOrderNo: z.string().meta({ example: 'A-1001' }),
    amount: amountSchema,
    currency: z.string().meta({ example: 'USD' }),
    status: z.enum(REFUND_STATUSES).meta({
      description:
        '`pending`: accepted by the gateway, not settled. `unknown`: the gateway may have been told; it is asked until there is an end. Both reserve their amount.',
    }),
    method: z.enum(REFUND_METHODS),
    reason: z.string(),
    requestedBy: z.string().meta({ description: 'Name of the credential.', example: 'shop' }),
    gatewayTransNo: z.string().nullable(),
    failureCode: z.string().nullable().meta({ description: "The gateway's." }),
    createdAt: answeredTimeSchema,
    settledAt: answeredTimeSchema.nullable(),
    nextCheckAt: answeredTimeSchema.nullable(),
  })
  .meta({ id: 'Refund' });

export type RefundAnswer = z.output<typeof refundSchema>;

export const orderRefundsSchema = z
  .strictObject({ data: z.array(refundSchema) })
  .meta({ id: 'OrderRefunds', description: 'In the order in which they were asked for.' });

export const refundListSchema = z
  .strictObject({ data: z.array(refundSchema), hasMore: z.boolean() })
  .meta({ id: 'RefundList', description: 'Newest first.' });
