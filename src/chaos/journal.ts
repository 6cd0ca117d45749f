/** What the load was told, written to a file before it counts: the checks read the file, not somebody's memory. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { OrderEventMessage } from '../domain/events.js';

/** When a question was sent and its answer was there, epoch ms. */
interface Exchange {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

interface OrderExchange extends Exchange {
  readonly number: string;
}

/** An order was accepted: 201, or 200 when the call was repeated. */
export interface OrderAccepted extends OrderExchange {
  readonly kind: 'order_accepted';
  readonly amount: number;
  readonly channel: string;
  readonly story: string;
}

/** What somebody was told about an order, by verify or by reading it. */
export interface StatusTold extends OrderExchange {
  readonly kind: 'status_told';
  readonly by: 'verify' | 'read' | 'pos_result';
  readonly status: string;
  readonly nextAction: string | null;
}

export interface CancelAccepted extends OrderExchange {
  readonly kind: 'cancel_accepted';
}

export interface RefundAccepted extends OrderExchange {
  readonly kind: 'refund_accepted';
  readonly refundNo: string;
  readonly amount: number;
}

/** An answer that no fault excuses: it names the service's own mistake. */
export interface AnswerRefused extends Exchange {
  readonly kind: 'answer_refused';
  /** `null` when the call was about no single order. */
  readonly number: string | null;
  readonly call: string;
  readonly status: number;
  readonly code: string;
}

/** Who reads the event feed: one follows it all the time, one reads it whole when everything is at rest. */
export type FeedReader = 'follower' | 'last_reader';

/** A page of the event feed. */
export interface EventsTold extends Exchange {
  readonly kind: 'events_told';
  readonly reader: FeedReader;
  readonly startingAfter: string | null;
  readonly events: readonly OrderEventMessage[];
}

/** What the webhook sent to the merchant's back end, one request an entry. */
export interface EventReceived {
  readonly kind: 'event_received';
  readonly receivedAtMs: number;
  /** `webhook-id` of the request. */
  readonly eventId: string;
  readonly body: string;
  readonly isSigned: boolean;
  /** Whether the back end has it now, whatever the sender heard. */
  readonly isTaken: boolean;
}

export type JournalEntry =
  | OrderAccepted
  | StatusTold
  | CancelAccepted
  | RefundAccepted
  | AnswerRefused
  | EventsTold
  | EventReceived;

export class Journal {
  readonly #descriptor: number;

  constructor(readonly file: string) {
    this.#descriptor = openSync(file, 'a');
  }

  write(entry: JournalEntry): void {
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** All entries of a journal, in the order in which they were written. */
export function readJournal(file: string): readonly JournalEntry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);
}
