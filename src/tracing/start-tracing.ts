/** Traces, when they are wanted. This file is all that is loaded of them when they are not. */
import type { Tracing } from './tracing.js';

export interface TracingOptions {
  /** Base address of an OTLP collector over HTTP; `null`: nothing is traced. */
  readonly url: string | null;
  readonly serviceName: string;
}

/** Once per process, before its clients are made. */
export async function startTracing({ url, serviceName }: TracingOptions): Promise<Tracing | null> {
  if (url === null) return null;
  const { createTracing } = await import('./open-telemetry.js');
  return createTracing({ url, serviceName });
}
