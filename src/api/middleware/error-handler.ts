import type { ErrorRequestHandler, RequestHandler } from 'express';
import { DomainError } from '../../domain/errors.js';
import { asDomainError, problemFor } from '../problem.js';
import { PROBLEM_KINDS } from '../problem-kinds.js';
import { requestIdOf } from './request-log.js';

/** Nothing answers at this address. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new DomainError('not_found', 'There is nothing at this address.'));
};

/** The one place where errors become answers. What is not expected is told to the log only. */
export function errorHandler(publicUrl: string): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const known = asDomainError(error);
    const kind = PROBLEM_KINDS[known.code];
    response.locals.problemCode = known.code;
    if (kind.status >= 500) response.err = known;
    if (response.headersSent) {
      next(error);
      return;
    }
    if (kind.status === 401)
      response.setHeader('WWW-Authenticate', 'Bearer realm="payment-orders"');
    if (kind.retryAfterSeconds !== undefined && !response.hasHeader('Retry-After')) {
      response.setHeader('Retry-After', String(kind.retryAfterSeconds));
    }
    const [path = ''] = request.originalUrl.split('?', 1);
    response
      .status(kind.status)
      .setHeader('Cache-Control', 'no-store')
      .type('application/problem+json')
      .send(
        JSON.stringify(problemFor(known, { publicUrl, requestId: requestIdOf(request), path })),
      );
  };
}
