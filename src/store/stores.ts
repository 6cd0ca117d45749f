import type { Connection } from 'mongoose';
import { AlertRepository } from './alert.repository.js';
import { AnomalyRepository } from './anomaly.repository.js';
import { CallbackRepository } from './callback.repository.js';
import { EndedSessionRepository } from './ended-session.repository.js';
import { EventRepository } from './event.repository.js';
import { EventPublisher, type EventPublisherOptions } from './event-publisher.js';
import { OrderRepository } from './order.repository.js';
import { RefundRepository } from './refund.repository.js';
import { StatisticsRepository } from './statistics.repository.js';

export interface Stores {
  readonly orders: OrderRepository;
  readonly callbacks: CallbackRepository;
  readonly anomalies: AnomalyRepository;
  readonly alerts: AlertRepository;
  readonly refunds: RefundRepository;
  readonly events: EventRepository;
  readonly eventPublisher: EventPublisher;
  readonly statistics: StatisticsRepository;
  readonly endedSessions: EndedSessionRepository;
}

/** @param publishing by default events are listed in the feed and delivered to no webhook */
export function createStores(
  connection: Connection,
  publishing: EventPublisherOptions = { isDelivered: false, now: Date.now },
): Stores {
  const callbacks = new CallbackRepository(connection);
  const anomalies = new AnomalyRepository(connection);
  const refunds = new RefundRepository(connection);
  const events = new EventRepository(connection);
  const eventPublisher = new EventPublisher(connection, events, publishing);
  return {
    callbacks,
    anomalies,
    alerts: new AlertRepository(connection),
    refunds,
    events,
    eventPublisher,
    statistics: new StatisticsRepository(connection),
    endedSessions: new EndedSessionRepository(connection),
    orders: new OrderRepository(connection, {
      callbacks,
      anomalies,
      refunds,
      publisher: eventPublisher,
    }),
  };
}

/** Builds the indexes that are missing. Run at start-up, before the process is ready. */
export async function createIndexes(stores: Stores): Promise<void> {
  await stores.orders.createIndexes();
  await stores.callbacks.createIndexes();
  await stores.anomalies.createIndexes();
  await stores.alerts.createIndexes();
  await stores.refunds.createIndexes();
  await stores.events.createIndexes();
  await stores.statistics.createIndexes();
  await stores.endedSessions.createIndexes();
}
