import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { orderSchema, verifySchema } from '../answer-schemas.js';
import { posResultSchema } from '../order-schemas.js';
import { VERIFY_EXAMPLES } from './examples.js';
import { anyOf, BODY_CODES, jsonResponse, orderPathSchema, problemResponses } from './operation.js';

const tags = ['Payer'];
const order = '/v1/orders/{merchantOrderNo}';

export const payerOperations: readonly RouteConfig[] = [
  {
    method: 'get',
    path: `${order}/verify`,
    operationId: 'verifyOrder',
    tags,
    summary: 'Is the order paid?',
    description:
      'Asks the gateway when the last answer is older than 2 s, otherwise answers from the record. A 503 carries `nextAction: "check_later"`: it never means unpaid.',
    security: anyOf('verifyToken', 'apiKey', 'opsToken'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('What is known now.', verifySchema, { examples: VERIFY_EXAMPLES }),
      ...problemResponses(['order_not_found', 'unavailable']),
    },
  },
  {
    method: 'post',
    path: `${order}/pay`,
    operationId: 'payOrder',
    tags,
    summary: 'Pay again under the same number',
    security: anyOf('verifyToken', 'apiKey'),
    request: { params: orderPathSchema },
    responses: {
      200: jsonResponse('The order with its payment address.', orderSchema),
      ...problemResponses([
        ...BODY_CODES,
        'forbidden',
        'order_not_found',
        'order_final',
        'order_not_payable',
        'unavailable',
      ]),
    },
  },
  {
    method: 'post',
    path: `${order}/pos-result`,
    operationId: 'reportPosResult',
    tags,
    summary: "Hand over the terminal's result, and learn what is true",
    security: anyOf('verifyToken', 'apiKey'),
    request: {
      params: orderPathSchema,
      body: {
        required: true,
        content: {
          'application/json': {
            schema: posResultSchema,
            example: { responseCode: '000', responseMsg: 'Success' },
          },
        },
      },
    },
    responses: {
      200: jsonResponse('As verify.', verifySchema, { examples: VERIFY_EXAMPLES }),
      ...problemResponses([...BODY_CODES, 'forbidden', 'order_not_found', 'unavailable']),
    },
  },
];
