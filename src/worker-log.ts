/** The worker's lines about orders: one for each call to the gateway, one for each change of a record. */
import { asyncLocalStorage } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { GatewayCallObserver } from './activities/gateway.activities.js';
import type { TransitionObserver } from './activities/order-store.activities.js';
import type { Order } from './domain/order.js';

type LineLogger = Pick<Logger, 'debug' | 'info' | 'warn'>;

/**
 * One line for each call to the gateway. A payer's page asks every two seconds: its questions are told on level debug
 * as long as they are answered, whatever has no answer that can be believed is a warning.
 */
export function logGatewayCalls(logger: LineLogger): GatewayCallObserver {
  return (operation, outcome, durationMs, { question, ...details }) => {
    const fields = {
      event: 'gateway.called',
      ...{ operation, outcome, durationMs },
      ...known({ ...details, question }),
      ...activityFields(),
    };
    const level = outcome === 'unknown' ? 'warn' : question === 'verify' ? 'debug' : 'info';
    logger[level](fields, `gateway ${operation}: ${outcome}`);
  };
}

/** One line for each entry of the audit that changes what an order is, under the entry's own name. */
export function logDecisions(logger: LineLogger): TransitionObserver {
  return ({ before, drafts, transitionId }) => {
    // The changes of an order's first entry hold the whole order.
    const { merchantOrderNo } = (before?.order ?? drafts[0]?.changes ?? {}) as Partial<Order>;
    for (const { kind, event, changes } of drafts) {
      const isTold = kind === 'decision' || kind === 'operator' || changes.status !== undefined;
      if (!isTold) continue;
      const fields = {
        event,
        merchantOrderNo,
        ...known({ status: changes.status, reviewReason: changes.reviewReason }),
        ...known({ source: changes.decidedBy?.source }),
        transitionId,
        ...activityFields(),
      };
      logger.info(fields, event);
    }
  };
}

/** What ties a line to the run in Temporal. Empty outside of an activity. */
export function activityFields(): object {
  const info = asyncLocalStorage.getStore()?.info;
  if (info === undefined) return {};
  return known({
    workflowId: info.workflowExecution?.workflowId,
    runId: info.workflowExecution?.runId,
    activityId: info.activityId,
    attempt: info.attempt,
  });
}

function known(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
