/** What goes wrong, and where: drawn from the seed, each with a name by which it can be left out. */
import { chanceAt, RandomStream } from './random.js';

/** Each is one way in which one edge fails. Printed names. */
export const FAULT_KINDS = [
  'database.failed_before',
  'database.failed_after',
  'database.slow',
  'database.crash_before',
  'database.crash_after',
  'temporal.request_lost',
  'temporal.reply_lost',
  'temporal.unavailable',
  'temporal.slow',
  'temporal.task_report_lost',
  'temporal.timer_late',
  'temporal.evicted',
  'activity.result_lost',
  'activity.late_start',
  'activity.crash_before_report',
  'gateway.request_lost',
  'gateway.reply_lost',
  'gateway.request_late',
  'gateway.slow_reply',
  'gateway.unsigned',
  'gateway.error_code',
  'gateway.refused_after_effect',
  'gateway.old_replica',
  'gateway.lie_amount',
  'gateway.lie_not_found',
  'gateway.lie_closed',
  'gateway.lie_paid',
  'callback.lost',
  'callback.late',
  'callback.repeated',
  'callback.resealed',
  'callback.lie_amount',
  'callback.not_understood',
  'callback.other_merchant',
  'callback.ack_lost',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const EVERYDAY: ReadonlySet<FaultKind> = new Set(['temporal.evicted', 'temporal.timer_late']);

export type FaultMix = Readonly<Partial<Record<FaultKind, number>>>;

export interface StruckFault {
  /** `<kind>/<place>#<n>`: the nth time that this place could fail. */
  readonly id: string;
  readonly kind: FaultKind;
  readonly atMs: number;
}

export interface FaultOptions {
  readonly seed: number;
  /** Probability of each kind at each place. */
  readonly mix: FaultMix;
  /** The most that strike in one seed; what every day brings anyway does not count. */
  readonly max: number;
  /** Only these may strike; `null` for all. */
  readonly kept: ReadonlySet<string> | null;
  readonly nowMs: () => number;
}

/** Decides at every place of every edge. The same place of the same seed always gives the same answer. */
export class Faults {
  readonly struck: StruckFault[] = [];
  readonly #options: FaultOptions;
  readonly #visits = new Map<string, number>();
  readonly #delays = new Map<string, RandomStream>();
  #hasEnded = false;
  #counted = 0;

  constructor(options: FaultOptions) {
    this.#options = options;
  }

  /** @param place what could fail here, such as `orders.updateOne` */
  strikes(kind: FaultKind, place: string): boolean {
    const { mix, seed, kept, max, nowMs } = this.#options;
    const probability = mix[kind] ?? 0;
    if (probability === 0) return false;
    const site = `${kind}/${place}`;
    const visit = this.#visits.get(site) ?? 0;
    this.#visits.set(site, visit + 1);
    const isCounted = !EVERYDAY.has(kind);
    if (this.#hasEnded || (isCounted && this.#counted >= max)) return false;
    const id = `${site}#${visit}`;
    if (chanceAt(seed, id) >= probability) return false;
    if (kept !== null && !kept.has(id)) return false;
    if (isCounted) this.#counted += 1;
    this.struck.push({ id, kind, atMs: nowMs() });
    return true;
  }

  /** A delay in milliseconds, both ends included. */
  delayMs(place: string, minMs: number, maxMs: number): number {
    let stream = this.#delays.get(place);
    if (stream === undefined) {
      stream = new RandomStream(this.#options.seed, `delay/${place}`);
      this.#delays.set(place, stream);
    }
    return stream.integer(minMs, maxMs);
  }

  /** From now on nothing fails: everything has time to heal. */
  end(): void {
    this.#hasEnded = true;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }
}
