/** The way of one process to the database: where operations are late, fail before they happen, or after. */
import { mongo } from 'mongoose';
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import { never, type SimulatedProcess } from '../kernel/simulated-process.js';
import type { Timeline } from '../kernel/timeline.js';

/** As in src/store/connection.ts: a server that is away, and a connection that stays silent. */
const SERVER_SELECTION_TIMEOUT_MS = 1_500;
const SOCKET_TIMEOUT_MS = 10_000;
/** Longer than a connection waits: what was given up may happen all the same. */
const SLOW_MS_MAX = 15_000;
const USUAL_MS_MAX = 4;
/** Every so often what was read is on its way while others write. */
const SLOW_REPLY_EVERY = 4;

export class DatabaseSession {
  readonly #timeline: Timeline;
  readonly #faults: Faults;
  readonly #outages: Outages;
  readonly #process: SimulatedProcess;
  #operations = 0;

  constructor(
    process: SimulatedProcess,
    parts: { readonly timeline: Timeline; readonly faults: Faults; readonly outages: Outages },
  ) {
    this.#process = process;
    this.#timeline = parts.timeline;
    this.#faults = parts.faults;
    this.#outages = parts.outages;
  }

  /** @param place collection and operation, for faults */
  perform<T>(place: string, effect: () => T): Promise<T> {
    const process = this.#process;
    if (!process.isAlive) return never();
    const faults = this.#faults;
    if (this.#outages.isDown('database')) {
      return this.#rejected(SERVER_SELECTION_TIMEOUT_MS, 'no server selected');
    }
    if (faults.strikes('database.failed_before', place)) {
      return this.#rejected(faults.delayMs('database.fails', 1, SOCKET_TIMEOUT_MS), 'socket');
    }
    if (faults.strikes('database.crash_before', place)) {
      process.kill();
      return never();
    }
    return this.#performed(place, effect);
  }

  #performed<T>(place: string, effect: () => T): Promise<T> {
    const faults = this.#faults;
    const isFailing = faults.strikes('database.failed_after', place);
    const isCrashing = faults.strikes('database.crash_after', place);
    const isSlow = faults.strikes('database.slow', place);
    this.#operations += 1;
    const usualMs = faults.delayMs('database', 1, USUAL_MS_MAX);
    const beforeMs = isSlow ? faults.delayMs('database.slow', 100, SLOW_MS_MAX) : usualMs;
    const isReplyApart = isFailing || this.#operations % SLOW_REPLY_EVERY === 0;
    return new Promise<T>((resolve, reject) => {
      if (beforeMs > SOCKET_TIMEOUT_MS) {
        this.#timeline.after(SOCKET_TIMEOUT_MS, () => {
          if (this.#process.isAlive) reject(new mongo.MongoNetworkError('socket'));
        });
      }
      this.#timeline.after(beforeMs, () => {
        const outcome = outcomeOf(effect);
        if (isCrashing) this.#process.kill();
        const reply = () => {
          if (!this.#process.isAlive) return;
          if (isFailing) reject(new mongo.MongoNetworkError('the reply was lost'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        };
        if (isReplyApart) this.#timeline.after(isFailing ? SOCKET_TIMEOUT_MS : usualMs, reply);
        else reply();
      });
    });
  }

  #rejected<T>(delayMs: number, message: string): Promise<T> {
    return new Promise<T>((_resolve, reject) => {
      this.#timeline.after(delayMs, () => {
        if (this.#process.isAlive) reject(new mongo.MongoNetworkError(message));
      });
    });
  }
}

function outcomeOf<T>(effect: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: effect() };
  } catch (error) {
    return { error };
  }
}
