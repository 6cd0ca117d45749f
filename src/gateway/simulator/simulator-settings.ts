/** What the simulator does in general, as against per order. All of it can be changed while it runs. */
import type { StatusWord } from './simulator-order.js';

/**
 * CodePay does not document what it does with a number that is asked for again, so both are here for each state:
 * `same` answers as the first time (a closed order is open again), `error` refuses.
 */
export type ReusedNumberPolicy = Readonly<Record<StatusWord, 'same' | 'error'>>;

export interface SimulatorPolicies {
  readonly reusedNumber: ReusedNumberPolicy;
  /** Whether a reply's `data` is JSON text in a string or an object; CodePay does not say. */
  readonly replyData: 'text' | 'object';
  readonly callbackFormat: 'json' | 'form';
}

/** Faults of the whole gateway. */
export interface SimulatorFaults {
  /** Added to every answer. */
  readonly latencyMs: number;
  /** Share of requests that are answered with HTTP status 500, from 0 to 1. */
  readonly errorRate: number;
  /** Every connection is broken off. */
  readonly isDown: boolean;
}

export const DEFAULT_POLICIES: SimulatorPolicies = {
  reusedNumber: {
    open: 'same',
    paying: 'error',
    closed: 'same',
    paid: 'error',
    canceled: 'error',
  },
  replyData: 'text',
  callbackFormat: 'json',
};

export const NO_FAULTS: SimulatorFaults = { latencyMs: 0, errorRate: 0, isDown: false };
