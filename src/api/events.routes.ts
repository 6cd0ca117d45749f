/** What changed, for the merchant's back end: the feed, and having one event delivered again. */
import { Router } from 'express';
import { DomainError } from '../domain/errors.js';
import { emptyBodySchema } from './common-schemas.js';
import type { ApiDependencies } from './dependencies.js';
import { listEventsSchema } from './event-schemas.js';
import type { Access } from './middleware/access.js';
import { answer } from './order-answers.js';
import { fromRecord } from './order-reader.js';
import { parseQuery, parseRequest, unknownStart } from './parse-request.js';

export function eventRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { config, events, now } = dependencies;
  const { merchantNo } = config.codepay;
  const router = Router();

  router.get('/v1/events', access.allow('merchant', 'operator'), async (request, response) => {
    const { limit, startingAfter } = parseQuery(listEventsSchema, request);
    const page = startingAfter === undefined ? { limit } : { limit, startingAfter };
    const listed = await fromRecord(events.list(merchantNo, page));
    if (listed === null) throw unknownStart('id of an event');
    answer(response, 200, { data: listed.data, hasMore: listed.hasMore });
  });

  router.post(
    '/v1/events/:id/redeliver',
    access.allow('merchant', 'operator'),
    async (request, response) => {
      parseRequest(emptyBodySchema, request.body ?? {}, 'body');
      const id = String(request.params.id);
      const at = new Date(now()).toISOString();
      const isThere = await fromRecord(events.redeliver(merchantNo, id, at));
      if (!isThere) throw new DomainError('not_found', 'There is no such event.');
      answer(response, 202, { id });
    },
  );

  return router;
}
