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
}

/** Anomalies. All methods throw when MongoDB does not answer. */
export interface AnomalyStore {
  /** Raises anomalies about one subject: an order id, or what else they are about. The same kind again is counted. */
  raise(subject: string, transitionId: string, drafts: readonly AnomalyDraft[]): Promise<void>;
  heal(subject: string, kinds: readonly AnomalyKind[], at: string): Promise<void>;
  /** @returns `null` when there is no such anomaly */
  acknowledge(id: string, actor: string): Promise<AnomalyDocument | null>;
  list(limit: number): Promise<readonly AnomalyDocument[]>;
  listOpen(limit: number): Promise<readonly AnomalyDocument[]>;
  /** Of open anomalies by kind; a kind that has none is missing. */
  openCounts(): Promise<readonly { readonly kind: AnomalyKind; readonly count: number }[]>;
}
