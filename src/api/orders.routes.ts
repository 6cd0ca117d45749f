/** Reading orders: lists, one order, its audit, its verify token. */
import { Router } from 'express';
import { orderId } from '../domain/order.js';
import { emptyBodySchema } from './common-schemas.js';
import type { ApiDependencies } from './dependencies.js';
import type { Access } from './middleware/access.js';
import { answer, orderShower } from './order-answers.js';
import { orderNoOf } from './order-path.js';
import { createOrderReader, fromRecord, orderNotFound } from './order-reader.js';
import { listOrdersSchema } from './order-schemas.js';
import { givenFilters, parseQuery, parseRequest, unknownStart } from './parse-request.js';
import { explainStored } from './readable-order.js';
import { createVerifyTokens } from './verify-token.js';

export function orderRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders } = dependencies;
  const { merchantNo } = config.codepay;
  const reader = createOrderReader(orders, merchantNo);
  const show = orderShower(dependencies);
  const order = '/v1/orders/:merchantOrderNo';
  const readers = access.allow('merchant', 'operator');
  const router = Router();

  router.get('/v1/orders', readers, async (request, response) => {
    const { limit, startingAfter, ...filter } = parseQuery(listOrdersSchema, request);
    if (startingAfter !== undefined && (await reader.find(startingAfter)) === null) {
      throw unknownStart('number of an order');
    }
    const page = startingAfter === undefined ? { limit } : { limit, startingAfter };
    const { data, hasMore } = await fromRecord(orders.list(merchantNo, givenFilters(filter), page));
    answer(response, 200, { data: data.map((order) => show(request, order)), hasMore });
  });

  router.get(order, readers, async (request, response) => {
    answer(response, 200, show(request, await reader.get(orderNoOf(request))));
  });

  router.post(`${order}/verify-token`, access.allow('merchant'), async (request, response) => {
    parseRequest(emptyBodySchema, request.body ?? {}, 'body');
    const { merchantOrderNo } = await reader.get(orderNoOf(request));
    const verifyToken = createVerifyTokens(config.verifyTokenSecret).issue(
      orderId(merchantNo, merchantOrderNo),
    );
    answer(response, 200, { merchantOrderNo, verifyToken });
  });

  router.get(`${order}/audit`, readers, async (request, response) => {
    const data = await fromRecord(orders.audit(orderId(merchantNo, orderNoOf(request))));
    if (data.length === 0) throw orderNotFound();
    answer(response, 200, { data });
  });

  router.get(`${order}/explain`, readers, async (request, response) => {
    const explained = await reader.get(orderNoOf(request));
    const audit = await fromRecord(orders.audit(orderId(merchantNo, explained.merchantOrderNo)));
    answer(response, 200, explainStored(explained, audit));
  });

  return router;
}
