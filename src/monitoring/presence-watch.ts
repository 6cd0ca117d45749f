/** Whether a part is there at all that nobody else would miss: its absence is raised, its return heals. */
import type { Logger } from 'pino';
import type { AnomalyKind } from '../domain/audit.js';
import type { WatchVerdict } from '../domain/watch-verdict.js';
import type { AnomalyStore } from '../store/anomaly-store.js';

const LOOK_INTERVAL_MS = 15_000;

/** What all watches of a process share. */
export interface WatchSurroundings {
  readonly anomalies: Pick<AnomalyStore, 'raiseLasting' | 'heal'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

export interface PresenceWatchOptions extends WatchSurroundings {
  readonly kind: AnomalyKind;
  readonly subject: string;
  /** Throws when it cannot be known: then nothing is raised or healed, and waiting begins anew. */
  readonly isPresent: () => Promise<boolean>;
  /** @param absentForMs by looks without a gap; `null` when it was just seen */
  readonly judge: (absentForMs: number | null) => WatchVerdict | Promise<WatchVerdict>;
}

export interface PresenceWatch {
  /** Looks once; never throws. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
}

/**
 * Several processes may look: the store opens one anomaly. While Temporal or MongoDB does not answer nothing is raised
 * here; their own absence is told by the readiness of the process.
 */
export function createPresenceWatch(options: PresenceWatchOptions): PresenceWatch {
  const { kind, subject, isPresent, judge, anomalies, now, logger } = options;
  let absentSinceMs: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;

  async function lookOnce(): Promise<void> {
    const nowMs = now();
    const at = new Date(nowMs).toISOString();
    const isSeen = await isPresent().catch(() => null);
    if (isSeen === null) {
      absentSinceMs = null;
      return;
    }
    absentSinceMs = isSeen ? null : (absentSinceMs ?? nowMs);
    const verdict = await judge(absentSinceMs === null ? null : nowMs - absentSinceMs);
    if (verdict.verdict === 'heal') await anomalies.heal(subject, [kind], at);
    if (verdict.verdict === 'raise') {
      await anomalies.raiseLasting(subject, { kind, at, detail: verdict.detail });
    }
  }

  async function look(): Promise<void> {
    // A look that waits for a part that is away is enough: more of them would wait beside it.
    if (isLooking) return;
    isLooking = true;
    try {
      await lookOnce();
    } catch (error) {
      logger.warn(
        { event: `${subject}_watch.failed`, err: error },
        `the ${subject} is not watched`,
      );
    } finally {
      isLooking = false;
    }
  }

  return {
    look,
    start: () => {
      timer ??= setInterval(() => void look(), LOOK_INTERVAL_MS);
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}
