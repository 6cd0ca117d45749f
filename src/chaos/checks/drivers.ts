/** Whatever is still to be done has somebody who will do it, and who thinks of the order what its record says. */
import type { Client } from '@temporalio/client';
import { isFinal } from '../../domain/order-state.js';
import type { OrderDocument } from '../../store/order.model.js';
import { orderWorkflowId } from '../../workflows/order-messages.js';
import type { Evidence } from './evidence.js';

const AT_ONCE_MAX = 16;

/** @returns how many orders are still driven: watched for late money, or closing with long pauses */
export async function checkDrivers(
  { orders, findings }: Evidence,
  client: Client,
  overdueSinceMs: number,
): Promise<number> {
  const waiting: OrderDocument[] = [];
  for (const order of orders.values()) {
    const { nextActionAt, status, merchantOrderNo } = order;
    if (nextActionAt !== null) waiting.push(order);
    else if (!isFinal(status) && status !== 'review') {
      findings.add('orders_have_a_driver', merchantOrderNo, `${status}, and nothing is planned`);
    }
  }
  const rest = [...waiting];
  const work = async () => {
    for (let order = rest.pop(); order !== undefined; order = rest.pop()) {
      const problem = await problemOf(order, client, overdueSinceMs);
      if (problem !== null) findings.add('orders_have_a_driver', order.merchantOrderNo, problem);
      const thought = problem === null ? await thoughtOf(order, client) : null;
      if (thought !== null) findings.add('workflow_agrees', order.merchantOrderNo, thought);
    }
  };
  // All of them end before the connection may be closed: a call that is tried again on a closed one ends the process.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE_MAX }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return waiting.length;
}

async function problemOf(
  { merchantNo, merchantOrderNo, nextActionAt, status }: OrderDocument,
  client: Client,
  overdueSinceMs: number,
): Promise<string | null> {
  if (nextActionAt !== null && Date.parse(nextActionAt) < overdueSinceMs) {
    return `${status}, due since ${nextActionAt}`;
  }
  const handle = client.workflow.getHandle(orderWorkflowId(merchantNo, merchantOrderNo));
  const run = await handle.describe().catch(() => null);
  if (run?.status.name === 'RUNNING') return null;
  return `${status}, due at ${nextActionAt}, and its run is ${run?.status.name ?? 'gone'}`;
}

/** A run that has only just begun knows nothing yet. */
async function thoughtOf(
  { merchantNo, merchantOrderNo, status }: OrderDocument,
  client: Client,
): Promise<string | null> {
  const handle = client.workflow.getHandle(orderWorkflowId(merchantNo, merchantOrderNo));
  let summary: { readonly status: string } | null;
  try {
    summary = await handle.query<{ readonly status: string } | null>('status');
  } catch (error) {
    // A run that cannot be replayed says so here, long before anything is due for it.
    return `its run cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (summary === null || summary.status === status) return null;
  return `its run says ${summary.status}, the record ${status}`;
}
