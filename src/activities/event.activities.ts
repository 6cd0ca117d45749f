import type { WaitingEvents } from '../store/event-store.js';

/** Events are published right after the decision; a mark that is older than this was left by a crash. */
const MARK_AGE_MS = 5_000;
const ORDERS_PER_SWEEP = 500;

export interface EventReport {
  readonly eventOrdersFound: number;
  readonly eventOrdersFailed: number;
}

export interface EventActivityDependencies {
  readonly eventPublisher: WaitingEvents;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createEventActivities({ eventPublisher, now }: EventActivityDependencies) {
  return {
    /** Brings into the feed what a crash kept out of it. */
    async publishWaitingEvents(): Promise<EventReport> {
      const markedBefore = new Date(now() - MARK_AGE_MS).toISOString();
      const report = await eventPublisher.republish(markedBefore, ORDERS_PER_SWEEP);
      return { eventOrdersFound: report.ordersFound, eventOrdersFailed: report.ordersFailed };
    },
  };
}

export type EventActivities = ReturnType<typeof createEventActivities>;
