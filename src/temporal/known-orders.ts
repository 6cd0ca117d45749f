/** What the runs of orders know, open and closed ones alike: Temporal keeps closed ones for its retention. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { KnownOrder } from '../domain/restored-entry.js';
import { ORDER_WORKFLOW_TYPE, recordQuery } from '../workflows/order-messages.js';

/** A run is replayed by a worker to answer; one that takes longer has no worker, or fails to replay. */
const ANSWER_DEADLINE_MS = 10_000;

export interface RunKnowledge {
  readonly workflowId: string;
  readonly runId: string;
  readonly isOpen: boolean;
  /** `null` when the run never saw an order. */
  readonly known: KnownOrder | null;
  /** Why the run could not be asked; `null` when it was. */
  readonly failure: string | null;
}

/**
 * Asks every run that was open at the given time or later. Needs a running worker.
 * @param among.since RFC 3339
 */
export async function* knownOrders(
  client: Client,
  among: { readonly taskQueue: string; readonly since: string },
): AsyncIterable<RunKnowledge> {
  const query = [
    `WorkflowType = "${ORDER_WORKFLOW_TYPE}"`,
    `TaskQueue = "${among.taskQueue}"`,
    `(ExecutionStatus = "Running" OR CloseTime >= "${among.since}")`,
  ].join(' AND ');
  for await (const run of client.workflow.list({ query })) yield await askRun(client, run);
}

async function askRun(client: Client, run: WorkflowExecutionInfo): Promise<RunKnowledge> {
  const { workflowId, runId } = run;
  const about = { workflowId, runId, isOpen: run.status.name === 'RUNNING' };
  try {
    const known = await client.withDeadline(
      Date.now() + ANSWER_DEADLINE_MS,
      async () => await client.workflow.getHandle(workflowId, runId).query(recordQuery),
    );
    return { ...about, known, failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { ...about, known: null, failure };
  }
}
