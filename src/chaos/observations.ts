/** What went well and what did not, with times: what recovery is measured by. */

/** Calls whose success shows that the service works for those who need it. */
export const WATCHED_CALLS = ['create', 'verify', 'callback'] as const;
export type WatchedCall = (typeof WATCHED_CALLS)[number];

export interface Observation {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly isSuccess: boolean;
}

/** So many in a row count as working again: a single one may have met the one process that was never hit. */
const UNBROKEN_MIN = 5;

export class Observations {
  readonly #byCall: Readonly<Record<WatchedCall, Observation[]>> = {
    create: [],
    verify: [],
    callback: [],
  };

  add(call: WatchedCall, observation: Observation): void {
    this.#byCall[call].push(observation);
  }

  counts(call: WatchedCall): { readonly all: number; readonly failed: number } {
    const all = this.#byCall[call];
    return { all: all.length, failed: all.filter(({ isSuccess }) => !isSuccess).length };
  }

  /**
   * When a call worked again: the first success of an unbroken row, of the calls that began after a moment.
   * @returns ms from that moment; `null` while there is no such row yet
   */
  recoveredAfterMs(call: WatchedCall, sinceMs: number): number | null {
    const later = this.#byCall[call]
      .filter(({ startedAtMs }) => startedAtMs >= sinceMs)
      .sort((left, right) => left.startedAtMs - right.startedAtMs);
    for (let index = 0; index + UNBROKEN_MIN <= later.length; index += 1) {
      const row = later.slice(index, index + UNBROKEN_MIN);
      const [first] = row;
      if (first !== undefined && row.every(({ isSuccess }) => isSuccess)) {
        return first.endedAtMs - sinceMs;
      }
    }
    return null;
  }
}
