/** The inbox of callbacks, for operators: what was received, and having it delivered again. */
import { Router } from 'express';
import { deliverCallback } from '../delivery/deliver-callback.js';
import { DomainError } from '../domain/errors.js';
import type { InboxEntry } from '../store/callback-store.js';
import { presentCallback } from './callback-presenter.js';
import { emptyBodySchema } from './common-schemas.js';
import { withDeadline } from './deadline.js';
import type { ApiDependencies } from './dependencies.js';
import { type Access, actorOf } from './middleware/access.js';
import { answer } from './order-answers.js';
import { fromRecord } from './order-reader.js';
import { parseRequest } from './parse-request.js';

const REDELIVERY_DEADLINE_MS = 5_000;

export function callbackRoutes(dependencies: ApiDependencies, access: Access): Router {
  const { callbacks, readCallback, now } = dependencies;
  const router = Router();

  const get = async (id: string): Promise<InboxEntry> => {
    const entry = await fromRecord(callbacks.find(id));
    if (entry === null) throw new DomainError('not_found', 'There is no such callback.');
    return entry;
  };

  router.get('/v1/callbacks/:id', access.allow('operator'), async (request, response) => {
    const entry = await get(String(request.params.id));
    answer(response, 200, presentCallback(entry, readCallback(entry)));
  });

  router.post(
    '/v1/callbacks/:id/redeliver',
    access.allow('operator'),
    async (request, response) => {
      parseRequest(emptyBodySchema, request.body ?? {}, 'body');
      const id = String(request.params.id);
      const entry = await get(id);
      const actor = actorOf(request);
      // Before it is done: what was asked for is known even when nobody hears how it ended.
      await fromRecord(callbacks.markRedelivered(id, actor, new Date(now()).toISOString()));
      // As if nothing had been done with it; the order recognises what it has seen.
      const delivery = deliverCallback({ ...entry, processedAt: null }, dependencies);
      const outcome = await withDeadline(delivery, REDELIVERY_DEADLINE_MS, 'the delivery');
      request.log.info(
        { event: 'callback.redelivered', callbackId: id, outcome, actor },
        'callback delivered again',
      );
      answer(response, 202, { id, outcome });
    },
  );

  return router;
}
