/** Who may call what. Everything under /v1 is closed unless a route lets the caller in. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config/config.js';
import type { Scope } from '../../config/credentials.js';
import { assert } from '../../domain/assert.js';
import { DomainError } from '../../domain/errors.js';
import { orderId } from '../../domain/order.js';
import { type Caller, type CallerKind, createAuthenticator } from '../credentials.js';
import type { RateLimits } from '../dependencies.js';
import { createVerifyTokens } from '../verify-token.js';
import { addressLimit, credentialLimit } from './rate-limits.js';

const callers = new WeakMap<Request, Caller>();

/** The authenticated caller. Only behind {@link Access.authenticate}. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  assert(caller !== undefined, 'a route without authentication');
  return caller;
}

/** Says who calls: for what has found it out in another way than by the Authorization header. */
export function identify(request: Request, response: Response, caller: Caller): void {
  callers.set(request, caller);
  response.locals.actor = actorOf(request);
}

/** Name of the caller for the audit. */
export function actorOf(request: Request): string {
  const caller = callerOf(request);
  return caller.kind === 'payer' ? 'payer' : caller.name;
}

export interface Access {
  /** Turns away whoever has no valid credential: 401. */
  readonly authenticate: RequestHandler;
  /**
   * Lets these kinds of callers in and counts them against their limit, when their credential is for such calls:
   * `read` for what only reads, `write` or `operate` for what changes something. A payer only with the token of the
   * order in the path; to every other payer nothing is there.
   */
  readonly allow: (...kinds: readonly CallerKind[]) => RequestHandler;
  /** As {@link allow}, for what gives money back: `refund` or `operate`. */
  readonly allowRefund: (...kinds: readonly CallerKind[]) => RequestHandler;
  /** A payer's token opens no route that does not ask for it, and an undeclared route opens to nobody. */
  readonly closedToPayers: RequestHandler;
}

export function createAccess(config: Config, rateLimits: RateLimits): Access {
  const authenticator = createAuthenticator(config);
  const refusalOf = createRefusals(config);
  const unauthenticatedLimit = addressLimit(rateLimits.perAddressUnauthenticated);
  const limitCallers = credentialLimit({ limits: rateLimits, callerOf });

  /** Whoever guesses is slowed down before being told that it was wrong. */
  const refuseStranger = (
    [request, response, next]: Parameters<RequestHandler>,
    refusal: DomainError,
  ) => {
    const refused = () => next(refusal);
    void unauthenticatedLimit(request, response, nextOr(next, refused));
  };

  const allowFor = (kinds: readonly CallerKind[], writing: Scope): RequestHandler => {
    return (request, response, next) => {
      const refusal = refusalOf(request, kinds, writing);
      if (refusal === null) void limitCallers(request, response, next);
      // That a text looks like a verify token is no proof that it was ever one.
      else if (callerOf(request).kind === 'payer') {
        refuseStranger([request, response, next], refusal);
      } else next(refusal);
    };
  };

  return {
    authenticate(request, response, next) {
      const caller = authenticator(request.headers.authorization);
      if (caller === null) {
        const refusal = new DomainError('unauthenticated', 'No valid credential.');
        refuseStranger([request, response, next], refusal);
        return;
      }
      identify(request, response, caller);
      next();
    },
    allow: (...kinds) => allowFor(kinds, 'write'),
    allowRefund: (...kinds) => allowFor(kinds, 'refund'),
    closedToPayers(request, response, next) {
      if (callerOf(request).kind !== 'payer') next();
      else refuseStranger([request, response, next], nothingHere());
    },
  };
}

/** @returns why the caller of a request may not make it; `null` when the caller may */
function createRefusals(config: Config) {
  const tokens = createVerifyTokens(config.verifyTokenSecret);
  return (request: Request, kinds: readonly CallerKind[], writing: Scope): DomainError | null => {
    const caller = callerOf(request);
    if (caller.kind === 'payer') {
      const { merchantOrderNo } = request.params;
      const isTheirs =
        kinds.includes('payer') &&
        typeof merchantOrderNo === 'string' &&
        tokens.matches(caller.token, orderId(config.codepay.merchantNo, merchantOrderNo));
      return isTheirs ? null : nothingHere();
    }
    const isFor = kinds.includes(caller.kind) && isInScope(request, caller, writing);
    return isFor ? null : new DomainError('forbidden', 'This credential may not do that.');
  };
}

const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

function isInScope(
  request: Request,
  { kind, scopes }: Exclude<Caller, { kind: 'payer' }>,
  writing: Scope,
): boolean {
  if (READING_METHODS.has(request.method)) return scopes.includes('read');
  return scopes.includes(kind === 'operator' ? 'operate' : writing);
}

function nothingHere(): DomainError {
  return new DomainError('not_found', 'There is nothing here for this token.');
}

/** An error of the limiter comes first; otherwise what was to be said. */
function nextOr(next: NextFunction, otherwise: () => void): NextFunction {
  return (error?: unknown) => {
    if (error === undefined) otherwise();
    else next(error);
  };
}
