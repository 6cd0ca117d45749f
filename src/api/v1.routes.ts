import { Router } from 'express';
import { callbackRoutes } from './callbacks.routes.js';
import type { ApiDependencies } from './dependencies.js';
import { eventRoutes } from './events.routes.js';
import { exportRoutes } from './exports.routes.js';
import type { Access } from './middleware/access.js';
import { jsonBody, plainQuery } from './middleware/json-body.js';
import { operatorRoutes } from './operators.routes.js';
import { orderChangeRoutes } from './order-changes.routes.js';
import { orderRoutes } from './orders.routes.js';
import { payerRoutes } from './payer.routes.js';
import { refundRoutes } from './refunds.routes.js';

/**
 * Every call of /v1 that wants a caller, whoever found out who it is: mounted for credentials, and once more below
 * /console for the operators' sessions.
 */
export function v1Routes(dependencies: ApiDependencies, access: Access): Router {
  const router = Router();
  router.use('/v1', plainQuery, jsonBody());
  router.use(payerRoutes(dependencies, access));
  router.use('/v1', access.closedToPayers);
  router.use(orderChangeRoutes(dependencies, access), orderRoutes(dependencies, access));
  router.use(refundRoutes(dependencies, access), exportRoutes(dependencies, access));
  router.use(operatorRoutes(dependencies, access), callbackRoutes(dependencies, access));
  router.use(eventRoutes(dependencies, access));
  return router;
}
