import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../../metrics.js';

/** Measures each request under its route's template, so that the labels have few values. */
export function requestMetrics(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('finish', () => {
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

/** Routes are declared with their full path, so the route alone is the template. */
function routeTemplate(request: Request): string {
  const route: unknown = request.route;
  const path =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'unmatched';
}
