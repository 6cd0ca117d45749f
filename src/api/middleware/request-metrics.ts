import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../../metrics.js';

/** Measures each request under its route's template, so that the labels have few values. */
export function requestMetrics(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('finish', () => {
      // How long a stream was listened to is no measure of the service.
      if (response.getHeader('Content-Type') === 'text/event-stream') return;
      metrics.httpRequestDuration.observe(
        {
          http_request_method: request.method,
          http_route: routeTemplate(request),
          http_response_status_code: response.statusCode,
        },
        Number(process.hrtime.bigint() - startedAt) / 1e9,
      );
    });
    next();
  };
}

/** Routes are declared with their full path, but for the console's: what is below it has two. */
function routeTemplate(request: Request): string {
  const route: unknown = request.route;
  const path =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  if (typeof path !== 'string') return 'unmatched';
  return request.originalUrl.startsWith('/console/') ? `/console${path}` : path;
}
