import type { InboxEntry } from '../store/callback-store.js';
import type { StoredCallback } from './console/console-contract.js';

/** @param fields what of the message may be shown; `null` when it cannot be read */
export function presentCallback(
  entry: InboxEntry,
  fields: Readonly<Record<string, string>> | null,
): StoredCallback {
  return {
    id: entry.callbackId,
    merchantOrderNo: entry.merchantOrderNo,
    subject: entry.subject,
    receivedAt: entry.receivedAt,
    lastReceivedAt: entry.lastReceivedAt,
    count: entry.count,
    isStale: entry.isStale,
    deliveredAt: entry.deliveredAt,
    processedAt: entry.processedAt,
    outcome: entry.outcome,
    redeliveredBy: entry.redeliveredBy ?? null,
    redeliveredAt: entry.redeliveredAt ?? null,
    fields,
  };
}
