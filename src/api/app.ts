import express, { type Express } from 'express';
import { codepayCallbackRoutes } from './codepay-callback.routes.js';
import type { ApiDependencies } from './dependencies.js';
import { documentationRoutes } from './documentation.routes.js';
import { eventRoutes } from './events.routes.js';
import { exportRoutes } from './exports.routes.js';
import { closedToPayers, createAccess } from './middleware/access.js';
import { crossOrigin } from './middleware/cross-origin.js';
import { errorHandler, notFound } from './middleware/error-handler.js';
import { jsonBody, plainQuery } from './middleware/json-body.js';
import { DEFAULT_RATE_LIMITS } from './middleware/rate-limits.js';
import { requestLog } from './middleware/request-log.js';
import { requestMetrics } from './middleware/request-metrics.js';
import { securityHeaders } from './middleware/security-headers.js';
import { operationsRoutes } from './operations.routes.js';
import { operatorRoutes } from './operators.routes.js';
import { orderChangeRoutes } from './order-changes.routes.js';
import { orderRoutes } from './orders.routes.js';
import { clientRoutes, pageRoutes } from './page.routes.js';
import { PAYER_PATHS, payerRoutes } from './payer.routes.js';
import { refundRoutes } from './refunds.routes.js';

/**
 * The HTTP API. Routes are declared with their full path, and their order here is the order of trust: public pages,
 * the signed callback, then everything under /v1 behind a credential.
 */
export function createApp(dependencies: ApiDependencies): Express {
  const { config, logger, metrics, checkReadiness } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies(config.http.trustProxy));
  app.use(requestLog(logger), requestMetrics(metrics), securityHeaders());
  app.use(operationsRoutes({ checkReadiness, metrics: config.isTrial ? metrics : null }));
  app.use(documentationRoutes(), clientRoutes());
  if (config.isTrial) {
    if (dependencies.shop !== undefined) app.use('/demo', dependencies.shop);
    app.use('/demo', pageRoutes('shop'));
  }
  app.use('/console', pageRoutes('console'));
  app.use(codepayCallbackRoutes(dependencies));

  const access = createAccess(config, { ...DEFAULT_RATE_LIMITS, ...dependencies.rateLimits });
  app.use(PAYER_PATHS, crossOrigin(config.http.corsOrigins));
  app.use('/v1', access.authenticate, plainQuery, jsonBody());
  app.use(payerRoutes(dependencies, access));
  app.use('/v1', closedToPayers());
  app.use(orderChangeRoutes(dependencies, access), orderRoutes(dependencies, access));
  app.use(refundRoutes(dependencies, access), exportRoutes(dependencies, access));
  app.use(operatorRoutes(dependencies, access), eventRoutes(dependencies, access));
  app.use(notFound, errorHandler(config.http.publicUrl));
  return app;
}

/** As Express reads it: a number of hops, true or false, or a list of addresses. */
function trustedProxies(text: string | null): number | boolean | string {
  if (text === null || text === 'false') return false;
  if (text === 'true') return true;
  return /^[0-9]+$/.test(text) ? Number(text) : text;
}
