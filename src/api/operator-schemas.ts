/** What operators send and are answered. */
import { z } from 'zod';
import { DELIVERY_OUTCOMES } from '../delivery/deliver-callback.js';
import { ANOMALY_KINDS } from '../domain/audit.js';
import { REVIEW_TARGETS } from '../domain/review.js';
import { answeredTimeSchema } from './answer-schemas.js';
import { pageLimitSchema, plainTextSchema } from './common-schemas.js';
import { merchantOrderNoSchema } from './order-schemas.js';

export const resolveReviewSchema = z
  .strictObject({
    to: z.enum(REVIEW_TARGETS).meta({
      description: '`canceling` closes the order at the gateway, with proof, as a cancel does.',
    }),
    reason: plainTextSchema.meta({ example: 'Bank statement of 21 November shows the money.' }),
  })
  .meta({ id: 'ResolveReview', description: 'Audited with the name of the operator.' });

export const listAnomaliesSchema = z.strictObject({
  state: z.enum(['open', 'all']).default('open').meta({
    description: 'Open ones alone, or healed ones too.',
  }),
  merchantOrderNo: merchantOrderNoSchema.optional().meta({
    description: 'Only those about this order.',
  }),
  limit: pageLimitSchema,
});

export const anomalySchema = z
  .strictObject({
    id: z.string().meta({ example: 'YW1vdW50X21pc21hdGNoOk0xMDAxL0EtMTAwMQ' }),
    kind: z.enum(ANOMALY_KINDS),
    merchantOrderNo: z.string().nullable().meta({
      description: 'Null when it is about no order of ours.',
      example: 'A-1001',
    }),
    detail: z.string(),
    firstSeenAt: answeredTimeSchema,
    openedAt: answeredTimeSchema.meta({
      description: 'When it began; later than `firstSeenAt` when it had healed and came back.',
    }),
    lastSeenAt: answeredTimeSchema,
    count: z.int(),
    acknowledgedBy: z.string().nullable().meta({ description: 'Name of the operator.' }),
    healedAt: answeredTimeSchema.nullable(),
  })
  .meta({ id: 'Anomaly' });

export type AnomalyAnswer = z.output<typeof anomalySchema>;

export const anomalyListSchema = z
  .strictObject({ data: z.array(anomalySchema) })
  .meta({ id: 'AnomalyList', description: 'Latest first.' });

export const callbackPathSchema = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the bytes received, as the audit names it.' }),
});

export const callbackSchema = z
  .strictObject({
    id: z.string(),
    merchantOrderNo: z.string().nullable().meta({ example: 'A-1001' }),
    subject: z.enum(['order', 'refund']),
    receivedAt: answeredTimeSchema,
    lastReceivedAt: answeredTimeSchema,
    count: z.int().meta({ description: 'How often the very same bytes came.' }),
    isStale: z.boolean().meta({ description: 'Too old, when it came, to be believed by itself.' }),
    deliveredAt: answeredTimeSchema.nullable(),
    processedAt: answeredTimeSchema.nullable(),
    outcome: z.string().nullable(),
    redeliveredBy: z.string().nullable().meta({
      description: 'Name of the operator who last had it delivered again.',
    }),
    redeliveredAt: answeredTimeSchema.nullable(),
    fields: z.record(z.string(), z.string()).nullable().meta({
      description:
        'Field by field as received. What may identify a payer is `•••`. Null when it cannot be read.',
    }),
  })
  .meta({ id: 'StoredCallback' });

export const deliverySchema = z
  .strictObject({ id: z.string(), outcome: z.enum(DELIVERY_OUTCOMES) })
  .meta({ id: 'CallbackDelivery' });
