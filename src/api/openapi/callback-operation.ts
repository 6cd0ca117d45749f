import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { BODY_CODES, problemResponses } from './operation.js';

const exampleCallback = {
  app_id: 'wz1234567890',
  charset: 'UTF-8',
  format: 'JSON',
  merchant_no: '312100000164',
  merchant_order_no: 'A-1001',
  order_amount: '10.50',
  paid_amount: '10.50',
  price_currency: 'USD',
  sign: 'MEUCIQ…',
  sign_type: 'RSA2',
  timestamp: '1795253412000',
  trans_no: '20261121093012000001',
  trans_status: 2,
  trans_type: 1,
  version: '1.0',
};

export const callbackOperation: RouteConfig = {
  method: 'post',
  path: '/v1/webhooks/codepay',
  operationId: 'receiveCallback',
  tags: ['Callbacks'],
  summary: 'What the gateway tells of itself',
  description:
    'Signed with RSA2 over the fields as sent. `success` means durable; whatever a validly signed message says is acknowledged, and the same bytes again get the same answer. Every other answer makes CodePay send it again.',
  security: [],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .record(z.string(), z.unknown())
            .meta({ id: 'CodepayCallback', description: "The gateway's own flat message." }),
          example: exampleCallback,
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Durable.',
      content: { 'text/plain': { schema: z.literal('success') } },
    },
    ...problemResponses(
      [
        ...BODY_CODES,
        'signature_missing',
        'signature_invalid',
        'app_unknown',
        'unavailable',
        'internal',
      ],
      true,
    ),
  },
};
