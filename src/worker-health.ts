import { createServer, type Server } from 'node:http';
import express from 'express';
import type { Metrics } from './metrics.js';

export interface WorkerHealth {
  /** Names of the parts that do not answer; empty when the worker is ready. */
  readonly missingParts: () => Promise<readonly string[]>;
  readonly metrics: Metrics;
}

/** Health and metrics of the worker, which serves nothing else. */
export async function serveWorkerHealth(
  health: WorkerHealth,
  listen: { readonly host: string; readonly port: number },
): Promise<Server> {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => {
    response.json({ status: 'up' });
  });
  app.get(['/readyz', '/healthz'], async (_request, response) => {
    const missing = await health.missingParts();
    response
      .status(missing.length === 0 ? 200 : 503)
      .json({ status: missing.length === 0 ? 'up' : 'down', missing });
  });
  app.get('/metrics', async (_request, response) => {
    response
      .type(health.metrics.registry.contentType)
      .send(await health.metrics.registry.metrics());
  });
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return server;
}
