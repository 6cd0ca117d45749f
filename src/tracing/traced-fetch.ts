import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';

/**
 * A span for each HTTP call, until the head of the reply. Neither the address's path and query nor any header or body
 * is told, and of an error only its name: messages of network errors may hold what was sent.
 */
export function tracedFetch(tracer: Tracer, send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const { hostname, port } = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const attributes = {
      'http.request.method': method,
      'server.address': hostname,
      ...(port === '' ? {} : { 'server.port': Number(port) }),
    };
    return await tracer.startActiveSpan(
      method,
      { kind: SpanKind.CLIENT, attributes },
      async (span) => {
        try {
          const response = await send(input, init);
          span.setAttribute('http.response.status_code', response.status);
          if (response.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          return response;
        } catch (error) {
          span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    );
  };
}
