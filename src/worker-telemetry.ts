/** What the Temporal SDK of the worker tells about itself: its log lines and its own metrics. */
import { DefaultLogger, Runtime, type RuntimeOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

export interface TemporalTelemetryOptions {
  readonly logger: Logger;
  readonly host: string;
  /** Where the SDK's metrics are served under /metrics; `null`: nowhere. */
  readonly metricsPort: number | null;
}

/**
 * Once per process, before anything else of the SDK is used. Its lines go the way of all others; signals are handled by
 * the process itself.
 * @throws when the port of the metrics is in use
 */
export function installTemporalTelemetry(options: TemporalTelemetryOptions): void {
  const { logger } = options;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, sdkComponent, workflowId, activityType } = (meta ?? {}) as Record<
        string,
        unknown
      >;
      logger[LEVELS[level]]({ err: error, sdkComponent, workflowId, activityType }, message);
    }),
    ...sdkMetrics(options),
  });
}

/** The SDK counts milliseconds without a unit in the name unless it is told otherwise. */
function sdkMetrics({
  host,
  metricsPort,
}: TemporalTelemetryOptions): Pick<RuntimeOptions, 'telemetryOptions'> {
  if (metricsPort === null) return {};
  const bindAddress = `${host.includes(':') ? `[${host}]` : host}:${metricsPort}`;
  return {
    telemetryOptions: {
      metrics: {
        prometheus: {
          bindAddress,
          useSecondsForDurations: true,
          unitSuffix: true,
          countersTotalSuffix: true,
        },
      },
    },
  };
}
