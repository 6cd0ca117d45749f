/** Every callback that was acknowledged reached its order, once. */
import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../domain/audit.js';
import type { CallbackJob } from '../../gateway/simulator/simulator-callbacks.js';
import type { Evidence } from './evidence.js';

export function checkCallbacks(evidence: Evidence): void {
  for (const job of evidence.gateway.callbacks.values()) {
    if (!job.delivered) continue;
    const problem = problemOf(job, evidence);
    if (problem === null) continue;
    const detail = `${job.label}: ${problem}`;
    evidence.findings.add('acknowledged_callbacks_arrive', job.merchantOrderNo, detail);
  }
  for (const [orderId, entries] of evidence.audits) checkOnce(orderId, entries, evidence);
}

function problemOf(job: CallbackJob, evidence: Evidence): string | null {
  const { inbox, orders, ordersOfRefunds, audits } = evidence;
  // Source: the inbox knows a callback by the SHA-256 of its bytes.
  const callbackId = createHash('sha256').update(job.body).digest('hex');
  const entry = inbox.get(callbackId);
  if (entry === undefined) return 'it is not in the inbox';
  if (entry.processedAt === null) return 'it was never processed';
  const { outcome, facts } = entry;
  const number = job.merchantOrderNo ?? '';
  const order = orders.get(number) ?? ordersOfRefunds.get(number);
  if (order === undefined) return `its outcome is ${outcome}, and there is no order`;
  if (audits.get(order._id)?.some(({ data }) => data.callbackId === callbackId)) return null;
  // A payment that a query had proven before is not told to the order once more.
  const isKnown =
    facts?.gatewayTransNo === order.gatewayTransNo ||
    order.refunds.some(({ refundNo, settledAt }) => refundNo === number && settledAt !== null);
  return outcome === 'already_decided' && isKnown
    ? null
    : `its outcome is ${outcome}, and it is in no audit`;
}

/**
 * A crash between evidence and its decision leaves an entry that decided nothing, and the evidence is decided again:
 * such an entry is no second one.
 */
function checkOnce(orderId: string, entries: readonly AuditEntry[], { findings }: Evidence): void {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const { callbackId } = entry.data;
    if (typeof callbackId !== 'string' || isTorn(entry, entries[entry.sequence])) continue;
    counts.set(callbackId, (counts.get(callbackId) ?? 0) + 1);
  }
  const number = orderId.slice(orderId.indexOf('/') + 1);
  for (const [callbackId, count] of counts) {
    if (count > 1) findings.add('evidence_is_kept_once', number, `${callbackId}: ${count} times`);
  }
  const completions = entries.filter(({ event }) => event === 'order.paid').length;
  if (completions > 1) findings.add('one_completion', number, `completed ${completions} times`);
}

function isTorn({ changes, sequence }: AuditEntry, next: AuditEntry | undefined): boolean {
  const isMarked = changes.callbackIds !== undefined || changes.refunds !== undefined;
  return !isMarked && next?.data.evidenceSequence !== sequence;
}
