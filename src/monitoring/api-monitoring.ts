/** What an API process does for monitoring beside its requests: counts callbacks, and looks for a worker. */
import type { Logger } from 'pino';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { StatisticsStore } from '../store/statistics-store.js';
import { MinuteRecorder } from './minute-recorder.js';
import { countCallbacks, newProcessId } from './process-counts.js';
import { createWorkerWatch } from './worker-watch.js';

export interface ApiMonitoring {
  readonly observeCallback: (result: string) => void;
  /** Writes what was counted; never throws. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

export function startApiMonitoring(options: {
  readonly statistics: StatisticsStore;
  readonly anomalies: AnomalyStore;
  readonly isWorkerPolling: () => Promise<boolean>;
  readonly logger: Logger;
}): ApiMonitoring {
  const { statistics, anomalies, isWorkerPolling, logger } = options;
  const now = Date.now;
  const recorder = new MinuteRecorder({
    store: statistics,
    processId: newProcessId(),
    now,
    logger,
  });
  const workerWatch = createWorkerWatch({ isWorkerPolling, anomalies, now, logger });
  recorder.start();
  workerWatch.start();
  return {
    observeCallback: countCallbacks(recorder),
    stop: async (deadlineMs) => {
      workerWatch.stop();
      await recorder.stop(deadlineMs);
    },
  };
}
