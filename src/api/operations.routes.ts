/** What those who run the service ask: is it alive, is it ready, what does it measure. */
import { type RequestHandler, Router } from 'express';
import type { Metrics } from '../metrics.js';
import type { Readiness } from './dependencies.js';

export interface OperationsPorts {
  readonly checkReadiness: () => Promise<Readiness>;
  /** `null` where metrics are served elsewhere. */
  readonly metrics: Metrics | null;
}

/** Used by the API on its port and by every process on its metrics port. */
export function operationsRoutes({ checkReadiness, metrics }: OperationsPorts): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'live' });
  });
  const answerReadiness: RequestHandler = async (_request, response) => {
    const parts = await checkReadiness();
    const isReady = Object.values(parts).every((state) => state === 'up');
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not_ready', parts });
  };
  router.get('/readyz', answerReadiness);
  router.get('/healthz', answerReadiness);
  if (metrics !== null) {
    router.get('/metrics', async (_request, response) => {
      response.setHeader('Content-Type', metrics.registry.contentType);
      response.send(await metrics.registry.metrics());
    });
  }
  return router;
}
