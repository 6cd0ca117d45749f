import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { CallbackActivities } from '../activities/callback.activities.js';
import type { GatewayActivities } from '../activities/gateway.activities.js';
import type { OrderStoreActivities } from '../activities/order-store.activities.js';
import { gatewayTaskQueue } from '../temporal/task-queues.js';

/** The gateway client gives up after 10 s; more than twice that means that the worker is gone. */
const GATEWAY_CALL_TIMEOUT = '25 seconds';

/** Closing outranks what changes something, that the schedule, and that the pages that poll. */
export const PRIORITIES = { closing: 1, command: 2, scheduled: 3, onDemand: 5 } as const;

/** A question that finds no worker in this time is answered `unknown`: the order's other messages must not wait for it. */
const QUESTION_TIMEOUTS = {
  closing: '60 seconds',
  command: '60 seconds',
  scheduled: '60 seconds',
  onDemand: '20 seconds',
} as const;

/**
 * Asking changes nothing, so a lost worker is simply asked again. What the gateway answers, or does not answer, is a
 * result and not a failure: the schedule decides when to ask again.
 */
export function gatewayQueries(priority: keyof typeof PRIORITIES, summary: string) {
  return proxyActivities<Pick<GatewayActivities, 'queryOrder' | 'queryRefund'>>({
    taskQueue: gatewayTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: GATEWAY_CALL_TIMEOUT,
    summary,
    scheduleToCloseTimeout: QUESTION_TIMEOUTS[priority],
    priority: { priorityKey: PRIORITIES[priority] },
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  });
}

/** Calls that change something are made once: after an unknown outcome the gateway is asked, never told again. */
export function gatewayCommands(summary: string) {
  return proxyActivities<Pick<GatewayActivities, 'createOrder' | 'refundOrder'>>({
    taskQueue: gatewayTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: GATEWAY_CALL_TIMEOUT,
    summary,
    priority: { priorityKey: PRIORITIES.command },
    retry: { maximumAttempts: 1 },
  });
}

/**
 * A cancel must follow the signed `open` at once: one that finds no worker in this time is not sent, and the gateway is
 * asked again first.
 */
export function gatewayCancels(summary: string) {
  return proxyActivities<Pick<GatewayActivities, 'cancelOrder'>>({
    taskQueue: gatewayTaskQueue(workflowInfo().taskQueue),
    scheduleToStartTimeout: '5 seconds',
    startToCloseTimeout: GATEWAY_CALL_TIMEOUT,
    summary,
    priority: { priorityKey: PRIORITIES.closing },
    retry: { maximumAttempts: 1 },
  });
}

/**
 * The record is written without limit: evidence that is known must get there. Local, because each saves the server
 * most of the cost of an activity; a write is short and a repeated one finds itself.
 */
export const orderRecord = orderRecordWith('');

/** @param summary what is written, for whoever looks at the run */
export function orderRecordWith(summary: string) {
  return proxyLocalActivities<OrderStoreActivities>({
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '100 ms', backoffCoefficient: 2, maximumInterval: '5 seconds' },
    ...(summary === '' ? {} : { summary }),
  });
}

/** Bringing a carried callback to the inbox and to its order: until it succeeds. */
export const callbackCarriage = proxyActivities<CallbackActivities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});
