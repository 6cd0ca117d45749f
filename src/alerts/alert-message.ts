/** What an alert says, whoever gets it. Nothing about the payer is part of it. Pure. */
import { createHash } from 'node:crypto';
import { type AnomalySeverity, anomalyGuide, runbookPath } from '../domain/anomaly-guide.js';
import { anomalyUrlId, orderNoOfSubject } from '../domain/anomaly-subject.js';
import type { AnomalyKind } from '../domain/audit.js';
import type { Alert } from '../store/alert-store.js';

export type AlertType = 'anomaly.opened' | 'anomaly.recovered';

/** The body of the generic webhook. Times are RFC 3339 UTC. */
export interface AlertMessage {
  readonly type: AlertType;
  /** When it began, or ended. */
  readonly timestamp: string;
  readonly data: {
    /** Of the anomaly, as in `GET /v1/anomalies`; a summary has one of its own. */
    readonly id: string;
    readonly kind: AnomalyKind;
    readonly severity: AnomalySeverity;
    readonly title: string;
    readonly meaning: string;
    readonly detail: string;
    /** `null` when it is not about one order. */
    readonly merchantOrderNo: string | null;
    readonly openedAt: string;
    /** `null` while it lasts. */
    readonly recoveredAt: string | null;
    /** How often it was raised; of a summary, how many anomalies it tells of. */
    readonly count: number;
    readonly runbookUrl: string;
    readonly consoleUrl: string;
  };
}

/**
 * The message of the alert's stage.
 * @param publicUrl address of the API, without a slash at its end
 */
export function alertMessage(alert: Alert, publicUrl: string): AlertMessage {
  const guide = anomalyGuide(alert.kind);
  const isOver = alert.stage === 'recovered';
  const merchantOrderNo = orderNoOfSubject(alert.subject);
  const page =
    merchantOrderNo === null ? 'anomalies' : `orders/${encodeURIComponent(merchantOrderNo)}`;
  return {
    type: isOver ? 'anomaly.recovered' : 'anomaly.opened',
    timestamp: isOver ? (alert.healedAt ?? alert.dueSince) : alert.openedAt,
    data: {
      id: anomalyUrlId(alert.anomalyId ?? alert.episode),
      kind: alert.kind,
      ...guide,
      detail: alert.anomalyId === null ? summaryDetail(alert, isOver) : alert.detail,
      merchantOrderNo,
      openedAt: alert.openedAt,
      recoveredAt: isOver ? alert.healedAt : null,
      count: isOver ? (alert.countAtEnd ?? alert.count) : alert.count,
      runbookUrl: `${publicUrl}${runbookPath(alert.kind)}`,
      consoleUrl: `${publicUrl}/console/${page}`,
    },
  };
}

/** Stable for an episode and what is told of it: a receiver drops what it has seen, after a crash as well. */
export function alertMessageId({ episode, stage }: Alert): string {
  const type: AlertType = stage === 'recovered' ? 'anomaly.recovered' : 'anomaly.opened';
  return `alert_${createHash('sha256').update(`${type} ${episode}`).digest('hex').slice(0, 32)}`;
}

function summaryDetail({ count, countAtEnd }: Alert, isOver: boolean): string {
  return isOver
    ? `all ${countAtEnd ?? count} of them are over`
    : `${count} of this kind began within minutes and are told by this one message; the console lists them`;
}
