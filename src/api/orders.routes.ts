/** What merchants' back ends and operators do with orders. */
import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { type Order, orderId } from '../domain/order.js';
import type { OrderFilter } from '../store/order-store.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf, callerOf } from './middleware/access.js';
import { newOrderRequest } from './new-order-request.js';
import { cancelOrder } from './order-cancel.js';
import { createOrder } from './order-creation.js';
import { orderNoOf } from './order-path.js';
import { presentOrder } from './order-presenter.js';
import { createOrderReader, fromRecord, orderNotFound } from './order-reader.js';
import {
  createHeadersSchema,
  createOrderSchema,
  emptyBodySchema,
  listOrdersSchema,
} from './order-schemas.js';
import { invalid, parseRequest } from './parse-request.js';
import { createVerifyTokens } from './verify-token.js';

export function orderRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders, messenger } = dependencies;
  const { merchantNo } = config.codepay;
  const reader = createOrderReader(orders, merchantNo);
  const show = orderShower(dependencies);
  const router = Router();

  router.post('/v1/orders', access.allow('merchant'), async (request, response) => {
    const body = parseRequest(createOrderSchema, request.body, 'body');
    const idempotencyKey = idempotencyKeyOf(request);
    const asked = newOrderRequest(body, { idempotencyKey, config });
    const { order, isReplay } = await createOrder(asked, { reader, messenger });
    if (isReplay) response.setHeader('Idempotent-Replayed', 'true');
    response.location(`/v1/orders/${encodeURIComponent(order.merchantOrderNo)}`);
    answer(response, isReplay ? 200 : 201, show(request, order));
  });

  router.get('/v1/orders', access.allow('merchant', 'operator'), async (request, response) => {
    const { limit, startingAfter, ...filter } = parseRequest(
      listOrdersSchema,
      { ...request.query },
      'query',
    );
    if (startingAfter !== undefined && (await reader.find(startingAfter)) === null) {
      const detail = 'is not the number of an order';
      throw invalid(
        [{ pointer: '/query/startingAfter', code: 'invalid_value', detail }],
        'The query of the request is not valid.',
      );
    }
    const page = startingAfter === undefined ? { limit } : { limit, startingAfter };
    const { data, hasMore } = await fromRecord(orders.list(merchantNo, given(filter), page));
    answer(response, 200, { data: data.map((order) => show(request, order)), hasMore });
  });

  const order = '/v1/orders/:merchantOrderNo';
  router.get(order, access.allow('merchant', 'operator'), async (request, response) => {
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

  router.post(
    `${order}/cancel`,
    access.allow('merchant', 'operator'),
    async (request, response) => {
      parseRequest(emptyBodySchema, request.body ?? {}, 'body');
      const requestedBy = callerOf(request).kind === 'operator' ? 'operator' : 'merchant';
      const asked = { requestedBy, actor: actorOf(request) } as const;
      const canceled = await cancelOrder(orderNoOf(request), asked, { reader, messenger });
      answer(response, 202, show(request, canceled));
    },
  );

  router.get(`${order}/audit`, access.allow('merchant', 'operator'), async (request, response) => {
    const data = await fromRecord(orders.audit(orderId(merchantNo, orderNoOf(request))));
    if (data.length === 0) throw orderNotFound();
    answer(response, 200, { data });
  });

  return router;
}

/** Presents orders to whoever asks: only an API key sees verify tokens. */
export function orderShower({ config }: Pick<ApiDependencies, 'config'>) {
  const tokens = createVerifyTokens(config.verifyTokenSecret);
  return (request: Request, order: Order) =>
    presentOrder(
      order,
      callerOf(request).kind === 'merchant'
        ? tokens.issue(orderId(order.merchantNo, order.merchantOrderNo))
        : null,
    );
}

/** Answers about money are never kept by anything in between. */
export function answer(response: Response, status: number, body: object): void {
  response.status(status).setHeader('Cache-Control', 'no-store').json(body);
}

function idempotencyKeyOf(request: Request): string | undefined {
  const headers = { 'Idempotency-Key': request.get('Idempotency-Key') };
  return parseRequest(createHeadersSchema, headers, 'header')['Idempotency-Key'];
}

/** Without the filters that were not asked for. */
function given(
  filter: Omit<z.output<typeof listOrdersSchema>, 'limit' | 'startingAfter'>,
): OrderFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
