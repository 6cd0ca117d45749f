import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { COMMON_LIMITS, DEFAULT_RATE_LIMITS } from '../middleware/rate-limits.js';

/** Counts the logins from one address that failed: who has a token is not slowed down. @param limit a minute */
export function failedLoginLimit(
  limit = DEFAULT_RATE_LIMITS.failedLoginsPerAddress,
): RequestHandler {
  return rateLimit({
    ...COMMON_LIMITS,
    limit,
    identifier: 'login',
    skipSuccessfulRequests: true,
    keyGenerator: (request) => ipKeyGenerator(request.ip ?? ''),
  });
}
