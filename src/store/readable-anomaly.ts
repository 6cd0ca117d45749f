import type { AnomalyKind } from '../domain/audit.js';
import type { AnomalyDocument } from './anomaly-store.js';
import { readableCount, readableText, readableTime } from './readable-values.js';

/** Longer than any detail that the service writes, and short enough for a message to a person. */
const DETAIL_CHARACTERS_MAX = 4_000;
/** Shown as one that needs somebody, like every kind that is not known. */
const NO_KIND = 'damaged' as AnomalyKind;

/**
 * An anomaly with a readable value in every field: one that is damaged must not hide the others, and is shown and told
 * itself. What cannot be told counts as what keeps it in sight: open, and acknowledged by nobody.
 */
export function readableAnomaly(stored: AnomalyDocument): AnomalyDocument {
  const openedAt = readableTime(stored.openedAt);
  const seenAt = [openedAt, readableTime(stored.firstSeenAt), readableTime(stored.lastSeenAt)];
  const knownAt = seenAt.find((time) => time !== null) ?? new Date(0).toISOString();
  return {
    ...stored,
    kind: (readableText(stored.kind) as AnomalyKind | null) ?? NO_KIND,
    orderId: readableText(stored.orderId),
    detail: (readableText(stored.detail) ?? '').slice(0, DETAIL_CHARACTERS_MAX),
    firstSeenAt: seenAt[1] ?? knownAt,
    openedAt: openedAt ?? knownAt,
    lastSeenAt: seenAt[2] ?? knownAt,
    count: Math.max(1, readableCount(stored.count)),
    acknowledgedBy: readableText(stored.acknowledgedBy),
    healedAt: readableTime(stored.healedAt),
  };
}
