/** Checked at the end: evidence, audit and events. */
import { findOrderFault } from '../../audit/order-proof.js';
import type { AuditEntry } from '../../domain/audit.js';
import { eventsOf } from '../../domain/events.js';
import { auditOf, type OrderDocument, orderDocuments, type Watched } from './watched.js';

export function checkAudits(watched: Watched): void {
  for (const document of orderDocuments(watched.database)) {
    const entries = auditOf(watched.database, document._id);
    auditIsWhole(document, entries, watched);
    evidenceIsKeptOnce(document, entries, watched);
    oneCompletion(document, entries, watched);
  }
  acknowledgedCallbacksArrive(watched);
  eventsArePublishedOnce(watched);
}

function auditIsWhole(
  document: OrderDocument,
  entries: readonly AuditEntry[],
  { findings }: Watched,
): void {
  const fault = findOrderFault({
    orderId: document._id,
    record: { ...document, orderId: document._id, order: orderOf(document) },
    entries,
    leaves: [],
  });
  if (fault !== null) {
    findings.violated('audit_is_whole', `${fault.orderId}: ${fault.problem}, ${fault.detail}`);
  }
}

function orderOf(document: OrderDocument): OrderDocument {
  const order: Record<string, unknown> = { ...document };
  const beside = ['_id', 'version', 'auditHash', 'lastTransitionId', 'nextActionAt'];
  for (const field of [...beside, 'isCheckpointed', 'unpublishedFrom', 'unpublishedSince']) {
    delete order[field];
  }
  return order as unknown as OrderDocument;
}

/** What an entry is the evidence of: the gateway's reply, or a callback. */
function evidenceIdOf({ data }: AuditEntry): string | null {
  const reply = data.reply as { readonly evidence?: string } | undefined;
  if (typeof data.callbackId === 'string') return data.callbackId;
  return reply?.evidence ?? null;
}

/** Evidence whose decision a crash kept out of the audit: it is decided again, and the first entry stays. */
function isTorn(entry: AuditEntry, next: AuditEntry | undefined): boolean {
  const { callbackIds, lastAnswer, refunds } = entry.changes;
  const isMarked =
    callbackIds !== undefined || refunds !== undefined || (lastAnswer?.queryId ?? '') !== '';
  return !isMarked && next?.data.evidenceSequence !== entry.sequence;
}

function evidenceIsKeptOnce(
  document: OrderDocument,
  entries: readonly AuditEntry[],
  { findings, taken }: Watched,
): void {
  const counts = new Map<string, number>();
  const torn = new Set<string>();
  for (const entry of entries) {
    const id = evidenceIdOf(entry);
    if (id === null) continue;
    if (isTorn(entry, entries[entry.sequence])) torn.add(id);
    else counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  // Its run was lost before it could decide again: the audit holds the evidence all the same.
  for (const id of torn) if (!counts.has(id)) counts.set(id, 1);
  for (const [id, count] of counts) {
    if (count > 1 && !taken.orphaned.has(id)) {
      findings.violated('evidence_is_kept_once', `${document._id} holds ${id} ${count} times`);
    }
  }
  for (const { merchantOrderNo, evidenceId } of taken.all) {
    if (merchantOrderNo !== document.merchantOrderNo || counts.has(evidenceId)) continue;
    findings.violated('evidence_is_kept_once', `${document._id} took ${evidenceId} and lost it`);
  }
}

function oneCompletion(
  document: OrderDocument,
  entries: readonly AuditEntry[],
  { findings }: Watched,
): void {
  const completions = entries.filter(({ event }) => event === 'order.paid').length;
  if (completions > 1) {
    findings.violated('one_completion', `${document._id} was completed ${completions} times`);
  }
}

function acknowledgedCallbacksArrive({ sender, database, findings }: Watched): void {
  for (const [callbackId, number] of sender.acknowledged) {
    const entry = database.collection('callbacks').byId(callbackId);
    const order = orderDocuments(database).find(
      ({ merchantOrderNo, refunds }) =>
        merchantOrderNo === number || refunds.some(({ refundNo }) => refundNo === number),
    );
    const problem =
      entry === undefined
        ? 'is not in the inbox'
        : entry.processedAt === null
          ? 'was never processed'
          : entry.outcome === 'recorded' && !isRecorded(database, order, callbackId)
            ? 'is in no audit'
            : null;
    if (problem !== null) {
      findings.violated(
        'acknowledged_callbacks_arrive',
        `${callbackId} about ${number} ${problem}`,
      );
    }
  }
}

function isRecorded(
  database: Watched['database'],
  order: OrderDocument | undefined,
  callbackId: string,
): boolean {
  if (order === undefined) return false;
  return auditOf(database, order._id).some(({ data }) => data.callbackId === callbackId);
}

function eventsArePublishedOnce({ database, findings }: Watched): void {
  const feed = [...database.collection('events').documents];
  const positions = new Map(feed.map(({ _id, position }) => [String(_id), Number(position)]));
  const filled = [...positions.values()].sort((left, right) => left - right);
  const gap = filled.findIndex((position, index) => position !== index + 1);
  if (gap >= 0) findings.violated('events_are_published_once', `the feed has a gap at ${gap + 1}`);
  for (const { _id } of orderDocuments(database)) {
    let last = 0;
    for (const { id } of eventsOf(null, auditOf(database, _id))) {
      const position = positions.get(id);
      if (position === undefined || position < last) {
        const problem = position === undefined ? 'is not in the feed' : 'is out of order';
        findings.violated('events_are_published_once', `${id} ${problem}`);
      }
      last = position ?? last;
    }
  }
}
