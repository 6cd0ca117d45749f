/** Traces through OpenTelemetry 1.x, which the interceptors of Temporal's SDK are made for. */
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import { tracedFetch } from './traced-fetch.js';
import { traceRequests } from './traced-requests.js';
import type { Tracing } from './tracing.js';

/** Source: OTLP specification, OTLP/HTTP request. */
const TRACES_PATH = 'v1/traces';

/** Makes the tracing of this process and registers it for all libraries; a second one would not take effect. */
export function createTracing(options: {
  readonly url: string;
  readonly serviceName: string;
}): Tracing {
  const resource = new Resource({ 'service.name': options.serviceName });
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl(options.url) }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  const tracer = provider.getTracer('payment-orders');
  return {
    traceId: () => trace.getActiveSpan()?.spanContext().traceId ?? null,
    traceRequests: traceRequests(tracer),
    clientInterceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
    workerOptions: {
      interceptors: {
        activity: [
          (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
        ],
      },
      sinks: { exporter: makeWorkflowExporter(processor, resource) },
    },
    fetch: tracedFetch(tracer, fetch),
    stop: async (deadlineMs) => await within(deadlineMs, provider.shutdown()),
  };
}

function tracesUrl(baseUrl: string): string {
  return new URL(TRACES_PATH, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href;
}

/** A collector that is away costs traces and nothing else. */
async function within(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([late, work.catch(() => undefined)]);
  clearTimeout(timeout);
}
