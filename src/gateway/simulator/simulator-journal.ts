/**
 * The simulator's memory over a kill -9, and its whole history: one file to which every change is appended before
 * anybody is told of it. A gateway that forgets a payment proves nothing about the service that took it.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CallbackJob } from './simulator-callbacks.js';
import type { SimulatedOrder } from './simulator-order.js';
import type { SimulatorRecord } from './simulator-record.js';
import type { SimulatedRefund } from './simulator-refund.js';
import { chooseScenario, type ScenarioChoice, scenarioOfAmount } from './simulator-scenarios.js';
import { DEFAULT_POLICIES } from './simulator-settings.js';
import type { SimulatorState } from './simulator-state-file.js';

/** A line of the file. */
export type JournaledRecord = SimulatorRecord & { readonly writtenAtMs: number };

/** Callbacks that are over, beyond these newest ones, are not taken up again. */
const CALLBACKS_OVER_MAX = 1_000;

export class SimulatorJournal {
  readonly #file: string;
  #descriptor: number | null = null;

  /** @param file made when it is not there */
  constructor(file: string) {
    this.#file = file;
  }

  append(record: SimulatorRecord): void {
    this.#descriptor ??= this.#open();
    const line = { writtenAtMs: Date.now(), ...record } satisfies JournaledRecord;
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }

  /** The state that the file leads to; `null` when there is none. */
  read(): SimulatorState | null {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return null;
    }
    const state = foldJournal(journaledRecords(text));
    const over = state.callbacks.filter(({ nextAtMs }) => nextAtMs === null);
    const forgotten = new Set(over.slice(CALLBACKS_OVER_MAX).map(({ id }) => id));
    return { ...state, callbacks: state.callbacks.filter(({ id }) => !forgotten.has(id)) };
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(): number {
    mkdirSync(dirname(this.#file), { recursive: true });
    const descriptor = openSync(this.#file, 'a');
    // Ends a line that a kill has cut off; an empty one is none.
    writeSync(descriptor, '\n');
    return descriptor;
  }
}

/** The records of a journal's text, oldest first. A line that a kill has cut off was told to nobody. */
export function journaledRecords(text: string): readonly JournaledRecord[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as JournaledRecord];
    } catch {
      return [];
    }
  });
}

/** The latest of everything: orders oldest first, refunds and callbacks newest first. */
export function foldJournal(records: readonly JournaledRecord[]): SimulatorState {
  const orders = new Map<string, SimulatedOrder>();
  const refunds = new Map<string, SimulatedRefund>();
  const callbacks = new Map<string, CallbackJob>();
  const choices = new Map<string, ScenarioChoice>();
  for (const record of records) {
    if ('order' in record) {
      const { merchantOrderNo, amountMinor } = record.order;
      orders.set(merchantOrderNo, record.order);
      // What the amount chose is not written: it can be told again.
      if (!choices.has(merchantOrderNo)) {
        choices.set(merchantOrderNo, chooseScenario(scenarioOfAmount(amountMinor)));
      }
    } else if ('refund' in record) refunds.set(record.refund.refundNo, record.refund);
    else if ('callback' in record) callbacks.set(record.callback.id, record.callback);
    else choices.set(...record.choice);
  }
  return {
    orders: [...orders.values()],
    refunds: [...refunds.values()].reverse(),
    choices: [...choices],
    callbacks: [...callbacks.values()].reverse(),
    policies: DEFAULT_POLICIES,
  };
}
