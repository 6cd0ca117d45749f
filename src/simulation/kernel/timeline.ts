/** Simulated time: what happens, in order, one thing after another. */

/** Captured before anything replaces the globals. */
const realSetImmediate = setImmediate;

export interface Appointment {
  readonly atMs: number;
  readonly sequence: number;
  readonly act: () => void | Promise<void>;
  isCanceled: boolean;
}

/** @returns when every promise that can go on has gone on */
export function quiescence(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve));
}

/** Appointments by time, and by the order in which they were made where the time is the same. */
export class Timeline {
  readonly #heap: Appointment[] = [];
  #sequence = 0;
  #nowMs: number;
  /** Called after each step, when everything has come to rest. */
  afterStep: () => void = () => {};
  steps = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, act: () => void | Promise<void>): Appointment {
    const appointment = {
      atMs: Math.max(atMs, this.#nowMs),
      sequence: this.#sequence,
      act,
      isCanceled: false,
    };
    this.#sequence += 1;
    this.#push(appointment);
    return appointment;
  }

  after(delayMs: number, act: () => void | Promise<void>): Appointment {
    return this.at(this.#nowMs + Math.max(0, delayMs), act);
  }

  /** @returns when nothing is left to do before `endMs` */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      if (next.isCanceled) continue;
      this.#nowMs = next.atMs;
      this.steps += 1;
      const acting = next.act();
      if (acting !== undefined) await acting;
      await quiescence();
      this.afterStep();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.push(appointment) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < heap.length && this.#isBefore(left, least)) least = left;
      if (right < heap.length && this.#isBefore(right, least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a === undefined || b === undefined) return;
    this.#heap[left] = b;
    this.#heap[right] = a;
  }
}
