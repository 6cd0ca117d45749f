/** A change of status as an audit entry: from, to, by which evidence, and what follows from the new status. */
import { assert } from './assert.js';
import type { AnomalyDraft, AuditDraft, JsonValue } from './audit.js';
import type { Order, OrderChanges, OrderDecision, OrderStatus, ReviewReason } from './order.js';
import { canTransition } from './order-state.js';
import { lateWatchFrom } from './schedule.js';

/** What a person should know about; when is told by whoever decides. */
export type OutcomeAnomaly = Omit<AnomalyDraft, 'at'>;

/** What evidence means for an order; empty means that nothing is decided by it. */
export interface Outcome {
  readonly to?: OrderStatus;
  readonly event?: string;
  readonly summary?: string;
  readonly changes?: OrderChanges;
  readonly anomalies?: readonly OutcomeAnomaly[];
  readonly wakesQuery?: boolean;
  /** Stable word for evidence of a special kind, such as `never_reached_gateway`. */
  readonly proof?: string;
}

/** The reasons that need a person are anomalies of the same name. */
export function reviewOutcome(
  reason: ReviewReason,
  options: { readonly summary: string; readonly changes?: OrderChanges },
): Outcome {
  return {
    to: 'review',
    event: 'order.review',
    summary: options.summary,
    changes: { ...options.changes, reviewReason: reason },
    anomalies: [{ kind: reason, detail: options.summary }],
  };
}

/** @throws {Error} when the transition table does not allow the change: a programmer's error */
export function decisionEntry(
  order: Order,
  outcome: Outcome,
  decidedBy: OrderDecision,
): AuditDraft {
  const to = outcome.to ?? order.status;
  const isAllowed = to === order.status || canTransition(order.status, to);
  assert(isAllowed, `no transition from ${order.status} to ${to}`);
  const data: Record<string, JsonValue> = {
    from: order.status,
    to,
    evidenceSequence: decidedBy.auditSequence,
  };
  if (outcome.proof !== undefined) data.proof = outcome.proof;
  if (outcome.changes?.reviewReason) data.reviewReason = outcome.changes.reviewReason;
  return {
    kind: 'decision',
    event: outcome.event ?? 'order.changed',
    at: decidedBy.at,
    summary: outcome.summary ?? '',
    data,
    changes: {
      ...closedChanges(order, to, decidedBy.at),
      ...outcome.changes,
      status: to,
      decidedBy,
    },
  };
}

/** Fields that follow from reaching a status. */
function closedChanges(order: Order, to: OrderStatus, at: string): OrderChanges {
  if (to === order.status) return {};
  const stopped: OrderChanges = { checks: { ...order.checks, nextAt: null } };
  if (to !== 'canceled') return stopped;
  return { ...stopped, canceledAt: at, lateWatch: lateWatchFrom(order.policy, Date.parse(at)) };
}
