import type { Logger } from 'pino';
import { withDeadline } from './deadline.js';

/** Beyond this the work is left to whoever sweeps: memory stays bounded while Temporal is away. */
const RUNNING_MAX = 1_000;

/** Work that goes on after a request was answered. Failures are logged and never reach the request. */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Starts work. @returns false when too much is running already and the work was not started */
  run(event: string, fields: object, work: () => Promise<unknown>): boolean {
    if (this.#running.size >= RUNNING_MAX) return false;
    const task = Promise.resolve()
      .then(work)
      .then(
        () => undefined,
        (error: unknown) => {
          this.#logger.warn({ ...fields, event, err: error }, `${event} failed`);
        },
      )
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
    return true;
  }

  /** Waits until nothing is running, at most for the time given. */
  async settle(deadlineMs: number): Promise<void> {
    await withDeadline(Promise.all([...this.#running]), deadlineMs, 'background tasks').catch(
      (error: unknown) => this.#logger.warn({ err: error }, 'background tasks were cut off'),
    );
  }
}
