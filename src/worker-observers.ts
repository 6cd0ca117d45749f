import type { GatewayCallObserver } from './activities/gateway.activities.js';
import type { TransitionObserver } from './activities/order-store.activities.js';
import type { RepairObserver } from './activities/sweep.activities.js';
import type { AuditDraft } from './domain/audit.js';
import type { Order } from './domain/order.js';
import type { Metrics } from './metrics.js';

/** Feeds the metric of what the sweep healed. */
export function observeRepairs(metrics: Metrics): RepairObserver {
  return (kind, count) => metrics.repairs.inc({ kind }, count);
}

/** Feeds the metrics of gateway calls. */
export function observeGatewayCalls(metrics: Metrics): GatewayCallObserver {
  return (operation, outcome, durationMs) => {
    metrics.gatewayRequests.inc({ operation, outcome });
    metrics.gatewayRequestDuration.observe({ operation }, durationMs / 1_000);
    if (operation === 'cancel') metrics.cancels.inc({ result: outcome });
  };
}

/** Feeds the metrics of orders: what they became, and how long it took to know that they are paid. */
export function observeTransitions(metrics: Metrics): TransitionObserver {
  return ({ before, drafts }) => {
    for (const draft of drafts) {
      const status = draft.changes.status;
      const order = before?.order ?? (drafts[0]?.changes as Order);
      if (status === undefined) continue;
      metrics.orders.inc({ channel: order.channel, status });
      if (status === 'paid') observePaid(metrics, order, draft);
      if (draft.changes.reviewReason === 'late_payment') metrics.latePaid.inc();
    }
  };
}

function observePaid(metrics: Metrics, order: Order, draft: AuditDraft): void {
  const source = draft.changes.decidedBy?.source ?? 'query';
  const seconds = (Date.parse(draft.at) - Date.parse(order.createdAt)) / 1_000;
  metrics.orderConfirmation.observe({ channel: order.channel, source }, seconds);
}
