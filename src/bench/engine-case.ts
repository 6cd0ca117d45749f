/** Orders per second of the engine alone: begun, told by a signal, one activity, done. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { bare } from './bare.workflow.js';
import { perSecond } from './http-cases.js';
import { inLanes } from './load.js';
import type { Stage } from './stage.js';

const LANES = 20;

export interface Engine {
  /** @returns runs per second */
  readonly round: (count: number) => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openEngine({ run, temporalAddress }: Stage): Promise<Engine> {
  const taskQueue = `bare-${randomUUID()}`;
  await run('./bare-worker.js', temporalAddress, taskQueue);
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection });
  return {
    round: async (count) => {
      const name = randomUUID();
      const numbers = Array.from({ length: count }, (_, index) => `${name}/${index}`);
      const startedMs = performance.now();
      await inLanes(numbers, LANES, async (number) => {
        const handle = await client.workflow.start<typeof bare>('bare', {
          workflowId: number,
          taskQueue,
          args: [number],
        });
        await handle.signal('paid');
        await handle.result();
      });
      return perSecond(count, startedMs);
    },
    close: async () => await connection.close(),
  };
}
