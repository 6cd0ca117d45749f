/** Logging in to the console, and out. */
import { type Request, Router } from 'express';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { ApiDependencies } from '../dependencies.js';
import { jsonBody } from '../middleware/json-body.js';
import { answer } from '../order-answers.js';
import { parseRequest } from '../parse-request.js';
import {
  refuseForeignLogin,
  refuseForgedRequest,
  requireSession,
  sentSession,
  sessionOf,
} from './console-access.js';
import type { ConsoleSession } from './console-contract.js';
import type { ConsoleSessions, Session } from './console-sessions.js';
import { failedLoginLimit } from './failed-login-limit.js';
import { clearSessionCookie, setSessionCookie } from './session-cookie.js';

const loginSchema = z.strictObject({ token: z.string().min(1).max(512) });

/** Its paths begin after `/console`. */
export function sessionRoutes(dependencies: ApiDependencies, sessions: ConsoleSessions): Router {
  const { config, rateLimits, temporalWorkflowsUrl } = dependencies;
  const { publicUrl } = config.http;
  const shown = ({ operator, expiresAtMs, csrfToken }: Session): ConsoleSession => ({
    operator,
    expiresAt: new Date(expiresAtMs).toISOString(),
    csrfToken,
    isTrial: config.isTrial,
    temporalWorkflowsUrl: temporalWorkflowsUrl ?? null,
  });
  const router = Router();

  router.post(
    '/session',
    refuseForeignLogin(publicUrl),
    failedLoginLimit(rateLimits?.failedLoginsPerAddress),
    jsonBody(),
    (request, response) => {
      const { token } = parseRequest(loginSchema, request.body, 'body');
      const opened = sessions.open(token);
      if (opened === null) throw wrongToken();
      const { session, value } = opened;
      setSessionCookie({ request, response, publicUrl }, value, session.expiresAtMs);
      logSession(request, 'console.login', session);
      answer(response, 200, shown(session));
    },
  );

  // No error without a session: every page asks this first, and browsers write errors to their consoles.
  router.get('/session', (request, response) => {
    const session = sentSession(request, sessions);
    answer(response, 200, session === null ? null : shown(session));
  });

  router.use('/session', requireSession(sessions), refuseForgedRequest);

  router.delete('/session', (request, response) => {
    clearSessionCookie({ request, response, publicUrl });
    logSession(request, 'console.logout', sessionOf(request));
    response.status(204).end();
  });

  return router;
}

function logSession(request: Request, event: string, { operator }: Session): void {
  request.log.info({ event, actor: operator }, 'console session');
}

/** The same for every token, an API key too: nothing is told about which one it nearly was. */
function wrongToken(): DomainError {
  return new DomainError('unauthenticated', 'This is no token of an operator.');
}
