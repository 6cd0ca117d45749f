import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { idempotencyHeadersSchema } from '../common-schemas.js';
import { orderRefundsSchema, refundListSchema, refundSchema } from '../refund-answer-schemas.js';
import { createRefundSchema, listRefundsSchema } from '../refund-schemas.js';
import { anyOf, BODY_CODES, jsonResponse, orderPathSchema, problemResponses } from './operation.js';
import { CREATE_REFUND_EXAMPLES, REFUND_EXAMPLES } from './refund-examples.js';

const tags = ['Refunds'];
const ofOrder = '/v1/orders/{merchantOrderNo}/refunds';

export const refundOperations: readonly RouteConfig[] = [
  {
    method: 'post',
    path: ofOrder,
    operationId: 'createRefund',
    tags,
    summary: 'Give money of a paid order back, whole or in part',
    description:
      'Waits up to 8 s for the gateway to be told. The refund settles later: read it, or hear of it as an event. A repeated call with the same number and content gives the same refund; `Idempotent-Replayed: true` marks it. A refund whose outcome is unknown is never sent under another number.',
    security: anyOf('apiKey', 'opsToken'),
    request: {
      params: orderPathSchema,
      headers: idempotencyHeadersSchema,
      body: {
        required: true,
        content: {
          'application/json': { schema: createRefundSchema, examples: CREATE_REFUND_EXAMPLES },
        },
      },
    },
    responses: {
      202: jsonResponse('Taken; the status tells how far it is.', refundSchema, {
        headers: {
          'Idempotent-Replayed': {
            description: 'When the refund was there already.',
            schema: { type: 'string' as const, enum: ['true'] },
          },
        },
        examples: REFUND_EXAMPLES,
      }),
      ...problemResponses([
        ...BODY_CODES,
        'idempotency_required',
        'idempotency_conflict',
        'order_not_found',
        'order_not_refundable',
        'refund_exceeds_paid',
        'unavailable',
      ]),
    },
  },
  {
    method: 'get',
    path: ofOrder,
    operationId: 'listOrderRefunds',
    tags,
    summary: 'All refunds of an order',
    security: anyOf('apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('The refunds, in the order of the requests.', orderRefundsSchema),
      ...problemResponses(['order_not_found', 'unavailable']),
    },
  },
  {
    method: 'get',
    path: '/v1/refunds',
    operationId: 'listRefunds',
    tags,
    summary: 'List refunds of all orders, newest first',
    security: anyOf('apiKey', 'opsToken'),
    request: { query: listRefundsSchema },
    responses: {
      200: jsonResponse('A page of refunds.', refundListSchema),
      ...problemResponses(['unavailable']),
    },
  },
];
