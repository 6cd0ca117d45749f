import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Request, RequestHandler } from 'express';

/** Pages, health and metrics tell nothing about an order. */
const TRACED_PATHS = /^\/v1\//;

/** A span for each request to the service's interface, under its route's template and without its address. */
export function traceRequests(tracer: Tracer): RequestHandler {
  return (request, response, next) => {
    if (!TRACED_PATHS.test(request.path)) {
      next();
      return;
    }
    const parent = callersTrace(request);
    const { method } = request;
    const attributes = { 'http.request.method': method };
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    // The line about the request is written where the trace is not active any more.
    response.locals.traceId = span.spanContext().traceId;
    response.once('close', () => {
      const route = routeTemplate(request);
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        'http.route': route,
        'http.response.status_code': response.statusCode,
      });
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), () => next());
  };
}

/** Of what a caller may send along only its trace is taken: baggage would end up in histories. */
function callersTrace(request: Request) {
  const { traceparent } = request.headers;
  return propagation.extract(ROOT_CONTEXT, { traceparent });
}

function routeTemplate(request: Request): string {
  const route: unknown = request.route;
  const path =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'unmatched';
}
