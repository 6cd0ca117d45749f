/** What operators do: resolve reviews, have orders checked, read and acknowledge anomalies. */
import { type Request, Router } from 'express';
import { DomainError } from '../domain/errors.js';
import { orderId } from '../domain/order.js';
import { presentAnomaly, storedAnomalyId } from './anomaly-presenter.js';
import { emptyBodySchema } from './common-schemas.js';
import { withDeadline } from './deadline.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf } from './middleware/access.js';
import { listAnomaliesSchema, resolveReviewSchema } from './operator-schemas.js';
import { answer, orderShower } from './order-answers.js';
import { orderNoOf } from './order-path.js';
import { createOrderReader, fromRecord } from './order-reader.js';
import { resolveReview } from './order-review.js';
import { parseQuery, parseRequest } from './parse-request.js';

/** The request is a signal: durable when Temporal has it. */
const CHECK_DEADLINE_MS = 3_000;

export function operatorRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, orders, messenger } = dependencies;
  const reader = createOrderReader(orders, config.codepay.merchantNo);
  const show = orderShower(dependencies);
  const order = '/v1/orders/:merchantOrderNo';
  const router = Router();

  router.post(`${order}/review`, access.allow('operator'), async (request, response) => {
    const merchantOrderNo = orderNoOf(request);
    const body = parseRequest(resolveReviewSchema, request.body, 'body');
    const resolution = { ...body, actor: actorOf(request) };
    const resolved = await resolveReview(merchantOrderNo, resolution, { reader, messenger });
    answer(response, 200, show(request, resolved));
  });

  router.post(`${order}/check`, access.allow('operator'), async (request, response) => {
    parseRequest(emptyBodySchema, request.body ?? {}, 'body');
    const { merchantNo, merchantOrderNo } = await reader.get(orderNoOf(request));
    const asked = { requestedBy: 'operator', actor: actorOf(request) } as const;
    const sending = messenger.checkDue({ merchantNo, merchantOrderNo }, asked, CHECK_DEADLINE_MS);
    await withDeadline(sending, CHECK_DEADLINE_MS, 'the order');
    answer(response, 202, show(request, await reader.get(merchantOrderNo)));
  });

  router.use(anomalyRoutes(dependencies, access));

  return router;
}

function anomalyRoutes({ anomalies, config }: ApiDependencies, access: Access): Router {
  const router = Router();

  router.get('/v1/anomalies', access.allow('merchant', 'operator'), async (request, response) => {
    const { state, limit, merchantOrderNo } = parseQuery(listAnomaliesSchema, request);
    const { merchantNo } = config.codepay;
    const subject =
      merchantOrderNo === undefined ? undefined : orderId(merchantNo, merchantOrderNo);
    const reading =
      state === 'open' ? anomalies.listOpen(limit, subject) : anomalies.list(limit, subject);
    answer(response, 200, { data: (await fromRecord(reading)).map(presentAnomaly) });
  });

  router.post(
    '/v1/anomalies/:id/acknowledge',
    access.allow('operator'),
    async (request, response) => {
      parseRequest(emptyBodySchema, request.body ?? {}, 'body');
      const id = storedAnomalyId(idOf(request));
      const acknowledged = await fromRecord(anomalies.acknowledge(id, actorOf(request)));
      if (acknowledged === null) throw new DomainError('not_found', 'There is no such anomaly.');
      answer(response, 200, presentAnomaly(acknowledged));
    },
  );

  return router;
}

function idOf(request: Request): string {
  const { id } = request.params;
  return typeof id === 'string' ? id : '';
}
