import type { RequestHandler } from 'express';

const MAX_AGE_SECONDS = 600;

/**
 * Lets pages of the listed origins call a route from the browser. Nobody else gets a header, so that browsers refuse.
 * Credentials travel in the Authorization header, never in cookies.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.headers.origin;
    if (origin === undefined || !allowed.has(origin)) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id');
    const isPreflight =
      request.method === 'OPTIONS' &&
      request.headers['access-control-request-method'] !== undefined;
    if (!isPreflight) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-Request-Id');
    response.setHeader('Access-Control-Max-Age', String(MAX_AGE_SECONDS));
    response.status(204).end();
  };
}
