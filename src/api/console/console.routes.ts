/** The server half of the operators' console. Its paths begin after `/console`. */
import { type RequestHandler, Router } from 'express';
import type { ApiDependencies } from '../dependencies.js';
import { notFound } from '../middleware/error-handler.js';
import { answer } from '../order-answers.js';
import { refuseForgedRequest, refuseWithoutReading, requireSession } from './console-access.js';
import { createConsoleSessions } from './console-sessions.js';
import { liveRoutes } from './live.routes.js';
import { createOverviewReader } from './overview-reader.js';
import { sessionRoutes } from './session.routes.js';
import { createSessionEnds } from './session-ends.js';
import { createSessionReader } from './session-reader.js';

/** What answers data; every other address below /console is the page's. */
const DATA_PATHS = ['/session', '/v1', '/overview', '/live'];
/** What is read without a call of /v1. */
const OWN_READS = ['/overview', '/live'];

/** @param v1 the calls of /v1, which the session's operator makes here as with a token */
export function consoleRoutes(dependencies: ApiDependencies, v1: RequestHandler): Router {
  const { config, now, endedSessions } = dependencies;
  const sessions = createConsoleSessions({
    opsTokens: config.opsTokens,
    secret: config.verifyTokenSecret,
    now,
  });
  const ends = createSessionEnds(endedSessions);
  const { publicUrl } = config.http;
  const sentSession = createSessionReader({ sessions, ends, publicUrl });
  const readOverview = createOverviewReader(dependencies);
  const router = Router();
  router.use(sessionRoutes(dependencies, { sessions, ends, sentSession }));
  router.use(DATA_PATHS, requireSession(sentSession), refuseForgedRequest);
  router.use(OWN_READS, refuseWithoutReading);
  router.use(v1);
  router.get('/overview', async (_request, response) => {
    answer(response, 200, await readOverview());
  });
  router.use(liveRoutes(dependencies, { readOverview, ends }));
  router.use(DATA_PATHS, notFound);
  return router;
}
