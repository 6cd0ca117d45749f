/** Asking for refunds and reading them. */
import { Router } from 'express';
import type { Order } from '../domain/order.js';
import type { Refund } from '../domain/refund.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf } from './middleware/access.js';
import { answer } from './order-answers.js';
import { orderNoOf } from './order-path.js';
import { createOrderReader, fromRecord } from './order-reader.js';
import { refundOrder } from './order-refund.js';
import {
  givenFilters,
  idempotencyKeyOf,
  parseQuery,
  parseRequest,
  unknownStart,
} from './parse-request.js';
import { readableOrder } from './readable-order.js';
import { readableRefund } from './readable-refund.js';
import { presentRefund } from './refund-presenter.js';
import { newRefundRequest } from './refund-request.js';
import { createRefundSchema, listRefundsSchema } from './refund-schemas.js';

export function refundRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders, refunds, messenger } = dependencies;
  const { merchantNo } = config.codepay;
  const reader = createOrderReader(orders, merchantNo);
  const ofOrder = '/v1/orders/:merchantOrderNo/refunds';
  const router = Router();

  router.post(ofOrder, access.allowRefund('merchant', 'operator'), async (request, response) => {
    const merchantOrderNo = orderNoOf(request);
    const body = parseRequest(createRefundSchema, request.body, 'body');
    const idempotencyKey = idempotencyKeyOf(request);
    const requestedBy = actorOf(request);
    const asked = newRefundRequest(body, {
      merchantNo,
      merchantOrderNo,
      idempotencyKey,
      requestedBy,
    });
    const answered = await refundOrder(merchantOrderNo, asked, { reader, refunds, messenger });
    if (answered.isReplay) response.setHeader('Idempotent-Replayed', 'true');
    answer(response, 202, present(answered.order, answered.refund));
  });

  router.get(ofOrder, access.allow('merchant', 'operator'), async (request, response) => {
    const order = readableOrder(await reader.get(orderNoOf(request)));
    answer(response, 200, { data: order.refunds.map((refund) => present(order, refund)) });
  });

  router.get('/v1/refunds', access.allow('merchant', 'operator'), async (request, response) => {
    const { limit, startingAfter, ...filter } = parseQuery(listRefundsSchema, request);
    if (startingAfter !== undefined) {
      const start = await fromRecord(refunds.find(merchantNo, startingAfter));
      if (start === null) throw unknownStart('number of a refund');
      // A page that begins nowhere would be an empty one, and look like the end.
      readableRefund(start);
    }
    const page = startingAfter === undefined ? { limit } : { limit, startingAfter };
    const { data, hasMore } = await fromRecord(
      refunds.list(merchantNo, givenFilters(filter), page),
    );
    answer(response, 200, { data: data.map(readableRefund).map(presentRefund), hasMore });
  });

  return router;
}

function present({ merchantOrderNo, currency }: Order, refund: Refund) {
  return presentRefund({ ...refund, merchantOrderNo, currency });
}
