/** Looks at something now and then while somebody wants to know, and tells each of them what is new to them. */

/** @returns false when it could not be told: it is told at the next look, as it stands then */
export type Tell<T> = (value: T) => boolean;

export interface WatchOptions<T> {
  /** A failure, and `null`, are no news: the next look may succeed. */
  readonly read: () => Promise<T | null>;
  /** What is the same in two values that are no news to each other. */
  readonly markOf: (value: T) => string;
  /** Between the end of a look and the next. */
  readonly intervalMs: number;
}

/** One look at a time for all who follow. */
export class Watch<T> {
  readonly #options: WatchOptions<T>;
  /** What each follower was told last. */
  readonly #marks = new Map<Tell<T>, string>();
  #isRunning = false;

  constructor(options: WatchOptions<T>) {
    this.#options = options;
  }

  /**
   * @param first what was told already
   * @returns ends it
   */
  follow(tell: Tell<T>, first: T): () => void {
    this.#marks.set(tell, this.#options.markOf(first));
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#lookLater();
    }
    return () => this.#marks.delete(tell);
  }

  get isFollowed(): boolean {
    return this.#marks.size > 0;
  }

  #lookLater(): void {
    // Nobody is waited for when the process stops.
    setTimeout(() => void this.#look(), this.#options.intervalMs).unref();
  }

  async #look(): Promise<void> {
    if (!this.isFollowed) {
      this.#isRunning = false;
      return;
    }
    const { read, markOf } = this.#options;
    const value = await read().catch(() => null);
    if (value !== null) {
      const mark = markOf(value);
      for (const [tell, told] of [...this.#marks]) {
        if (told !== mark && this.#marks.has(tell) && tell(value)) this.#marks.set(tell, mark);
      }
    }
    this.#lookLater();
  }
}
