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
  sessionOf,
} from './console-access.js';
import type { ConsoleSession } from './console-contract.js';
import type { ConsoleSessions, Session } from './console-sessions.js';
import { failedLoginLimit } from './failed-login-limit.js';
import { clearSessionCookie, setSessionCookie } from './session-cookie.js';
import type { SessionEnds } from './session-ends.js';
import type { SessionReader } from './session-reader.js';

const loginSchema = z.strictObject({ token: z.string().min(1).max(512) });

/** How sessions begin, are recognised and end. */
export interface SessionParts {
  readonly sessions: ConsoleSessions;
  readonly ends: SessionEnds;
  readonly sentSession: SessionReader;
}

/** Its paths begin after `/console`. */
export function sessionRoutes(dependencies: ApiDependencies, parts: SessionParts): Router {
  const { config, rateLimits, temporalWorkflowsUrl, liveStreams } = dependencies;
  const { sessions, ends, sentSession } = parts;
  const { publicUrl } = config.http;
  const shown = ({ operator, scopes, expiresAtMs, csrfToken }: Session): ConsoleSession => ({
    operator,
    scopes,
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
  router.get('/session', async (request, response) => {
    const session = await sentSession(request);
    answer(response, 200, session === null ? null : shown(session));
  });

  router.use('/session', requireSession(sentSession), refuseForgedRequest);

  router.delete('/session', async (request, response) => {
    const session = sessionOf(request);
    // First of all: the cookie stays with who could not be logged out, and can be tried with again.
    await ends.end(session);
    liveStreams.endAllOf(session.id);
    clearSessionCookie({ request, response, publicUrl });
    logSession(request, 'console.logout', session);
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
