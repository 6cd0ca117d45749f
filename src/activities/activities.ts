import { type AuditActivityDependencies, createAuditActivities } from './audit.activities.js';
import {
  type CallbackActivityDependencies,
  createCallbackActivities,
} from './callback.activities.js';
import { createEventActivities, type EventActivityDependencies } from './event.activities.js';
import {
  createOrderStoreActivities,
  type OrderStoreDependencies,
} from './order-store.activities.js';
import { createSweepActivities, type SweepDependencies } from './sweep.activities.js';
import { createWatchActivities, type WatchDependencies } from './watch.activities.js';

export type OrderActivityDependencies = OrderStoreDependencies &
  CallbackActivityDependencies &
  SweepDependencies &
  WatchDependencies &
  EventActivityDependencies &
  AuditActivityDependencies;

/** All activities of the queue on which the workflows run. Those of the gateway have a queue of their own. */
export function createOrderActivities(dependencies: OrderActivityDependencies) {
  return {
    ...createOrderStoreActivities(dependencies),
    ...createCallbackActivities(dependencies),
    ...createSweepActivities(dependencies),
    ...createWatchActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createAuditActivities(dependencies),
  };
}
