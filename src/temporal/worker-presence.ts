import type { Client } from '@temporalio/client';
import { gatewayTaskQueue } from './task-queues.js';

/** `TaskQueueType` of Temporal's API. */
const TASK_QUEUE_TYPES = { workflow: 1, activity: 2 } as const;

/**
 * A poll that finds no work is held for a minute by Temporal and then made again, so a worker that lives and has
 * nothing to do may be seen only once a minute; the rest is for a slow moment.
 */
const SEEN_WITHIN_MS = 75_000;

/** A Temporal that does not answer is not a missing worker: whoever asks must not wait for it. */
const ASK_DEADLINE_MS = 3_000;

export interface PolledQueue {
  readonly name: string;
  readonly type: keyof typeof TASK_QUEUE_TYPES;
}

/** Whether anybody takes the work of the orders. */
export interface WorkerPresence {
  /**
   * Whether every queue had a poller lately. A worker that was killed still counts for up to 75 s: Temporal tells when
   * a poller came, not when it left.
   * @throws {Error} when Temporal does not answer: then nothing is known
   */
  isWorkerPolling(): Promise<boolean>;
}

/** The queues without which an order stands still: its workflow's and that of the calls to the gateway. */
export function orderTaskQueues(orderTaskQueue: string): readonly PolledQueue[] {
  return [
    { name: orderTaskQueue, type: 'workflow' },
    { name: gatewayTaskQueue(orderTaskQueue), type: 'activity' },
  ];
}

/** @param seenWithinMs how old the latest poll of a queue may be */
export function createWorkerPresence(
  client: Client,
  taskQueues: readonly PolledQueue[],
  seenWithinMs = SEEN_WITHIN_MS,
): WorkerPresence {
  const lastPolledAtMs = async ({ name, type }: PolledQueue): Promise<number> => {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: TASK_QUEUE_TYPES[type],
    });
    const polledAtMs = (pollers ?? []).map(
      ({ lastAccessTime }) =>
        Number(lastAccessTime?.seconds ?? 0) * 1_000 + (lastAccessTime?.nanos ?? 0) / 1_000_000,
    );
    return Math.max(0, ...polledAtMs);
  };
  return {
    async isWorkerPolling() {
      const polledAtMs = await client.withDeadline(
        Date.now() + ASK_DEADLINE_MS,
        async () => await Promise.all(taskQueues.map(lastPolledAtMs)),
      );
      const seenSinceMs = Date.now() - seenWithinMs;
      return polledAtMs.every((atMs) => atMs >= seenSinceMs);
    },
  };
}
