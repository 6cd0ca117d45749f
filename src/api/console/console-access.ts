/** Who may call what below /console: only a session that is open, and only from the console's own pages. */
import type { Request, RequestHandler } from 'express';
import { assert } from '../../domain/assert.js';
import { DomainError } from '../../domain/errors.js';
import { isSameText } from '../constant-time.js';
import { identify } from '../middleware/access.js';
import type { Session } from './console-sessions.js';
import type { SessionReader } from './session-reader.js';

const sessions = new WeakMap<Request, Session>();

/** The session of a request. Only behind {@link requireSession}. */
export function sessionOf(request: Request): Session {
  const session = sessions.get(request);
  assert(session !== undefined, 'a route of the console without a session');
  return session;
}

/**
 * Lets in who has a session, as the operator who opened it. A credential in the Authorization header counts for nothing
 * here. Refusals are not counted by address: a session cannot be guessed, and the page of everybody who has not logged
 * in yet asks for one.
 */
export function requireSession(sentSession: SessionReader): RequestHandler {
  return async (request, response, next) => {
    const session = await sentSession(request);
    if (session === null) {
      next(new DomainError('unauthenticated', 'There is no session, or it has ended. Log in.'));
      return;
    }
    sessions.set(request, session);
    identify(request, response, {
      kind: 'operator',
      name: session.operator,
      scopes: session.scopes,
    });
    next();
  };
}

const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Turns away who may operate and not read. The calls of /v1 see to it by themselves. */
export const refuseWithoutReading: RequestHandler = (request, _response, next) => {
  const mayRead = sessionOf(request).scopes.includes('read');
  next(mayRead ? undefined : new DomainError('forbidden', 'This login may not read.'));
};

/** Turns away what changes something and was not sent by a page of this session. */
export const refuseForgedRequest: RequestHandler = (request, _response, next) => {
  const isForged =
    !READING_METHODS.has(request.method) &&
    (!isSentFromHere(request, ['same-origin', 'none']) ||
      !isSameText(request.get('X-CSRF-Token') ?? '', sessionOf(request).csrfToken));
  next(isForged ? forged() : undefined);
};

/** Turns away a login that another site's page sent: it would work under a name that it does not know. */
export function refuseForeignLogin(publicUrl: string): RequestHandler {
  const publicOrigin = new URL(publicUrl).origin;
  return (request, _response, next) => {
    const { origin } = request.headers;
    const ownOrigin = `${request.protocol}://${request.get('Host') ?? ''}`;
    const isOwn = origin === undefined || origin === ownOrigin || origin === publicOrigin;
    next(isOwn && isSentFromHere(request, ['same-origin']) ? undefined : forged());
  };
}

/** Browsers say where a request comes from; what is no browser does not, and holds nobody's cookie. */
function isSentFromHere(request: Request, sites: readonly string[]): boolean {
  const site = request.get('Sec-Fetch-Site');
  return site === undefined || sites.includes(site);
}

function forged(): DomainError {
  return new DomainError(
    'forbidden',
    'Only the pages of the console may send this, with the X-CSRF-Token of their session.',
  );
}
