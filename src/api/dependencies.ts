import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { CallbackVerifier } from '../gateway/payment-gateway.js';
import type { Metrics } from '../metrics.js';
import type { AnomalyStore } from '../store/anomaly-store.js';
import type { CallbackStore, InboxEntry } from '../store/callback-store.js';
import type { EndedSessionStore } from '../store/ended-session-store.js';
import type { EventStore } from '../store/event-store.js';
import type { OrderStore } from '../store/order-store.js';
import type { RefundStore } from '../store/refund-store.js';
import type { StatisticsStore } from '../store/statistics-store.js';
import type { OrderMessenger } from '../temporal/order-messenger.js';
import type { BackgroundTasks } from './background-tasks.js';
import type { LiveStreams } from './console/live-streams.js';

/** Which parts the process needs and whether each one answers. Ready when all are up. */
export type Readiness = Readonly<Record<string, 'up' | 'down'>>;

/** Everything the API needs from outside. It knows MongoDB and Temporal only through these. */
export interface ApiDependencies {
  readonly config: Config;
  readonly orders: Pick<OrderStore, 'find' | 'list' | 'stream' | 'statusCounts' | 'audit'>;
  readonly refunds: Pick<RefundStore, 'find' | 'ownerOf' | 'list' | 'stream'>;
  readonly anomalies: Pick<
    AnomalyStore,
    'find' | 'raise' | 'list' | 'listOpen' | 'listOpenOf' | 'openCounts' | 'acknowledge'
  >;
  readonly statistics: Pick<StatisticsStore, 'since'>;
  readonly endedSessions: EndedSessionStore;
  readonly events: Pick<EventStore, 'list' | 'redeliver'>;
  readonly callbacks: Pick<
    CallbackStore,
    'find' | 'insert' | 'markDelivered' | 'markProcessed' | 'markRedelivered' | 'sampleRejected'
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
  /** What a person may see of an inbox entry; `null` when it cannot be opened or read. */
  readonly readCallback: (
    entry: Pick<InboxEntry, 'sealedBody' | 'contentType'>,
  ) => Readonly<Record<string, string>> | null;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Begins a trace for each request; nothing is traced when not given. */
  readonly traceRequests?: RequestHandler;
  readonly metrics: Metrics;
  /** Told what became of each callback: its receipt, or the code of its refusal. Never throws. */
  readonly observeCallback?: (result: string) => void;
  /** Never throws. */
  readonly checkReadiness: () => Promise<Readiness>;
  /** Work that goes on after the answer; whoever stops the process waits for it. */
  readonly background: BackgroundTasks;
  /** The console's open streams; whoever stops the process closes them first. */
  readonly liveStreams: LiveStreams;
  /** Whether anybody takes the work of the orders. Throws when it cannot be found out. */
  readonly isWorkerPolling: () => Promise<boolean>;
  /** Of the Temporal Web UI with its namespace; the console links no runs when not given. */
  readonly temporalWorkflowsUrl?: string | null;
  /** The back end of the demo shop, in trial mode only. Its paths begin after `/demo`, its bodies have been read. */
  readonly shop?: RequestHandler;
  /** Requests per minute; generous defaults when not given. */
  readonly rateLimits?: Partial<RateLimits>;
}

/** Requests per minute for each key. */
export interface RateLimits {
  readonly perCredential: number;
  readonly perVerifyToken: number;
  readonly perAddressUnauthenticated: number;
  /** Of logins to the console. */
  readonly failedLoginsPerAddress: number;
}
