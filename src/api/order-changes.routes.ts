/** Creating and canceling orders. */
import { Router } from 'express';
import { emptyBodySchema } from './common-schemas.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf, callerOf } from './middleware/access.js';
import { newOrderRequest } from './new-order-request.js';
import { answer, orderShower } from './order-answers.js';
import { cancelOrder } from './order-cancel.js';
import { createOrder } from './order-creation.js';
import { orderNoOf } from './order-path.js';
import { createOrderReader } from './order-reader.js';
import { createOrderSchema } from './order-schemas.js';
import { idempotencyKeyOf, parseRequest } from './parse-request.js';
import { createSilenceReader } from './silence-reader.js';

export function orderChangeRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders, refunds, messenger } = dependencies;
  const reader = createOrderReader(orders, config.codepay.merchantNo);
  const show = orderShower(dependencies);
  const areCallbacksSilent = createSilenceReader(dependencies);
  const order = '/v1/orders/:merchantOrderNo';
  const router = Router();

  router.post('/v1/orders', access.allow('merchant'), async (request, response) => {
    const body = parseRequest(createOrderSchema, request.body, 'body');
    const idempotencyKey = idempotencyKeyOf(request);
    const asked = newOrderRequest(body, {
      ...{ idempotencyKey, config },
      areCallbacksSilent: await areCallbacksSilent(),
    });
    const { order, isReplay } = await createOrder(asked, { reader, refunds, messenger });
    if (isReplay) response.setHeader('Idempotent-Replayed', 'true');
    response.location(`/v1/orders/${encodeURIComponent(order.merchantOrderNo)}`);
    answer(response, isReplay ? 200 : 201, show(request, order));
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

  return router;
}
