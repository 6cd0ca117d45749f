/** The simulator's memory over restarts: one JSON file, replaced whole. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CallbackJob } from './simulator-callbacks.js';
import { type SimulatedOrder, statusWord } from './simulator-order.js';
import type { SimulatedRefund } from './simulator-refund.js';
import type { ScenarioChoice } from './simulator-scenarios.js';
import type { SimulatorPolicies } from './simulator-settings.js';

/** Everything that outlives a restart. */
export interface SimulatorState {
  readonly orders: readonly SimulatedOrder[];
  /** Missing in files of releases that knew no refunds. */
  readonly refunds?: readonly SimulatedRefund[];
  readonly choices: readonly (readonly [string, ScenarioChoice])[];
  readonly callbacks: readonly CallbackJob[];
  readonly policies: SimulatorPolicies;
}

/** Orders that are over, beyond these newest ones, do not outlive a restart: the file stays small. */
const FINISHED_KEPT_MAX = 2_000;

type Numbered = Required<Pick<SimulatorState, 'orders' | 'refunds' | 'choices'>>;

/** What outlives a restart of all that belongs to orders. @param all its orders oldest first */
export function keptState(all: Numbered): Numbered {
  const orders = all.orders.filter((order, index) => {
    const isRecent = index >= all.orders.length - FINISHED_KEPT_MAX;
    return isRecent || statusWord(order) === 'open' || statusWord(order) === 'paying';
  });
  const numbers = new Set(orders.map((order) => order.merchantOrderNo));
  const refunds = all.refunds.filter((refund) => numbers.has(refund.merchantOrderNo));
  for (const { refundNo } of refunds) numbers.add(refundNo);
  return { orders, refunds, choices: all.choices.filter(([number]) => numbers.has(number)) };
}

/** Bursts of changes are written once. */
const WRITE_DELAY_MS = 200;

const FORMAT_VERSION = 1;

export class SimulatorStateFile {
  readonly #folder: string;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;

  /** @param folder made when it is not there */
  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  /** What was kept; `null` when there is nothing, or nothing that this version can read. */
  read(): SimulatorState | null {
    let text: string;
    try {
      text = readFileSync(this.#path(), 'utf8');
    } catch {
      return null;
    }
    try {
      const { version, state } = JSON.parse(text);
      if (version === FORMAT_VERSION) return state;
      this.#logger.warn('the state file is of another version: starting empty');
    } catch {
      this.#logger.warn('the state file cannot be read: starting empty');
    }
    return null;
  }

  /** Writes soon. @param snapshot asked when it is written */
  schedule(snapshot: () => SimulatorState): void {
    this.#timer ??= setTimeout(() => this.flush(snapshot), WRITE_DELAY_MS);
  }

  /** Writes now, through a second file: a crash leaves the old state or the new one. */
  flush(snapshot: () => SimulatorState): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      mkdirSync(this.#folder, { recursive: true });
      const next = `${this.#path()}.next`;
      writeFileSync(next, JSON.stringify({ version: FORMAT_VERSION, state: snapshot() }));
      renameSync(next, this.#path());
    } catch (error) {
      this.#logger.error({ err: error }, 'the state file cannot be written');
    }
  }

  #path(): string {
    return join(this.#folder, 'state.json');
  }
}
