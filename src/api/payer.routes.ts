/** What the payer's page and the till may call, with an API key or with the verify token of the one order. */
import { Router } from 'express';
import { verifyAnswer } from '../domain/verify-answer.js';
import { emptyBodySchema } from './common-schemas.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf } from './middleware/access.js';
import { answer, orderShower } from './order-answers.js';
import { orderNoOf } from './order-path.js';
import { payAgain } from './order-pay.js';
import { createOrderReader } from './order-reader.js';
import { posResultSchema } from './order-schemas.js';
import { createOrderVerification } from './order-verification.js';
import { parseRequest } from './parse-request.js';
import { posHint } from './pos-result.js';

/** The routes that pages of other origins may call. */
export const PAYER_PATHS = ['verify', 'pay', 'pos-result'].map(
  (action) => `/v1/orders/:merchantOrderNo/${action}`,
);

export function payerRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, messenger, now, logger } = dependencies;
  const { merchantNo } = config.codepay;
  const reader = createOrderReader(dependencies.orders, merchantNo);
  const verify = createOrderVerification({ merchantNo, reader, messenger, now, logger });
  const show = orderShower(dependencies);
  const order = '/v1/orders/:merchantOrderNo';
  const router = Router();

  router.get(
    `${order}/verify`,
    access.allow('merchant', 'operator', 'payer'),
    async (request, response) => {
      const verified = await verify(orderNoOf(request));
      answer(response, 200, verifyAnswer(verified, now()));
    },
  );

  router.post(`${order}/pay`, access.allow('merchant', 'payer'), async (request, response) => {
    parseRequest(emptyBodySchema, request.body ?? {}, 'body');
    const asked = { actor: actorOf(request) };
    const payable = await payAgain(orderNoOf(request), asked, { reader, messenger });
    answer(response, 200, show(request, payable));
  });

  router.post(
    `${order}/pos-result`,
    access.allow('merchant', 'payer'),
    async (request, response) => {
      const merchantOrderNo = orderNoOf(request);
      const hint = posHint(parseRequest(posResultSchema, request.body, 'body'));
      const verified = await verify(merchantOrderNo);
      request.log.info({ merchantOrderNo, event: 'pos.result', hint }, 'terminal reported');
      const isCanceledAtTerminal = hint === 'canceled_by_user';
      answer(response, 200, verifyAnswer(verified, now(), { isCanceledAtTerminal }));
    },
  );

  return router;
}
