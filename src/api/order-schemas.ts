/** What callers may send about orders. The OpenAPI document is generated from these very schemas. */
import { z } from 'zod';
import { checkIntervalSchema, checkScheduleSchema } from '../config/variables.js';
import { AMOUNT_MINOR_MAX } from '../domain/money.js';
import {
  CHANNELS,
  MERCHANT_ORDER_NO_PATTERN,
  ORDER_STATUSES,
  REVIEW_REASONS,
} from '../domain/order.js';
import { keptTextSchema, pageLimitSchema, plainTextSchema, timeSchema } from './common-schemas.js';

const KNOWN_CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export const merchantOrderNoSchema = z
  .string()
  .regex(MERCHANT_ORDER_NO_PATTERN, 'must be 1 to 32 of A-Z a-z 0-9 _ - | * @')
  .meta({ description: 'Order number, unique per merchant.', example: 'A-1001' });

const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'must be three upper-case letters', abort: true })
  .refine((currency) => KNOWN_CURRENCIES.has(currency), 'is no currency of ISO 4217')
  .meta({ example: 'USD' });

/** An amount in a query, where everything is text. */
const queryAmountSchema = z
  .string()
  .regex(/^[0-9]{1,15}$/, { error: 'must be an integer of minor units', abort: true })
  .transform(Number)
  .pipe(z.int().max(AMOUNT_MINOR_MAX));

const redirectUrlSchema = keptTextSchema
  .max(1_024)
  .refine(isPlainHttpUrl, 'must be an absolute http or https address without credentials')
  .meta({ description: 'Where the hosted page sends the payer back to.', format: 'uri' });

const metadataSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 of A-Z a-z 0-9 _ -')
      // MongoDB's driver takes an object with this key for a value of its own kinds, and cannot write it.
      .refine((key) => key !== '_bsontype', 'is a reserved key'),
    keptTextSchema.max(500),
  )
  .refine((metadata) => Object.keys(metadata).length <= 20, 'must have at most 20 keys')
  .meta({ description: 'Your own data, kept with the order. No payer data.' });

const checksSchema = z.discriminatedUnion('strategy', [
  z
    .strictObject({
      strategy: z.literal('progressive'),
      schedule: checkScheduleSchema.optional().meta({
        description: 'Gaps between checks: 1s to 24h each, as 30s, 10m or 24h.',
        example: ['5s', '30s', '1m'],
      }),
    })
    .meta({ title: 'Progressive checks' }),
  z
    .strictObject({
      strategy: z.literal('scheduled'),
      interval: checkIntervalSchema.optional().meta({ description: '5s to 1h.', example: '30s' }),
      limit: z.int().min(1).max(1_000).optional(),
    })
    .meta({ title: 'Scheduled checks' }),
]);

export const createOrderSchema = z
  .strictObject({
    merchantOrderNo: merchantOrderNoSchema.optional(),
    channel: z.enum(CHANNELS),
    amount: z
      .int('must be an integer of minor units')
      .min(1)
      .max(AMOUNT_MINOR_MAX)
      .meta({ description: 'Minor units: 1050 is USD 10.50 and JPY 1050.', example: 1_050 }),
    currency: currencySchema,
    description: plainTextSchema.optional(),
    redirectUrl: redirectUrlSchema.optional(),
    terminalSn: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,50}$/, 'must be 1 to 50 of A-Z a-z 0-9 _ -')
      .optional()
      .meta({ description: 'Serial number of the terminal; required for the cloud channel.' }),
    metadata: metadataSchema.optional(),
    checks: checksSchema.optional(),
  })
  .refine((order) => order.channel !== 'cloud' || order.terminalSn !== undefined, {
    path: ['terminalSn'],
    message: 'is required for the cloud channel',
  })
  .meta({ id: 'CreateOrder' });

export type CreateOrderBody = z.output<typeof createOrderSchema>;

export const posResultSchema = z
  .strictObject({
    responseCode: z.string().max(64),
    responseMsg: z.string().max(1_000).optional(),
    bizData: z
      .unknown()
      .optional()
      .meta({ description: 'As the terminal gave it. Not believed and not stored.' }),
  })
  .meta({ id: 'PosResult', description: 'What the terminal reported: a hint, never a proof.' });

export type PosResultBody = z.output<typeof posResultSchema>;

/** What lists and exports of orders have in common. */
export const orderFilterSchema = z.strictObject({
  merchantOrderNo: merchantOrderNoSchema.optional().meta({ description: 'Exactly this order.' }),
  gatewayTransNo: z
    .string()
    .regex(/^[!-~]{1,64}$/, 'must be 1 to 64 printable characters without blanks')
    .optional()
    .meta({ description: "The gateway's transaction number, exactly." }),
  status: z.enum(ORDER_STATUSES).optional(),
  reviewReason: z.enum(REVIEW_REASONS).optional(),
  channel: z.enum(CHANNELS).optional(),
  currency: currencySchema.optional(),
  amountFrom: queryAmountSchema.optional().meta({ description: 'Minor units, inclusive.' }),
  amountTo: queryAmountSchema.optional().meta({ description: 'Minor units, inclusive.' }),
  createdFrom: timeSchema.optional().meta({ description: 'Inclusive.' }),
  createdTo: timeSchema.optional().meta({ description: 'Exclusive.' }),
  paidFrom: timeSchema.optional().meta({ description: 'Inclusive.' }),
  paidTo: timeSchema.optional().meta({ description: 'Exclusive.' }),
});

export const listOrdersSchema = orderFilterSchema.extend({
  limit: pageLimitSchema,
  startingAfter: merchantOrderNoSchema
    .optional()
    .meta({ description: 'The last order number of the page before.' }),
});

/** Readers of addresses differ about control characters and backslashes, and the gateway's reader is not ours. */
const AMBIGUOUS_IN_URL = /[\p{Cc}\\]/u;

function isPlainHttpUrl(text: string): boolean {
  if (AMBIGUOUS_IN_URL.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:\/\//i.test(text) && url.username === '' && url.password === '';
}
