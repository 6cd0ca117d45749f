/** Queue of the order workflows in production; tests have one of their own each. */
const ORDER_TASK_QUEUE = 'payment-orders';

/**
 * Calls to the gateway have a queue of their own beside that of the workflows, so that their rate can be limited over
 * all workers.
 */
export function gatewayTaskQueue(orderTaskQueue: string): string {
  return orderTaskQueue === ORDER_TASK_QUEUE ? 'payment-gateway' : `${orderTaskQueue}-gateway`;
}
