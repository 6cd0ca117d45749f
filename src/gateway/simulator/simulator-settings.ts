/** What the simulator does in general, as against per order. All of it can be changed while it runs. */
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { StatusWord } from './simulator-order.js';
import type { SimulatorRecord } from './simulator-record.js';

export interface SimulatedCodePayOptions {
  readonly appId: string;
  readonly merchantNo: string;
  readonly privateKey: KeyObject;
  /** The retry gaps of callbacks are multiplied by it. */
  readonly callbackTimeScale: number;
  /** Where callbacks of sales go that name no address; `null`: where the last sale that named one wanted them. */
  readonly notifyUrl: string | null;
  readonly now: () => number;
  readonly logger: Logger;
  /** Called after every change, for whoever keeps the state. */
  readonly onChange: () => void;
  /** Takes what has changed, as it is now, before anybody is told of it. */
  readonly onRecord: (record: SimulatorRecord) => void;
}

/**
 * CodePay does not document what it does with a number that is asked for again, so both are here for each state:
 * `same` answers as the first time (a closed order is open again), `error` refuses.
 */
export type ReusedNumberPolicy = Readonly<Record<StatusWord, 'same' | 'error'>>;

export interface SimulatorPolicies {
  readonly reusedNumber: ReusedNumberPolicy;
  /** What becomes of a refund's number that is sent again with the same content. */
  readonly reusedRefundNumber: 'same' | 'error';
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
  reusedRefundNumber: 'same',
  replyData: 'text',
  callbackFormat: 'json',
};

export const NO_FAULTS: SimulatorFaults = { latencyMs: 0, errorRate: 0, isDown: false };
