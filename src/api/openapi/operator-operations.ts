import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { orderSchema } from '../answer-schemas.js';
import {
  anomalyListSchema,
  anomalySchema,
  callbackPathSchema,
  callbackSchema,
  deliverySchema,
  listAnomaliesSchema,
  resolveReviewSchema,
} from '../operator-schemas.js';
import { anyOf, BODY_CODES, jsonResponse, orderPathSchema, problemResponses } from './operation.js';

const tags = ['Operators'];
const order = '/v1/orders/{merchantOrderNo}';

const exampleAnomaly: z.output<typeof anomalySchema> = {
  id: 'YW1vdW50X21pc21hdGNoOk0xMDAxL0EtMTAwMQ',
  kind: 'amount_mismatch',
  merchantOrderNo: 'A-1001',
  detail: "The gateway says paid, but its amount differs from the order's.",
  firstSeenAt: '2026-11-21T09:30:12.000Z',
  openedAt: '2026-11-21T09:30:12.000Z',
  lastSeenAt: '2026-11-21T09:30:12.000Z',
  count: 1,
  acknowledgedBy: null,
  healedAt: null,
};

export const operatorOperations: readonly RouteConfig[] = [
  {
    method: 'post',
    path: `${order}/review`,
    operationId: 'resolveReview',
    tags,
    summary: 'Resolve a review',
    security: anyOf('opsToken'),
    request: {
      params: orderPathSchema,
      body: { required: true, content: { 'application/json': { schema: resolveReviewSchema } } },
    },
    responses: {
      200: jsonResponse('Resolved.', orderSchema),
      ...problemResponses([
        ...BODY_CODES,
        'forbidden',
        'order_not_found',
        'order_not_in_review',
        'unavailable',
      ]),
    },
  },
  {
    method: 'post',
    path: `${order}/check`,
    operationId: 'checkOrder',
    tags,
    summary: 'Have the gateway asked about an order now',
    description: 'Audited, and counted towards no limit.',
    security: anyOf('opsToken'),
    request: { params: orderPathSchema },
    responses: {
      202: jsonResponse('Asked for; read the order to see what came of it.', orderSchema),
      ...problemResponses([...BODY_CODES, 'forbidden', 'order_not_found', 'unavailable']),
    },
  },
  {
    method: 'get',
    path: '/v1/anomalies',
    operationId: 'listAnomalies',
    tags,
    summary: 'What a person should know about',
    security: anyOf('opsToken', 'apiKey'),
    request: { query: listAnomaliesSchema },
    responses: {
      200: jsonResponse('Anomalies, latest first.', anomalyListSchema, {
        examples: { mismatch: { summary: 'A wrong amount', value: { data: [exampleAnomaly] } } },
      }),
      ...problemResponses(['unavailable']),
    },
  },
  {
    method: 'post',
    path: '/v1/anomalies/{id}/acknowledge',
    operationId: 'acknowledgeAnomaly',
    tags,
    summary: 'Say that somebody has seen it',
    security: anyOf('opsToken'),
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: jsonResponse('Acknowledged.', anomalySchema),
      ...problemResponses([...BODY_CODES, 'forbidden', 'unavailable']),
    },
  },
  {
    method: 'get',
    path: '/v1/callbacks/{id}',
    operationId: 'getCallback',
    tags,
    summary: 'A callback as it was received',
    description: 'Amounts, numbers, statuses and times are shown; what may hold payer data is not.',
    security: anyOf('opsToken'),
    request: { params: callbackPathSchema },
    responses: {
      200: jsonResponse('What is stored of it.', callbackSchema),
      ...problemResponses(['forbidden', 'unavailable']),
    },
  },
  {
    method: 'post',
    path: '/v1/callbacks/{id}/redeliver',
    operationId: 'redeliverCallback',
    tags,
    summary: 'Deliver a callback of the inbox to its order again',
    description:
      'Safe to repeat: an order recognises a callback that it has seen. Kept with the callback: who asked last, and when.',
    security: anyOf('opsToken'),
    request: { params: callbackPathSchema },
    responses: {
      202: jsonResponse('What became of it.', deliverySchema),
      ...problemResponses([...BODY_CODES, 'forbidden', 'unavailable']),
    },
  },
];
