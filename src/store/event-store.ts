import type { OrderEvent, OrderEventMessage } from '../domain/events.js';

/** One attempt to deliver an event, as the delivery log keeps it. */
export interface EventAttempt {
  readonly at: string;
  readonly durationMs: number;
  /** HTTP status of the answer; `null` when there was none. */
  readonly httpStatus: number | null;
  /** Stable word for what happened, such as `delivered`, `http_status`, `timeout` or `ECONNREFUSED`. */
  readonly result: string;
}

/**
 * `none`: no webhook was configured when the event was written. `waiting`: until delivered, `stopped` (the receiver
 * answered 410) or `exhausted` (all attempts failed).
 */
export type DeliveryState = 'none' | 'waiting' | 'delivered' | 'stopped' | 'exhausted';

export interface EventDelivery {
  readonly state: DeliveryState;
  /** Attempts that were begun since the event was written or redelivered. */
  readonly attempts: number;
  /** When the next attempt is due, or when the lease of the running one ends; `null` when nothing is due any more. */
  readonly nextAttemptAt: string | null;
  /** The latest attempts, oldest first. */
  readonly log: readonly EventAttempt[];
}

export interface EventPage {
  readonly data: readonly OrderEventMessage[];
  readonly hasMore: boolean;
}

export interface StoredEvent {
  readonly event: OrderEvent;
  readonly delivery: EventDelivery;
}

/** An event that this process alone may deliver until the lease ends. */
export interface ClaimedEvent extends StoredEvent {
  readonly leaseId: string;
}

/** The feed for readers. All methods throw when MongoDB does not answer. */
export interface EventStore {
  /**
   * The feed, oldest first. An event never appears before one that was already listed.
   * @param page.startingAfter id of the last event that the reader has
   * @returns `null` when there is no event with the id `startingAfter`
   */
  list(
    merchantNo: string,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<EventPage | null>;
  /** One event with its delivery log. */
  find(merchantNo: string, eventId: string): Promise<StoredEvent | null>;
  /** Has the event delivered again as if it were new, whatever became of it. @returns false when there is none */
  redeliver(merchantNo: string, eventId: string, at: string): Promise<boolean>;
}

/** Deliveries, for who carries them out. */
export interface EventDeliveryStore {
  /** Takes due deliveries, each under a lease: nobody else gets it before the lease ends. */
  claimDue(
    merchantNo: string,
    claim: { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
  ): Promise<readonly ClaimedEvent[]>;
  /** Writes an attempt down. @returns false when the lease was lost: the attempt of the new holder counts */
  recordAttempt(
    claimed: ClaimedEvent,
    attempt: EventAttempt,
    next: Pick<EventDelivery, 'state' | 'nextAttemptAt'>,
  ): Promise<boolean>;
}

/** Publishing what a crash kept from being published. */
export interface WaitingEvents {
  /**
   * Publishes the events of orders whose mark is older than that.
   * @returns how many orders were dealt with, and how many failed
   */
  republish(
    markedBefore: string,
    limit: number,
  ): Promise<{ readonly ordersFound: number; readonly ordersFailed: number }>;
}
