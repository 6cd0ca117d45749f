/**
 * Whether a worker runs at all. The API's processes look, because the sweep cannot: without a worker there is no sweep.
 */
import type { Logger } from 'pino';
import { workerVerdict } from '../domain/watch-rules.js';
import type { AnomalyStore } from '../store/anomaly-store.js';

const LOOK_INTERVAL_MS = 15_000;
const SUBJECT = 'worker';

export interface WorkerWatchOptions {
  /** Throws when it cannot be known. */
  readonly isWorkerPolling: () => Promise<boolean>;
  readonly anomalies: Pick<AnomalyStore, 'raiseLasting' | 'heal'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
  readonly intervalMs?: number;
}

export interface WorkerWatch {
  /** Looks once; never throws. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
}

/**
 * Several processes may look: the store opens one anomaly. While Temporal or MongoDB does not answer nothing is raised
 * here; their own absence is told by the readiness of the process.
 */
export function createWorkerWatch(options: WorkerWatchOptions): WorkerWatch {
  const { isWorkerPolling, anomalies, now, logger, intervalMs = LOOK_INTERVAL_MS } = options;
  let absentSinceMs: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;

  async function lookOnce(): Promise<void> {
    const nowMs = now();
    const at = new Date(nowMs).toISOString();
    const isPolling = await isWorkerPolling().catch(() => null);
    if (isPolling === null) {
      absentSinceMs = null;
      return;
    }
    absentSinceMs = isPolling ? null : (absentSinceMs ?? nowMs);
    const verdict = workerVerdict(absentSinceMs === null ? null : nowMs - absentSinceMs);
    if (verdict.verdict === 'heal') await anomalies.heal(SUBJECT, ['no_worker'], at);
    if (verdict.verdict === 'raise') {
      await anomalies.raiseLasting(SUBJECT, { kind: 'no_worker', at, detail: verdict.detail });
    }
  }

  async function look(): Promise<void> {
    // A look that waits for a part that is away is enough: more of them would wait beside it.
    if (isLooking) return;
    isLooking = true;
    try {
      await lookOnce();
    } catch (error) {
      logger.warn({ event: 'worker_watch.failed', err: error }, 'the state of workers is not told');
    } finally {
      isLooking = false;
    }
  }

  return {
    look,
    start: () => {
      timer ??= setInterval(() => void look(), intervalMs);
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}
