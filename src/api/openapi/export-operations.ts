import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { csvHeader } from '../csv.js';
import { ORDER_COLUMNS, REFUND_COLUMNS } from '../export-columns.js';
import { orderFilterSchema } from '../order-schemas.js';
import { refundFilterSchema } from '../refund-schemas.js';
import { anyOf, problemResponses } from './operation.js';

const tags = ['Exports'];

const description =
  'RFC 4180, UTF-8, one header line. The columns stay; new ones go to the end. `…Minor` are minor units, the columns beside them the same as exact decimals. A text that a spreadsheet could take for a formula begins with an apostrophe. An export that is cut off ends without the end of its transfer: it is not whole.';

function csvResponse(header: string) {
  return {
    200: {
      description: 'All rows that fit, newest first.',
      headers: {
        'Content-Disposition': {
          description: 'A file name.',
          schema: { type: 'string' as const },
        },
      },
      content: { 'text/csv': { schema: z.string(), example: header } },
    },
    ...problemResponses(['unavailable']),
  };
}

export const exportOperations: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/v1/orders.csv',
    operationId: 'exportOrders',
    tags,
    summary: 'All orders of the list, as a file',
    description,
    security: anyOf('apiKey', 'opsToken'),
    request: { query: orderFilterSchema },
    responses: csvResponse(csvHeader(ORDER_COLUMNS)),
  },
  {
    method: 'get',
    path: '/v1/refunds.csv',
    operationId: 'exportRefunds',
    tags,
    summary: 'All refunds of the list, as a file',
    description,
    security: anyOf('apiKey', 'opsToken'),
    request: { query: refundFilterSchema },
    responses: csvResponse(csvHeader(REFUND_COLUMNS)),
  },
];
