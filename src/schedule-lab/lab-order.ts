/** A stored order as the schedule lab needs it: read from its audit alone. Pure. */
import type { AuditEntry } from '../domain/audit.js';
import type { Order, OrderChecks } from '../domain/order.js';
import type { LabOrder } from './simulate-schedule.js';

/** Why an order says nothing about schedules. */
export type Unusable = 'no_audit' | 'not_finished' | 'late_or_reviewed';

/** @returns the order, or why it is of no use */
export function labOrder(entries: readonly AuditEntry[]): LabOrder | Unusable {
  const [first] = entries;
  if (first === undefined || first.kind !== 'create') return 'no_audit';
  const created = first.changes as Order;
  const createdAtMs = Date.parse(created.createdAt);
  const truth = truthOf(entries, createdAtMs);
  if (typeof truth === 'string') return truth;
  return {
    orderId: first.orderId,
    createdAtMs,
    scheduleMs: gapsOf(created.checks),
    truth,
    callbackAtMs: firstPaidCallbackMs(entries),
    checksMade: entries.filter(isCountedCheck).length,
  };
}

/** The first decision that ends the payment: what follows it (refunds, late money) is no matter of the schedule. */
function truthOf(
  entries: readonly AuditEntry[],
  createdAtMs: number,
): LabOrder['truth'] | Unusable {
  for (const entry of entries) {
    if (entry.kind !== 'decision') continue;
    const atMs = Date.parse(entry.at);
    const { status, paidAt, decidedBy } = entry.changes;
    if (status === 'review' || decidedBy?.source === 'operator') return 'late_or_reviewed';
    if (status === 'paid') {
      // Clocks differ: it was not paid before it was there, nor after we knew it.
      const paidAtMs = paidAt === null || paidAt === undefined ? atMs : Date.parse(paidAt);
      const truthMs = Math.min(Math.max(paidAtMs, createdAtMs), atMs);
      return { is: 'paid', atMs: truthMs };
    }
    if (status === 'canceled') {
      const isLate = entries.some(({ changes }) => changes.lateMoney != null);
      return isLate ? 'late_or_reviewed' : unpaidEnding(entries);
    }
  }
  return 'not_finished';
}

function unpaidEnding(entries: readonly AuditEntry[]): LabOrder['truth'] {
  const closing = entries.find(({ event }) => event === 'order.canceling')?.changes.closing;
  return closing != null && closing.requestedBy !== 'schedule'
    ? { is: 'stopped', atMs: Date.parse(closing.startedAt) }
    : { is: 'unpaid' };
}

/** Once an order is paid its later callbacks are not audited: `null` then says that the checks were first. */
function firstPaidCallbackMs(entries: readonly AuditEntry[]): number | null {
  const callback = entries.find(({ kind, data }) => {
    const facts = data.facts as { readonly state?: string; readonly transactionKind?: string };
    return kind === 'callback' && facts?.state === 'paid' && facts.transactionKind === 'sale';
  });
  return callback === undefined ? null : Date.parse(callback.at);
}

/** Only checks that count move the schedule on. */
function isCountedCheck({ kind, changes }: AuditEntry): boolean {
  return kind === 'query' && changes.checks !== undefined;
}

function gapsOf(checks: OrderChecks): readonly number[] {
  return checks.strategy === 'scheduled'
    ? Array.from({ length: checks.limit }, () => checks.intervalMs)
    : checks.scheduleMs;
}
