import type { CallbackEvidence, PaymentFacts } from '../domain/evidence.js';
import type { CallbackSubject } from '../gateway/payment-gateway.js';

/** An accepted callback in the inbox. */
export interface InboxEntry {
  /** SHA-256 (hex) of the bytes received. */
  readonly callbackId: string;
  readonly subject: CallbackSubject;
  readonly merchantNo: string;
  readonly merchantOrderNo: string | null;
  readonly terminalSn: string | null;
  readonly facts: PaymentFacts | null;
  readonly isStale: boolean;
  /** The bytes as received, sealed: they may hold payer data. */
  readonly sealedBody: string;
  readonly contentType: string | null;
  readonly receivedAt: string;
  readonly lastReceivedAt: string;
  readonly count: number;
  /** The signal was accepted by Temporal. */
  readonly deliveredAt: string | null;
  /** The order's audit holds it, or nothing is left to do with it. */
  readonly processedAt: string | null;
  readonly outcome: InboxOutcome | null;
  /** The operator who last had it delivered again, and when. Absent like null: nobody. */
  readonly redeliveredBy?: string | null;
  readonly redeliveredAt?: string | null;
}

/** `recorded` in the order's audit, or why it needs no workflow. */
export type InboxOutcome = 'recorded' | 'already_decided' | 'not_an_order';

export type NewInboxEntry = Omit<
  InboxEntry,
  | 'lastReceivedAt'
  | 'count'
  | 'deliveredAt'
  | 'processedAt'
  | 'outcome'
  | 'redeliveredBy'
  | 'redeliveredAt'
>;

export interface RejectedCallback {
  readonly refusal: string;
  readonly detail: string;
  readonly bodyHash: string;
  readonly at: Date;
}

/** The inbox of callbacks. All methods throw when MongoDB does not answer. */
export interface CallbackStore {
  /** Durable when it returns. @returns false when the very bytes were there already: counted, nothing else */
  insert(entry: NewInboxEntry): Promise<{ readonly isNew: boolean; readonly entry: InboxEntry }>;
  find(callbackId: string): Promise<InboxEntry | null>;
  markDelivered(callbackId: string, at: string): Promise<void>;
  /** Keeps who has asked for another delivery, and when. */
  markRedelivered(callbackId: string, actor: string, at: string): Promise<void>;
  markProcessed(callbackIds: readonly string[], outcome: InboxOutcome, at: string): Promise<void>;
  /** Callbacks of an order that its audit does not hold yet, oldest first. */
  waitingForOrder(
    merchantNo: string,
    merchantOrderNo: string,
  ): Promise<readonly CallbackEvidence[]>;
  /** Entries not processed since before the given time, oldest first. */
  unprocessed(receivedBefore: string, limit: number): Promise<readonly InboxEntry[]>;
  /** Entries about sales that were received since then, oldest first. @param since RFC 3339 */
  salesSince(since: string): AsyncIterable<InboxEntry>;
  /** A sample of refused callbacks, kept for a limited time. */
  sampleRejected(rejected: RejectedCallback): Promise<void>;
}

/** What the order's workflow is told of an inbox entry. */
export function inboxEvidence(entry: InboxEntry): CallbackEvidence {
  return {
    source: 'callback',
    callbackId: entry.callbackId,
    receivedAt: entry.receivedAt,
    isStale: entry.isStale,
    facts: entry.facts,
  };
}
