/** What alerting keeps: for each episode of an anomaly and each destination, what has been told. */
import type { AnomalyKind } from '../domain/audit.js';
import type { AnomalyDocument } from './anomaly-store.js';

export const ALERT_DESTINATIONS = ['webhook', 'slack'] as const;
export type AlertDestination = (typeof ALERT_DESTINATIONS)[number];

/**
 * `opened`: its begin is to be told. `told`: the begin was delivered. `recovered`: its end is to be told. `ended`: all
 * was told. `summarized`: one of many, told by their summary. `dropped`: nothing more is told.
 */
export type AlertStage = 'opened' | 'told' | 'recovered' | 'ended' | 'summarized' | 'dropped';

/** One episode, or the summary of many of one kind, for one destination. */
export interface Alert {
  /** `<destination>:<episode>`: planned twice, it is there once. */
  readonly _id: string;
  readonly destination: AlertDestination;
  /** Names the episode (or summary) to every destination alike. */
  readonly episode: string;
  readonly kind: AnomalyKind;
  /** `null`: a summary. */
  readonly anomalyId: string | null;
  /** What the anomaly is about. */
  readonly subject: string | null;
  /** Of the summary that tells of this episode. */
  readonly summaryId: string | null;
  /** As it was when it was planned: a repeated attempt says the same. */
  readonly detail: string;
  readonly count: number;
  readonly openedAt: string;
  readonly healedAt: string | null;
  readonly countAtEnd: number | null;
  readonly stage: AlertStage;
  readonly plannedAt: string;
  /** Since when the stage wants to be told. */
  readonly dueSince: string;
  /** Attempts of this stage that were begun. */
  readonly attempts: number;
  /** When something is due, or when the lease of the running attempt ends; `null`: nothing is. */
  readonly nextAttemptAt: string | null;
  readonly leaseId: string | null;
  /** When the last word was said; kept a while from then on. */
  readonly settledAt: Date | null;
}

/** An alert that this process alone may attempt until the lease ends. */
export interface ClaimedAlert extends Alert {
  readonly leaseId: string;
}

/** What an attempt makes of an alert. */
export type AlertChange = Partial<
  Pick<
    Alert,
    | 'stage'
    | 'attempts'
    | 'nextAttemptAt'
    | 'dueSince'
    | 'healedAt'
    | 'count'
    | 'countAtEnd'
    | 'settledAt'
  >
>;

/** Which episodes of an anomaly: the one that began then, or all others. */
export interface EpisodeSelection {
  readonly anomalyId: string;
  readonly openedAt: string;
  readonly which: 'this' | 'earlier';
}

/**
 * Alerts. Every method is made of writes of single documents, so that any number of processes may plan and deliver.
 * All throw when MongoDB does not answer.
 */
export interface AlertStore {
  /** @returns those of the ids that are there */
  known(ids: readonly string[]): Promise<readonly string[]>;
  /** Inserts alerts; one that is there already stays as it is. */
  insert(alerts: readonly Alert[]): Promise<void>;
  /** How many episodes of the kind were planned since then. */
  countPlanned(destination: AlertDestination, kind: AnomalyKind, since: string): Promise<number>;
  /** Lets a summary tell of those that were planned since then and not attempted yet. */
  summarizeUnattempted(
    summary: Pick<Alert, '_id' | 'destination' | 'kind'>,
    since: string,
  ): Promise<void>;
  /** @param stage only those in it; all when not given */
  countSummarized(summaryId: string, stage?: AlertStage): Promise<number>;
  /** Drops what was not attempted yet: nobody has heard of it. */
  dropUnattempted(selection: EpisodeSelection, at: string): Promise<void>;
  /** Notes that episodes are over; where the begin was told, the end is due from now on. */
  end(
    selection: EpisodeSelection,
    ending: { readonly healedAt: string; readonly count: number; readonly at: string },
  ): Promise<void>;
  /** Takes what is due, each under a lease: nobody else gets it before the lease ends. */
  claimDue(
    destination: AlertDestination,
    claim: { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
  ): Promise<readonly ClaimedAlert[]>;
  /** Whether an earlier episode of the same anomaly still has something to tell there. */
  hasEarlierDue(alert: Alert): Promise<boolean>;
  /** Writes the outcome and gives the lease back. @returns false when the lease was lost */
  release(claimed: ClaimedAlert, change: AlertChange): Promise<boolean>;
  /** The begin was delivered: the end is due at once when it is known already. @returns false when the lease was lost */
  releaseTold(claimed: ClaimedAlert, at: string): Promise<boolean>;
}

/** Anomalies whose begin or end has not been taken up. All methods throw when MongoDB does not answer. */
export interface UntoldAnomalies {
  /** Oldest first. */
  listUntold(limit: number): Promise<readonly AnomalyDocument[]>;
  /** Taken up in the state that was read; an anomaly that has gone on stays untold. */
  markTold(anomaly: AnomalyDocument): Promise<void>;
  find(id: string): Promise<AnomalyDocument | null>;
}
