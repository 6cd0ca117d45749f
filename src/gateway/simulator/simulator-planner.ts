/** What will happen to orders by itself, and when. */
import type { PlannedAction, SimulatedOrder } from './simulator-order.js';
import type { Behaviour } from './simulator-scenarios.js';

/** Longer waits overflow Node's timers: they are taken in parts. */
const WAIT_MAX_MS = 2 ** 31 - 1;

/** What the scenario and the expiry bring for an order that has just been opened. Pure. */
export function plannedActions(
  order: Pick<SimulatedOrder, 'attempt' | 'expiresAtMs'>,
  behaviour: Behaviour,
  nowMs: number,
): readonly PlannedAction[] {
  const atMs = nowMs + behaviour.payAfterMs;
  const planned: PlannedAction[] = [];
  const isFirst = order.attempt === 1;
  const declines = behaviour.payer === 'declines' || behaviour.payer === 'declines_then_pays';
  const pays =
    behaviour.payer === 'pays' ||
    behaviour.payer === 'pays_twice' ||
    (behaviour.payer === 'declines_then_pays' && !isFirst);
  if (pays && behaviour.payingMs > 0) planned.push({ atMs, action: 'begin_paying' });
  if (pays) planned.push({ atMs: atMs + behaviour.payingMs, action: 'pay' });
  if (declines && isFirst) planned.push({ atMs, action: 'decline' });
  if (behaviour.callback === 'forged' || behaviour.callback === 'unsigned') {
    planned.push({ atMs, action: 'send_false_callback' });
  }
  if (order.expiresAtMs !== null) planned.push({ atMs: order.expiresAtMs, action: 'expire' });
  return planned.sort((left, right) => left.atMs - right.atMs);
}

/** Wakes up when the earliest planned action of an order, or of a refund, is due. */
export class SimulatorPlanner {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #now: () => number;
  readonly #onDue: (merchantOrderNo: string) => void;

  constructor(now: () => number, onDue: (merchantOrderNo: string) => void) {
    this.#now = now;
    this.#onDue = onDue;
  }

  /** @param subject an order, or a refund under its own number; the earliest action comes first */
  arm(subject: {
    readonly merchantOrderNo: string;
    readonly planned: readonly Pick<PlannedAction, 'atMs'>[];
  }): void {
    const { merchantOrderNo, planned } = subject;
    clearTimeout(this.#timers.get(merchantOrderNo));
    this.#timers.delete(merchantOrderNo);
    const [next] = planned;
    if (next === undefined) return;
    const waitMs = Math.min(Math.max(0, next.atMs - this.#now()), WAIT_MAX_MS);
    this.#timers.set(
      merchantOrderNo,
      setTimeout(() => this.#onDue(merchantOrderNo), waitMs),
    );
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
