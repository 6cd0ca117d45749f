import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { auditSchema, orderListSchema, orderSchema, verifyTokenSchema } from '../answer-schemas.js';
import { idempotencyHeadersSchema } from '../common-schemas.js';
import { explanationSchema } from '../explain-schema.js';
import { createOrderSchema, listOrdersSchema } from '../order-schemas.js';
import { CREATE_EXAMPLES, EXPLANATION_EXAMPLES, ORDER_EXAMPLES } from './examples.js';
import { anyOf, BODY_CODES, jsonResponse, orderPathSchema, problemResponses } from './operation.js';

const tags = ['Orders'];
const order = '/v1/orders/{merchantOrderNo}';

export const orderOperations: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/v1/orders',
    operationId: 'createOrder',
    tags,
    summary: 'Create an order, or find the one that was created with the same number or key',
    description:
      'Waits up to 8 s for the gateway. While its answer is unknown `paymentUrl` is null: repeat the call to obtain it. A repeated call with the same content gives the same order; `Idempotent-Replayed: true` marks it.',
    security: anyOf('apiKey'),
    request: {
      headers: idempotencyHeadersSchema,
      body: {
        required: true,
        content: { 'application/json': { schema: createOrderSchema, examples: CREATE_EXAMPLES } },
      },
    },
    responses: {
      201: jsonResponse('The order was created.', orderSchema, { examples: ORDER_EXAMPLES }),
      200: jsonResponse('The order was there already.', orderSchema, {
        headers: {
          'Idempotent-Replayed': {
            description: 'Always true.',
            schema: { type: 'string' as const, enum: ['true'] },
          },
        },
        examples: ORDER_EXAMPLES,
      }),
      ...problemResponses([
        ...BODY_CODES,
        'idempotency_required',
        'forbidden',
        'idempotency_conflict',
        'unavailable',
      ]),
    },
  },
  {
    method: 'get',
    path: '/v1/orders',
    operationId: 'listOrders',
    tags,
    summary: 'List orders, newest first',
    security: anyOf('apiKey', 'opsToken'),
    request: { query: listOrdersSchema },
    responses: {
      200: jsonResponse('A page of orders.', orderListSchema),
      ...problemResponses(['unavailable']),
    },
  },
  {
    method: 'get',
    path: order,
    operationId: 'getOrder',
    tags,
    summary: 'One order from the record',
    security: anyOf('apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('The order.', orderSchema, { examples: ORDER_EXAMPLES }),
      ...problemResponses(['order_not_found', 'unavailable']),
    },
  },
  {
    method: 'post',
    path: `${order}/verify-token`,
    operationId: 'getVerifyToken',
    tags,
    summary: "The order's verify token again",
    security: anyOf('apiKey'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('The token.', verifyTokenSchema),
      ...problemResponses([...BODY_CODES, 'forbidden', 'order_not_found', 'unavailable']),
    },
  },
  {
    method: 'post',
    path: `${order}/cancel`,
    operationId: 'cancelOrder',
    tags,
    summary: 'Ask for the order to be closed',
    description:
      'Closing is proven at the gateway before the order is `canceled`; an order that turns out to be paid stays paid. Repeating it changes nothing.',
    security: anyOf('apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      202: jsonResponse('Asked for, or canceled already.', orderSchema),
      ...problemResponses([
        ...BODY_CODES,
        'order_not_found',
        'order_paid',
        'order_final',
        'order_in_review',
        'unavailable',
      ]),
    },
  },
  {
    method: 'get',
    path: `${order}/audit`,
    operationId: 'getAudit',
    tags,
    summary: 'Every query, callback and decision of the order',
    description:
      "Entries are chained: each `hash` covers the entry's other fields, `previousHash` among them.",
    security: anyOf('apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('The audit, oldest first.', auditSchema),
      ...problemResponses(['order_not_found', 'unavailable']),
    },
  },
  {
    method: 'get',
    path: `${order}/explain`,
    operationId: 'explainOrder',
    tags,
    summary: 'Why the order has its status, and what happens next',
    security: anyOf('apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('In sentences and in data.', explanationSchema, {
        examples: EXPLANATION_EXAMPLES,
      }),
      ...problemResponses(['order_not_found', 'unavailable']),
    },
  },
];
