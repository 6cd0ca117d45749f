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

export type OrderActivityDependencies = OrderStoreDependencies &
  CallbackActivityDependencies &
  SweepDependencies &
  EventActivityDependencies &
  AuditActivityDependencies;

/** All activities of the queue on which the workflows run. Those of the gateway have a queue of their own. */
export function createOrderActivities(dependencies: OrderActivityDependencies) {
  return {
    ...createOrderStoreActivities(dependencies),
    ...createCallbackActivities(dependencies),
    ...createSweepActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createAuditActivities(dependencies),
  };
}
