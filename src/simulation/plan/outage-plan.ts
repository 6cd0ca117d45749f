/** Whole parts that go away, and come back. */
import type { RandomStream } from '../kernel/random.js';

export const OUTAGE_KINDS = [
  'worker_killed',
  'all_workers_killed',
  'api_killed',
  'database_down',
  'temporal_down',
  'gateway_down',
  'namespace_lost',
] as const;
export type OutageKind = (typeof OUTAGE_KINDS)[number];

/** Times in milliseconds after the begin of the seed. */
export interface OutagePlan {
  readonly id: string;
  readonly kind: OutageKind;
  readonly afterMs: number;
  readonly forMs: number;
}

export function drawOutages(random: RandomStream, hostileMs: number): readonly OutagePlan[] {
  const count = random.pick([0, 0, 1, 2, 4, 8]);
  return Array.from({ length: count }, (_, index) => {
    const afterMs = random.integer(0, hostileMs);
    const longest = random.pick([1_000, 20_000, 90_000]);
    return {
      id: `outage:${index}`,
      // Workers die more often than anything else.
      kind: random.pick(['worker_killed', ...OUTAGE_KINDS]),
      afterMs,
      forMs: Math.min(random.integer(100, longest), hostileMs - afterMs),
    };
  });
}
