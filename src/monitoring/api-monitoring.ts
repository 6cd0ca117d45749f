/** What an API process does for monitoring beside its requests: counts callbacks, and looks for a worker and the sweep. */
import type { Logger } from 'pino';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { StatisticsStore } from '../store/statistics-store.js';
import { MinuteRecorder } from './minute-recorder.js';
import { countCallbacks, newProcessId } from './process-counts.js';
import { createSweepWatch, createWorkerWatch, type ServicePresence } from './service-watches.js';

export interface ApiMonitoring {
  readonly observeCallback: (result: string) => void;
  /** Writes what was counted; never throws. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

export function startApiMonitoring(options: {
  readonly statistics: StatisticsStore;
  readonly anomalies: AnomalyStore;
  readonly presence: ServicePresence;
  readonly logger: Logger;
}): ApiMonitoring {
  const { statistics, anomalies, presence, logger } = options;
  const now = Date.now;
  const recorder = new MinuteRecorder({
    store: statistics,
    processId: newProcessId(),
    now,
    logger,
  });
  const watching = { ...presence, anomalies, now, logger };
  const watches = [createWorkerWatch(watching), createSweepWatch(watching)];
  recorder.start();
  for (const watch of watches) watch.start();
  return {
    observeCallback: countCallbacks(recorder),
    stop: async (deadlineMs) => {
      for (const watch of watches) watch.stop();
      await recorder.stop(deadlineMs);
    },
  };
}
