/** Callbacks as CodePay sends them: again and again until they are acknowledged, every attempt kept. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { CALLBACK_ACKNOWLEDGEMENT } from '../codepay/codepay-wire.js';

const MINUTE_MS = 60_000;

/** Gaps between the 15 attempts. Source: PayCloud, transaction result notification. */
export const RETRY_GAPS_MS: readonly number[] = [
  5_000,
  10_000,
  15_000,
  30_000,
  MINUTE_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  180 * MINUTE_MS,
  180 * MINUTE_MS,
  180 * MINUTE_MS,
];

/** An acknowledgement after this is none. Source: CodePay, callback notification notes. */
const ACKNOWLEDGE_TIMEOUT_MS = 5_000;

const SHOWN_LENGTH_MAX = 200;

/** More are forgotten, oldest first. */
const CALLBACKS_MAX = 2_000;

export interface CallbackAttempt {
  readonly atMs: number;
  readonly durationMs: number;
  /** HTTP status of the answer; `null` when there was none. */
  readonly status: number | null;
  /** The answer's body, or why there was none; cut. */
  readonly answer: string;
  readonly isAcknowledged: boolean;
}

export interface CallbackJob {
  readonly id: string;
  readonly merchantOrderNo: string | null;
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  /** What it is, for the people who look at it. */
  readonly label: string;
  readonly createdAtMs: number;
  readonly isRepeated: boolean;
  readonly attempts: readonly CallbackAttempt[];
  /** One attempt was acknowledged. */
  readonly delivered: boolean;
  /** When it is sent next; `null` when it was acknowledged or given up. */
  readonly nextAtMs: number | null;
}

export interface NewCallback
  extends Pick<CallbackJob, 'merchantOrderNo' | 'url' | 'contentType' | 'body' | 'label'> {
  readonly delayMs: number;
  /** Sent until it is acknowledged, or once. */
  readonly isRepeated: boolean;
}

export interface CallbackSenderOptions {
  readonly now: () => number;
  readonly logger: Logger;
  /** The retry gaps are multiplied by it: 0.001 makes seconds milliseconds. */
  readonly timeScale: number;
  readonly onChange: () => void;
  readonly onRecord: (record: { readonly callback: CallbackJob }) => void;
}

/** Sends callbacks by the retry schedule. */
export class CallbackSender {
  readonly #options: CallbackSenderOptions;
  readonly #jobs = new Map<string, CallbackJob>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #closing = new AbortController();

  constructor(options: CallbackSenderOptions) {
    this.#options = options;
  }

  /** All callbacks, newest first. */
  list(): readonly CallbackJob[] {
    return [...this.#jobs.values()].reverse();
  }

  send({ delayMs, ...callback }: NewCallback): CallbackJob {
    const createdAtMs = this.#options.now();
    const job = { ...callback, id: randomUUID(), createdAtMs, attempts: [], delivered: false };
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size >= CALLBACKS_MAX && oldest !== undefined) this.#forget(oldest);
    return this.#keep({ ...job, nextAtMs: createdAtMs + delayMs });
  }

  /** Takes up what was there before a restart. */
  restore(jobs: readonly CallbackJob[]): void {
    for (const job of [...jobs].reverse()) this.#keep(job);
  }

  clear(): void {
    for (const id of [...this.#jobs.keys()]) this.#forget(id);
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#jobs.delete(id);
  }

  #keep(job: CallbackJob): CallbackJob {
    this.#jobs.set(job.id, job);
    this.#options.onRecord({ callback: job });
    clearTimeout(this.#timers.get(job.id));
    this.#timers.delete(job.id);
    if (job.nextAtMs !== null && !this.#closing.signal.aborted) {
      const waitMs = Math.max(0, job.nextAtMs - this.#options.now());
      this.#timers.set(
        job.id,
        setTimeout(() => void this.#attempt(job), waitMs),
      );
    }
    this.#options.onChange();
    return job;
  }

  async #attempt(job: CallbackJob): Promise<void> {
    const startedAtMs = this.#options.now();
    const result = await this.#post(job);
    if (!this.#jobs.has(job.id) || this.#closing.signal.aborted) return;
    const durationMs = this.#options.now() - startedAtMs;
    const attempts = [...job.attempts, { atMs: startedAtMs, durationMs, ...result }];
    const gapMs = job.isRepeated ? RETRY_GAPS_MS[attempts.length - 1] : undefined;
    const nextAtMs =
      result.isAcknowledged || gapMs === undefined
        ? null
        : this.#options.now() + gapMs * this.#options.timeScale;
    this.#keep({ ...job, attempts, delivered: result.isAcknowledged, nextAtMs });
    this.#options.logger.info(
      {
        merchantOrderNo: job.merchantOrderNo,
        label: job.label,
        attempt: attempts.length,
        status: result.status,
        isAcknowledged: result.isAcknowledged,
        durationMs,
      },
      'callback sent',
    );
  }

  async #post(job: CallbackJob): Promise<Omit<CallbackAttempt, 'atMs' | 'durationMs'>> {
    const timeout = AbortSignal.timeout(ACKNOWLEDGE_TIMEOUT_MS);
    try {
      const response = await fetch(job.url, {
        method: 'POST',
        headers: { 'content-type': job.contentType },
        body: job.body,
        redirect: 'manual',
        signal: AbortSignal.any([timeout, this.#closing.signal]),
      });
      const text = await response.text();
      return {
        status: response.status,
        answer: text.slice(0, SHOWN_LENGTH_MAX),
        isAcknowledged: response.status === 200 && text === CALLBACK_ACKNOWLEDGEMENT,
      };
    } catch {
      const answer = timeout.aborted ? 'no answer within 5 s' : 'not reachable';
      return { status: null, answer, isAcknowledged: false };
    }
  }
}
