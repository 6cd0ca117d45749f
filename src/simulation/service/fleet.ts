/** The service's processes: killed, and started again by whoever watches over them. */
import { SimulatedProcess } from '../kernel/simulated-process.js';
import type { SimulatedWorker } from '../temporal/simulated-worker.js';
import { ApiProcess } from './api-process.js';
import type { Surroundings } from './service-parts.js';
import { startWorker } from './worker-process.js';

const RESTART_MS_MIN = 500;
const RESTART_MS_MAX = 15_000;

interface Slot {
  readonly name: string;
  lives: number;
  process: SimulatedProcess;
  /** Not started again before this (epoch ms). */
  heldUntilMs: number;
}

export class Fleet {
  readonly #around: Surroundings;
  readonly #clockSkewMsMax: number;
  readonly #workerSlots: Slot[] = [];
  readonly #apiSlots: Slot[] = [];
  readonly #apis = new Map<string, ApiProcess>();
  readonly #workers = new Map<string, SimulatedWorker>();
  kills = 0;

  constructor(
    around: Surroundings,
    size: { readonly workers: number; readonly apis: number; readonly clockSkewMsMax: number },
  ) {
    this.#around = around;
    this.#clockSkewMsMax = size.clockSkewMsMax;
    for (let index = 0; index < size.workers; index += 1) {
      this.#workerSlots.push(this.#started(`worker${index}`, 'worker'));
    }
    for (let index = 0; index < size.apis; index += 1) {
      this.#apiSlots.push(this.#started(`api${index}`, 'api'));
    }
  }

  /** Any API process that is there; a balancer sees which are. */
  api(): ApiProcess | null {
    const alive = [...this.#apis.values()].filter(({ isAlive }) => isAlive);
    if (alive.length === 0) return null;
    return alive[this.#around.faults.delayMs('balancer', 0, alive.length - 1)] ?? null;
  }

  /** What a workflow's run says of itself; `undefined` when no worker has it in memory. */
  query(runId: string, name: string): unknown {
    for (const worker of this.#workers.values()) {
      const answer = worker.isAlive ? worker.query(runId, name) : undefined;
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  kill(kind: 'worker' | 'api', index: number, forMs: number): void {
    const slots = kind === 'worker' ? this.#workerSlots : this.#apiSlots;
    const slot = slots[index % slots.length];
    if (slot === undefined) return;
    slot.heldUntilMs = Math.max(slot.heldUntilMs, this.#around.timeline.nowMs + forMs);
    slot.process.kill();
  }

  killAll(kind: 'worker' | 'api', forMs: number): void {
    const { length } = kind === 'worker' ? this.#workerSlots : this.#apiSlots;
    for (let index = 0; index < length; index += 1) this.kill(kind, index, forMs);
  }

  #started(name: string, kind: 'worker' | 'api'): Slot {
    const slot: Slot = { name, lives: 0, process: new SimulatedProcess(name, 0), heldUntilMs: 0 };
    this.#start(slot, kind);
    return slot;
  }

  #start(slot: Slot, kind: 'worker' | 'api'): void {
    const { faults, timeline } = this.#around;
    const skewMs = faults.delayMs(`skew/${slot.name}`, -this.#clockSkewMsMax, this.#clockSkewMsMax);
    const process = new SimulatedProcess(`${slot.name}.${slot.lives}`, skewMs);
    slot.lives += 1;
    slot.process = process;
    process.onDeath = () => {
      this.kills += 1;
      const restartMs = faults.delayMs('restart', RESTART_MS_MIN, RESTART_MS_MAX);
      const atMs = Math.max(timeline.nowMs + restartMs, slot.heldUntilMs);
      timeline.at(atMs, () => this.#start(slot, kind));
    };
    if (kind === 'worker') this.#workers.set(slot.name, startWorker(process, this.#around));
    else this.#apis.set(slot.name, new ApiProcess(process, this.#around));
  }
}
