/** What the console's pages are told: types only, shared by the routes and the pages. Times are RFC 3339 UTC. */
import type { Scope } from '../../config/credentials.js';
import type { AnomalySeverity } from '../../domain/anomaly-guide.js';
import type { AnomalyKind } from '../../domain/audit.js';
import type { OrderStatus } from '../../domain/order.js';

/** `GET /console/session`: who works here, or `null` without a session. */
export interface ConsoleSession {
  readonly operator: string;
  /** What the operator's token is for: `read`, and `operate` for whatever changes something. */
  readonly scopes: readonly Scope[];
  readonly expiresAt: string;
  /** Sent back as `X-CSRF-Token` with every request that changes something. */
  readonly csrfToken: string;
  readonly isTrial: boolean;
  /** Of the Temporal Web UI, up to and without `/workflows`; `null` when it is not known. */
  readonly temporalWorkflowsUrl: string | null;
}

/** `GET /console/overview`, and the data of the event `overview` of `GET /console/live`. */
export interface Overview {
  readonly at: string;
  /** Which parts answer. `unknown`: could not be asked. */
  readonly parts: Readonly<Record<'mongodb' | 'temporal' | 'worker', 'up' | 'down' | 'unknown'>>;
  /** Open anomalies, those that page and are not acknowledged first, then the latest; at most 50. */
  readonly anomalies: readonly OpenAnomaly[];
  readonly openAnomalies: number;
  /** Every status that any order has, and the open ones always. */
  readonly statuses: readonly StatusCount[];
  /** The last 60 minutes, oldest first, those without anything included; the last one is not over. */
  readonly minutes: readonly OverviewMinute[];
  /** Of these 60 minutes together. */
  readonly hour: OverviewTotals;
}

export interface OpenAnomaly {
  readonly id: string;
  readonly kind: AnomalyKind;
  readonly severity: AnomalySeverity;
  readonly title: string;
  readonly meaning: string;
  readonly detail: string;
  readonly merchantOrderNo: string | null;
  readonly firstSeenAt: string;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly count: number;
  readonly acknowledgedBy: string | null;
  /** Path of its runbook on this server. */
  readonly runbook: string;
}

export interface StatusCount {
  readonly status: OrderStatus;
  readonly count: number;
  /** When the oldest order of an open status was created; `null` for final ones and where there is none. */
  readonly oldestCreatedAt: string | null;
}

export interface OverviewMinute {
  readonly minute: string;
  readonly ordersCreated: number;
  readonly ordersCanceled: number;
  readonly paidByCallback: number;
  readonly paidByCheck: number;
  readonly paidByVerify: number;
  readonly paidByOperator: number;
  readonly timeToTruthP50Ms: number | null;
  readonly timeToTruthP95Ms: number | null;
  readonly gatewayCalls: number;
  readonly gatewayAnswered: number;
  readonly gatewayP50Ms: number | null;
  readonly gatewayP95Ms: number | null;
  readonly callbacksAccepted: number;
  readonly callbacksRefused: number;
}

export interface OverviewTotals extends Omit<OverviewMinute, 'minute'> {
  /** Share (0 to 1) of gateway calls that ended with a signed answer that was understood; `null` without calls. */
  readonly gatewaySuccessShare: number | null;
  /** Share of the minutes with calls in which at least half of them were answered; `null` without calls. */
  readonly gatewayAvailabilityShare: number | null;
}

/**
 * `GET /console/live/orders/:merchantOrderNo` is a stream of the event `changed` with this, once at the begin and then
 * whenever the order's record has a new version.
 */
export interface OrderChanged {
  readonly merchantOrderNo: string;
  readonly version: number;
}

/** `GET /console/v1/callbacks/:id`, as under `/v1`: a stored callback, what may hold payer data masked. */
export interface StoredCallback {
  readonly id: string;
  readonly merchantOrderNo: string | null;
  readonly subject: string;
  readonly receivedAt: string;
  readonly lastReceivedAt: string;
  /** How often the very same bytes came. */
  readonly count: number;
  readonly isStale: boolean;
  readonly deliveredAt: string | null;
  readonly processedAt: string | null;
  readonly outcome: string | null;
  /** Who last had it delivered again, and when. */
  readonly redeliveredBy: string | null;
  readonly redeliveredAt: string | null;
  /** Field by field as received; the value of a field that may identify a payer is `•••`. `null` when unreadable. */
  readonly fields: Readonly<Record<string, string>> | null;
}
