import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 10_000;

/**
 * Something that has to be done once before a process is ready, such as building indexes. Tried again until it
 * succeeds, so that a process may start before the parts it needs.
 */
export class Preparation {
  readonly #stopped = new AbortController();
  #isDone = false;

  constructor(
    private readonly name: string,
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Begins; never throws. */
  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let pauseMs = PAUSE_MS_FIRST; !signal.aborted; ) {
      try {
        await this.work();
        this.#isDone = true;
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn({ event: 'preparation.failed', err: error }, `${this.name}: trying again`);
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }
}
