import type { AnomalyDraft, AnomalyKind } from '../domain/audit.js';

/** Something a person should know about; one per kind and subject, counted. */
export interface AnomalyDocument {
  readonly _id: string;
  readonly kind: AnomalyKind;
  readonly orderId: string | null;
  readonly detail: string;
  readonly firstSeenAt: string;
  /** When it was raised for the first time, or again after it had healed: the begin of what is told as one alert. */
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly count: number;
  readonly lastTransitionId: string;
  readonly acknowledgedBy: string | null;
  readonly healedAt: string | null;
  /** Its begin or its end has not been taken up by the alerts. Absent counts as true. */
  readonly isUntold?: boolean;
}

/** Anomalies. All methods throw when MongoDB does not answer. */
export interface AnomalyStore {
  /** Raises anomalies about one subject: an order id, or what else they are about. The same kind again is counted. */
  raise(subject: string, transitionId: string, drafts: readonly AnomalyDraft[]): Promise<void>;
  /**
   * Raises a condition that lasts, or tells that it is still there: while it is open neither its begin nor its count
   * changes, so that it may be raised by every look at it.
   */
  raiseLasting(subject: string, draft: AnomalyDraft): Promise<void>;
  heal(subject: string, kinds: readonly AnomalyKind[], at: string): Promise<void>;
  /** @returns `null` when there is no such anomaly */
  acknowledge(id: string, actor: string): Promise<AnomalyDocument | null>;
  find(id: string): Promise<AnomalyDocument | null>;
  /** Latest first. @param subject when given, only those about it */
  list(limit: number, subject?: string): Promise<readonly AnomalyDocument[]>;
  /** Those that have not healed, latest first. @param subject when given, only those about it */
  listOpen(limit: number, subject?: string): Promise<readonly AnomalyDocument[]>;
  /** Of these kinds, latest first. */
  listOpenOf(kinds: readonly AnomalyKind[], limit: number): Promise<readonly AnomalyDocument[]>;
  /** Of open anomalies by kind; a kind that has none is missing. */
  openCounts(): Promise<readonly OpenAnomalyCount[]>;
}

export interface OpenAnomalyCount {
  readonly kind: AnomalyKind;
  readonly count: number;
  /** Of them, those that nobody has taken on. */
  readonly unacknowledgedCount: number;
}

/** One anomaly per kind and subject. */
export function anomalyId(kind: AnomalyKind, subject: string): string {
  return `${kind}:${subject}`;
}
