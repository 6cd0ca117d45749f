/** What is asked and answered about events. */
import { z } from 'zod';
import { ORDER_EVENT_TYPES } from '../domain/events.js';
import { ORDER_STATUSES, REVIEW_REASONS } from '../domain/order.js';
import { REFUND_STATUSES } from '../domain/refund.js';
import { amountSchema, answeredTimeSchema } from './answer-schemas.js';
import { pageLimitSchema } from './common-schemas.js';

const eventIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_~!'()-]{1,256}$/, 'must be the id of an event')
  .meta({ description: 'Id of an event.', example: 'M1001~2FA-1001~2F4' });

export const eventPathSchema = z.object({ id: eventIdSchema });

export const listEventsSchema = z.strictObject({
  limit: pageLimitSchema,
  startingAfter: eventIdSchema
    .optional()
    .meta({ description: 'The last event that you have dealt with; from the first when missing.' }),
});

export const eventSchema = z
  .strictObject({
    id: z.string().meta({ example: 'M1001~2FA-1001~2F4' }),
    type: z.enum(ORDER_EVENT_TYPES),
    timestamp: answeredTimeSchema,
    data: z.strictObject({
      merchantOrderNo: z.string().meta({ example: 'A-1001' }),
      sequence: z.int().meta({
        description: 'Of the audit entry: of one order the larger one is the later.',
      }),
      status: z.enum(ORDER_STATUSES),
      reviewReason: z.enum(REVIEW_REASONS).nullable(),
      amount: amountSchema,
      currency: z.string().meta({ example: 'USD' }),
      paidAmount: amountSchema,
      refundedAmount: amountSchema,
      gatewayTransNo: z.string().nullable(),
      refund: z
        .strictObject({
          refundNo: z.string(),
          amount: amountSchema,
          status: z.enum(REFUND_STATUSES),
        })
        .nullable(),
    }),
  })
  .meta({ id: 'Event' });

export const eventListSchema = z
  .strictObject({ data: z.array(eventSchema), hasMore: z.boolean() })
  .meta({ id: 'EventList', description: 'Oldest first.' });

export const redeliverySchema = z.strictObject({ id: z.string() }).meta({ id: 'EventRedelivery' });
