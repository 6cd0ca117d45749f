/** What one process counts, minute by minute, and writes for the charts and the watch. Nothing decides by it. */
import type { Logger } from 'pino';
import {
  countDuration,
  emptyStatistics,
  type MinuteStatistics,
  minuteOf,
  type TruthSource,
} from '../domain/statistics.js';
import type { StatisticsStore } from '../store/statistics-store.js';

const FLUSH_INTERVAL_MS = 5_000;
/** What is kept while MongoDB is away; what is older is lost. */
const MINUTES_KEPT_MAX = 60;

export interface MinuteRecorderOptions {
  readonly store: Pick<StatisticsStore, 'write'>;
  /** Of this process and this start of it: a restart within the minute must not replace what was counted before. */
  readonly processId: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly flushIntervalMs?: number;
}

/** Counts in memory and writes every few seconds. No method throws: without MongoDB only monitoring is lost. */
export class MinuteRecorder {
  readonly #options: MinuteRecorderOptions;
  /** Minutes with counts that are not written yet, and the current one. */
  readonly #minutes = new Map<string, { counts: MinuteStatistics; isWritten: boolean }>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  #isFailing = false;

  constructor(options: MinuteRecorderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(
      () => void this.flush(),
      this.#options.flushIntervalMs ?? FLUSH_INTERVAL_MS,
    );
  }

  /** Writes what is left. @param deadlineMs the process does not wait longer for MongoDB */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([late, this.flush()]);
    clearTimeout(timeout);
  }

  orderCreated(): void {
    this.#count((counts) => ({ ...counts, ordersCreated: counts.ordersCreated + 1 }));
  }

  orderCanceled(): void {
    this.#count((counts) => ({ ...counts, ordersCanceled: counts.ordersCanceled + 1 }));
  }

  /** @param timeToTruthMs from the order's creation to the proof */
  orderPaid(source: TruthSource, timeToTruthMs: number): void {
    this.#count((counts) => ({
      ...counts,
      ordersPaid: { ...counts.ordersPaid, [source]: counts.ordersPaid[source] + 1 },
      timeToTruth: countDuration(counts.timeToTruth, timeToTruthMs),
    }));
  }

  gatewayCalled(isAnswered: boolean, durationMs: number): void {
    this.#count((counts) => ({
      ...counts,
      gatewayCalls: counts.gatewayCalls + 1,
      gatewayAnswered: counts.gatewayAnswered + (isAnswered ? 1 : 0),
      gatewayDuration: countDuration(counts.gatewayDuration, durationMs),
    }));
  }

  callbackAccepted(): void {
    this.#count((counts) => ({ ...counts, callbacksAccepted: counts.callbacksAccepted + 1 }));
  }

  callbackRefused(isSignatureFailure: boolean): void {
    this.#count((counts) => ({
      ...counts,
      callbacksRefused: counts.callbacksRefused + 1,
      signatureFailures: counts.signatureFailures + (isSignatureFailure ? 1 : 0),
    }));
  }

  /** Writes what has changed. A flush that runs is waited for, so that what was counted before the call is written. */
  async flush(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
    this.#flushing = this.#writeAll().finally(() => {
      this.#flushing = null;
    });
    await this.#flushing;
  }

  #count(change: (counts: MinuteStatistics) => MinuteStatistics): void {
    const minute = minuteOf(this.#options.now());
    const before = this.#minutes.get(minute)?.counts ?? emptyStatistics(minute);
    this.#minutes.set(minute, { counts: change(before), isWritten: false });
    for (const oldest of this.#minutes.keys()) {
      if (this.#minutes.size <= MINUTES_KEPT_MAX) break;
      this.#minutes.delete(oldest);
    }
  }

  async #writeAll(): Promise<void> {
    const { store, processId, now } = this.#options;
    try {
      for (const [minute, counted] of this.#minutes) {
        if (!counted.isWritten) await store.write(processId, counted.counts);
        counted.isWritten = true;
        const isOver = minute < minuteOf(now());
        // Counted on while it was written: there is another entry under the minute by now.
        if (isOver && this.#minutes.get(minute) === counted) this.#minutes.delete(minute);
      }
      this.#tellOutage(null);
    } catch (error) {
      this.#tellOutage(error);
    }
  }

  /** Once when it begins and once when it is over, not with every flush. */
  #tellOutage(error: unknown): void {
    const { logger } = this.#options;
    const isFailing = error !== null;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing) {
      logger.warn({ event: 'statistics.not_written', err: error }, 'statistics: trying again');
    } else {
      logger.info({ event: 'statistics.written' }, 'statistics are written again');
    }
  }
}
