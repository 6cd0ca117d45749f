/** What every simulated process of the service is made of: the real repositories and messenger on simulated connections. */
import { createLogger } from '../../logger.js';
import { createStores, type Stores } from '../../store/stores.js';
import { TemporalOrderMessenger } from '../../temporal/temporal-order-messenger.js';
import { DatabaseSession } from '../database/database-session.js';
import { simulatedConnection } from '../database/simulated-connection.js';
import type { SimulatedDatabase } from '../database/simulated-database.js';
import type { EvidenceLedger } from '../gateway/evidence-ledger.js';
import type { GatewayWorld } from '../gateway/gateway-world.js';
import type { Faults } from '../kernel/faults.js';
import type { Outages } from '../kernel/outages.js';
import type { SimulatedProcess } from '../kernel/simulated-process.js';
import type { Timeline } from '../kernel/timeline.js';
import { mutateStores } from '../mutations/mutated-ports.js';
import { SimulatedClient } from '../temporal/simulated-client.js';
import type { SimulatedTemporal } from '../temporal/simulated-temporal.js';

export const MERCHANT_NO = 'M1';
export const TASK_QUEUE = 'payment-orders';

/** Everything outside of the service's processes. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly outages: Outages;
  readonly database: SimulatedDatabase;
  readonly temporal: SimulatedTemporal;
  readonly world: GatewayWorld;
  readonly ledger: EvidenceLedger;
  readonly sweepIntervalMs: number;
  readonly scheduledWindowMs: number;
}

export const silentLogger = createLogger({ level: 'silent', name: 'simulation' });

export interface ProcessParts {
  readonly stores: Stores;
  readonly messenger: TemporalOrderMessenger;
  /** The process's own clock (epoch ms). */
  readonly now: () => number;
}

export function processParts(process: SimulatedProcess, around: Surroundings): ProcessParts {
  const { timeline, database, temporal } = around;
  const now = () => timeline.nowMs + process.clockSkewMs;
  const connection = simulatedConnection(new DatabaseSession(process, around), database);
  const client = new SimulatedClient(process, temporal);
  const stores = createStores(connection, { isDelivered: false, now });
  mutateStores(stores);
  return {
    stores,
    messenger: new TemporalOrderMessenger(client.asClient, TASK_QUEUE),
    now,
  };
}

/** Bodies of the simulation hold nothing to hide. */
export const openSealer = {
  seal: (body: Buffer): string => body.toString('base64'),
  open: (sealedBody: string): Buffer => Buffer.from(sealedBody, 'base64'),
};
