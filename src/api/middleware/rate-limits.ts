import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import { DomainError } from '../../domain/errors.js';
import type { Caller } from '../credentials.js';
import type { RateLimits } from '../dependencies.js';

const WINDOW_MS = 60_000;

/** Far above what a merchant needs; a stop for loops that ran away, not a quota. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  perCredential: 60_000,
  // A page asks every 2 s; this leaves room for eight of them.
  perVerifyToken: 240,
  perAddressUnauthenticated: 60,
  failedLoginsPerAddress: 10,
};

/** What all limits have in common. */
export const COMMON_LIMITS: Partial<Options> = {
  windowMs: WINDOW_MS,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  // Which proxies are trusted is configuration (TRUST_PROXY); the library would print its advice for each request.
  validate: { xForwardedForHeader: false, trustProxy: false },
  handler: (_request, _response, next) =>
    next(new DomainError('rate_limited', 'Too many requests. Wait before the next one.')),
};

/** Counts by address; only for callers without a valid credential. */
export function addressLimit(limit: number): RequestHandler {
  return rateLimit({
    ...COMMON_LIMITS,
    limit,
    identifier: 'unauthenticated',
    keyGenerator: (request) => ipKeyGenerator(request.ip ?? ''),
  });
}

/** Counts by credential: one payer's page cannot use up another's calls, nor the merchant's. */
export function credentialLimit(options: {
  readonly limits: RateLimits;
  readonly callerOf: (request: Request) => Caller;
}): RequestHandler {
  const { limits, callerOf } = options;
  return rateLimit({
    ...COMMON_LIMITS,
    identifier: 'credential',
    limit: (request) =>
      callerOf(request).kind === 'payer' ? limits.perVerifyToken : limits.perCredential,
    keyGenerator: (request) => {
      const caller = callerOf(request);
      return caller.kind === 'payer' ? caller.token : `${caller.kind}:${caller.name}`;
    },
  });
}
