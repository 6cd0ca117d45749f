/** Exports for finance: the rows of the lists, all of them, as files. */
import { Router } from 'express';
import { answerCsv } from './csv-answer.js';
import type { ApiDependencies } from './dependencies.js';
import { ORDER_COLUMNS, REFUND_COLUMNS } from './export-columns.js';
import type { Access } from './middleware/access.js';
import { orderFilterSchema } from './order-schemas.js';
import { givenFilters, parseQuery } from './parse-request.js';
import { readableOrder } from './readable-order.js';
import { readableRefund } from './readable-refund.js';
import { refundFilterSchema } from './refund-schemas.js';

export function exportRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders, refunds } = dependencies;
  const { merchantNo } = config.codepay;
  const router = Router();

  router.get('/v1/orders.csv', access.allow('merchant', 'operator'), async (request, response) => {
    const filter = givenFilters(parseQuery(orderFilterSchema, request));
    const rows = each(orders.stream(merchantNo, filter), readableOrder);
    await answerCsv({ request, response }, 'orders.csv', ORDER_COLUMNS, rows);
  });

  router.get('/v1/refunds.csv', access.allow('merchant', 'operator'), async (request, response) => {
    const filter = givenFilters(parseQuery(refundFilterSchema, request));
    const rows = each(refunds.stream(merchantNo, filter), readableRefund);
    await answerCsv({ request, response }, 'refunds.csv', REFUND_COLUMNS, rows);
  });

  return router;
}

/** Ends with the error of a row that is damaged: with a guess in it a file for finance would be wrong, without it, too. */
async function* each<T>(rows: AsyncIterable<T>, readable: (row: T) => T): AsyncGenerator<T> {
  for await (const row of rows) yield readable(row);
}
