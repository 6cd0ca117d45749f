/** Times in which a whole part is away. */
import type { Timeline } from './timeline.js';

export type OutagePart = 'database' | 'temporal' | 'gateway';

export class Outages {
  readonly #timeline: Timeline;
  readonly #untilMs = new Map<OutagePart, number>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  begin(part: OutagePart, untilMs: number): void {
    this.#untilMs.set(part, Math.max(untilMs, this.#untilMs.get(part) ?? 0));
  }

  isDown(part: OutagePart): boolean {
    return (this.#untilMs.get(part) ?? 0) > this.#timeline.nowMs;
  }

  /** Now, or when the part is back (epoch ms). */
  backAtMs(part: OutagePart): number {
    return Math.max(this.#timeline.nowMs, this.#untilMs.get(part) ?? 0);
  }
}
