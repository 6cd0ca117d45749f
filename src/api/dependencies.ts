import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { CallbackVerifier } from '../gateway/payment-gateway.js';
import type { Metrics } from '../metrics.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { CallbackStore } from '../store/callback-store.js';
import type { EventStore } from '../store/event-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RefundStore } from '../store/refund-store.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { BackgroundTasks } from './background-tasks.js';

/** Which parts the process needs and whether each one answers. Ready when all are up. */
export type Readiness = Readonly<Record<string, 'up' | 'down'>>;

/** Everything the API needs from outside. It knows MongoDB and Temporal only through these. */
export interface ApiDependencies {
  readonly config: Config;
  readonly orders: Pick<OrderStore, 'find' | 'list' | 'stream' | 'audit'>;
  readonly refunds: Pick<RefundStore, 'find' | 'ownerOf' | 'list' | 'stream'>;
  readonly anomalies: Pick<AnomalyStore, 'raise' | 'list' | 'listOpen' | 'acknowledge'>;
  readonly events: Pick<EventStore, 'list' | 'redeliver'>;
  readonly callbacks: Pick<
    CallbackStore,
    'find' | 'insert' | 'markDelivered' | 'markProcessed' | 'sampleRejected'
  >;
  readonly messenger: Pick<
    OrderMessenger,
    | 'createOrder'
    | 'verifyNow'
    | 'payAgain'
    | 'cancel'
    | 'callbackReceived'
    | 'carryCallback'
    | 'refund'
    | 'resolveReview'
    | 'checkDue'
  >;
  readonly verifier: CallbackVerifier;
  readonly sealBody: (body: Buffer) => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Never throws. */
  readonly checkReadiness: () => Promise<Readiness>;
  /** Work that goes on after the answer; whoever stops the process waits for it. */
  readonly background: BackgroundTasks;
  /** The back end of the demo shop, in trial mode only. Its paths begin after `/demo`. */
  readonly shop?: RequestHandler;
  /** Requests per minute; generous defaults when not given. */
  readonly rateLimits?: Partial<RateLimits>;
}

/** Requests per minute for each key. */
export interface RateLimits {
  readonly perCredential: number;
  readonly perVerifyToken: number;
  readonly perAddressUnauthenticated: number;
}
