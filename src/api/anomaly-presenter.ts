import type { AnomalyDocument } from '../store/anomaly-store.js';
import type { AnomalyAnswer } from './operator-schemas.js';

/** The anomaly as the API shows it. */
export function presentAnomaly(anomaly: AnomalyDocument): AnomalyAnswer {
  return {
    id: anomalyUrlId(anomaly._id),
    kind: anomaly.kind,
    merchantOrderNo: orderNoOfSubject(anomaly.orderId),
    detail: anomaly.detail,
    firstSeenAt: anomaly.firstSeenAt,
    lastSeenAt: anomaly.lastSeenAt,
    count: anomaly.count,
    acknowledgedBy: anomaly.acknowledgedBy,
    healedAt: anomaly.healedAt,
  };
}

/** Stored ids hold slashes, which proxies decode on their own account. */
function anomalyUrlId(storedId: string): string {
  return Buffer.from(storedId).toString('base64url');
}

export function storedAnomalyId(urlId: string): string {
  return Buffer.from(urlId, 'base64url').toString();
}

/** An order's id is its merchant and its number; other subjects have more parts. */
function orderNoOfSubject(subject: string | null): string | null {
  const parts = (subject ?? '').split('/');
  return parts.length === 2 ? (parts[1] ?? null) : null;
}
