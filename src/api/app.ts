import express, { type Express } from 'express';
import { codepayCallbackRoutes } from './codepay-callback.routes.js';
import { consoleRoutes } from './console/console.routes.js';
import type { ApiDependencies } from './dependencies.js';
import { documentationRoutes } from './documentation.routes.js';
import { createAccess } from './middleware/access.js';
import { crossOrigin } from './middleware/cross-origin.js';
import { errorHandler, notFound } from './middleware/error-handler.js';
import { jsonBody } from './middleware/json-body.js';
import { DEFAULT_RATE_LIMITS } from './middleware/rate-limits.js';
import { requestLog } from './middleware/request-log.js';
import { requestMetrics } from './middleware/request-metrics.js';
import { securityHeaders } from './middleware/security-headers.js';
import { operationsRoutes } from './operations.routes.js';
import { clientRoutes, pageRoutes } from './page.routes.js';
import { PAYER_PATHS } from './payer.routes.js';
import { runbookRoutes } from './runbook.routes.js';
import { v1Routes } from './v1.routes.js';

/**
 * The HTTP API. Routes are declared with their full path, and their order here is the order of trust: public pages,
 * the signed callback, then the console behind a session and everything under /v1 behind a credential.
 */
export function createApp(dependencies: ApiDependencies): Express {
  const { config, logger, metrics, checkReadiness } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies(config.http.trustProxy));
  if (dependencies.traceRequests !== undefined) app.use(dependencies.traceRequests);
  app.use(
    requestLog(logger, config.codepay.merchantNo),
    requestMetrics(metrics),
    securityHeaders(),
  );
  app.use(operationsRoutes({ checkReadiness, metrics: config.isTrial ? metrics : null }));
  app.use(runbookRoutes(), documentationRoutes(), clientRoutes());
  if (config.isTrial) {
    if (dependencies.shop !== undefined) app.use('/demo', jsonBody(), dependencies.shop);
    app.use('/demo', pageRoutes('shop'));
  }
  app.use(codepayCallbackRoutes(dependencies));

  const access = createAccess(config, { ...DEFAULT_RATE_LIMITS, ...dependencies.rateLimits });
  const v1 = v1Routes(dependencies, access);
  app.use('/console', consoleRoutes(dependencies, v1), pageRoutes('console'));
  app.use(PAYER_PATHS, crossOrigin(config.http.corsOrigins));
  app.use('/v1', access.authenticate);
  app.use(v1);
  app.use(notFound, errorHandler(config.http.publicUrl));
  return app;
}

/** What Express is told: a number of hops, true or false, or a list of addresses. */
export function trustedProxies(text: string | null): number | boolean | string {
  if (text === null || text === 'false') return false;
  if (text === 'true') return true;
  return /^[0-9]+$/.test(text) ? Number(text) : text;
}
