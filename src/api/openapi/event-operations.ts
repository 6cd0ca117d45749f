import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import {
  eventListSchema,
  eventPathSchema,
  type eventSchema,
  listEventsSchema,
  redeliverySchema,
} from '../event-schemas.js';
import { anyOf, BODY_CODES, jsonResponse, problemResponses } from './operation.js';

const tags = ['Events'];

const examplePaid: z.output<typeof eventSchema> = {
  id: 'M1001~2FA-1001~2F4',
  type: 'order.paid',
  timestamp: '2026-11-21T09:30:12.000Z',
  data: {
    merchantOrderNo: 'A-1001',
    sequence: 4,
    status: 'paid',
    reviewReason: null,
    amount: 1_050,
    currency: 'USD',
    paidAmount: 1_050,
    refundedAmount: 0,
    gatewayTransNo: '20261121093012000001',
    refund: null,
  },
};

export const eventOperations: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    tags,
    summary: 'What changed, in order',
    description:
      'Go on with `startingAfter` = the id of the last event that you have dealt with. Nothing is skipped; the same event may come again.',
    security: anyOf('apiKey', 'opsToken'),
    request: { query: listEventsSchema },
    responses: {
      200: jsonResponse('A page of events, oldest first.', eventListSchema, {
        examples: {
          paid: { summary: 'An order was paid', value: { data: [examplePaid], hasMore: false } },
        },
      }),
      ...problemResponses(['unavailable']),
    },
  },
  {
    method: 'post',
    path: '/v1/events/{id}/redeliver',
    operationId: 'redeliverEvent',
    tags,
    summary: 'Send an event to the webhook again',
    security: anyOf('apiKey', 'opsToken'),
    request: { params: eventPathSchema },
    responses: {
      202: jsonResponse('It will be sent as if it were new.', redeliverySchema),
      ...problemResponses([...BODY_CODES, 'unavailable']),
    },
  },
];
