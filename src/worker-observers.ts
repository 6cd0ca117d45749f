import type { Logger } from 'pino';
import type { GatewayCallObserver } from './activities/gateway.activities.js';
import type { TransitionObserver } from './activities/order-store.activities.js';
import type { RepairObserver } from './activities/sweep.activities.js';
import { type AuditDraft, applyDrafts } from './domain/audit.js';
import type { Order } from './domain/order.js';
import { isFinal } from './domain/order-state.js';
import { truthSourceOf } from './domain/truth-source.js';
import type { Metrics } from './metrics.js';
import type { MinuteRecorder } from './monitoring/minute-recorder.js';
import { countGatewayCalls, countTransitions } from './monitoring/process-counts.js';
import { logDecisions, logGatewayCalls } from './worker-log.js';

/** Everything that is told to the worker's activities' observers: metrics, the counts of the minute, the log. */
export function observersOf(metrics: Metrics, recorder: MinuteRecorder, logger: Logger) {
  const logCall = logGatewayCalls(logger);
  const logTransition = logDecisions(logger);
  const measureCall = observeGatewayCalls(metrics);
  const countCall = countGatewayCalls(recorder);
  const measureTransition = observeTransitions(metrics);
  const countTransition = countTransitions(recorder);
  const observeCall: GatewayCallObserver = (...call) => {
    measureCall(...call);
    countCall(...call);
    logCall(...call);
  };
  const observeTransition: TransitionObserver = (request) => {
    measureTransition(request);
    countTransition(request);
    logTransition(request);
  };
  return { observeCall, observeTransition, observeRepairs: observeRepairs(metrics) };
}

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
    const order = before?.order ?? (drafts[0]?.changes as Order);
    for (const { changes } of drafts) {
      if (changes.status !== undefined) {
        metrics.orders.inc({ channel: order.channel, status: changes.status });
      }
      // Whatever the policy made of it: all of it is money that nobody expected any more.
      if (changes.lateMoney !== undefined && changes.lateMoney !== null) metrics.latePaid.inc();
    }
    observePaid(metrics, order, drafts);
    observeEnd(metrics, order, before === null, drafts);
  };
}

/** The record calls a question of the schedule a check; the metric's name for it is `poll`. */
const SOURCE_LABELS = {
  callback: 'callback',
  check: 'poll',
  verify: 'verify',
  operator: 'operator',
} as const;

function observePaid(metrics: Metrics, order: Order, drafts: readonly AuditDraft[]): void {
  const source = truthSourceOf(drafts);
  const decision = drafts.find(({ changes }) => changes.status === 'paid');
  if (source === null || decision === undefined) return;
  const seconds = (Date.parse(decision.at) - Date.parse(order.createdAt)) / 1_000;
  metrics.orderConfirmation.observe(
    { channel: order.channel, source: SOURCE_LABELS[source] },
    // Clocks of two machines differ.
    Math.max(0, seconds),
  );
}

/** Refunds and late money move an order that was final before: they end nothing. */
function observeEnd(
  metrics: Metrics,
  order: Order,
  isNew: boolean,
  drafts: readonly AuditDraft[],
): void {
  const after = applyDrafts(order, drafts);
  const wasFinal = !isNew && isFinal(order.status);
  if (!wasFinal && isFinal(after.status)) metrics.pollAttempts.observe(after.checks.done);
}
