/** A worker: the real workflows and the real activities. */
import { createOrderActivities } from '../../activities/activities.js';
import { createGatewayActivities } from '../../activities/gateway.activities.js';
import type { StatisticsStore } from '../../store/statistics-store.js';
import { deliverCallback, orderPayment, sweep } from '../../workflows/index.js';
import { simulatedVerifier } from '../gateway/signed-message.js';
import { SimulatedGateway } from '../gateway/simulated-gateway.js';
import type { SimulatedProcess } from '../kernel/simulated-process.js';
import type { WorkflowFunction } from '../temporal/activator.js';
import type { ActivityFunctions } from '../temporal/activity-functions.js';
import { SimulatedWorker } from '../temporal/simulated-worker.js';
import { MERCHANT_NO, openSealer, processParts, type Surroundings } from './service-parts.js';

const workflows = { orderPayment, deliverCallback, sweep } as unknown as Readonly<
  Record<string, WorkflowFunction>
>;

/** Nothing is counted here; the watch sees a service that has just begun. */
const NO_STATISTICS: StatisticsStore = {
  write: async () => {},
  since: async () => [],
  ordersPaid: async () => ({ callback: 0, check: 0, verify: 0, operator: 0 }),
};

export function startWorker(process: SimulatedProcess, around: Surroundings): SimulatedWorker {
  const { stores, messenger, now } = processParts(process, around);
  const activities = {
    ...createOrderActivities({
      ...stores,
      messenger,
      now,
      merchantNo: MERCHANT_NO,
      makeCheckpoints: null,
      sweepIntervalMs: around.sweepIntervalMs,
      scheduledWindowMs: around.scheduledWindowMs,
      verifier: simulatedVerifier,
      bodySealer: openSealer,
      observeTransition: () => {},
      observeRepairs: () => {},
      statistics: NO_STATISTICS,
    }),
    ...createGatewayActivities({
      gateway: new SimulatedGateway(process, around),
      now,
      observeCall: () => {},
    }),
  } as unknown as ActivityFunctions;
  const worker = new SimulatedWorker(process, around.temporal, { workflows, activities });
  around.temporal.addWorker(worker);
  return worker;
}
