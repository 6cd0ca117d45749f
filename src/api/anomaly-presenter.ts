import { anomalyUrlId, orderNoOfSubject } from '../domain/anomaly-subject.js';
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
    openedAt: anomaly.openedAt,
    lastSeenAt: anomaly.lastSeenAt,
    count: anomaly.count,
    acknowledgedBy: anomaly.acknowledgedBy,
    healedAt: anomaly.healedAt,
  };
}

export function storedAnomalyId(urlId: string): string {
  return Buffer.from(urlId, 'base64url').toString();
}
