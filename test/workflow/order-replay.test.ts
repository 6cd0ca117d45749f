import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import type { sweep } from '../../src/workflows/sweep.workflow.js';
import { LATER_ORDER_STORIES } from '../support/later-order-stories.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ORDER_STORIES } from '../support/order-stories.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/**
 * Histories that released versions have written must replay on the workflow of today, or running orders would stop.
 * `SAVE_HISTORIES=<version> npm test -- order-replay` writes those of a new version beside the old ones, which stay.
 */
const STORIES = { ...ORDER_STORIES, ...LATER_ORDER_STORIES };
const HISTORIES = fileURLToPath(new URL('./histories/', import.meta.url));
const version = process.env.SAVE_HISTORIES;

const stored = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

interface HistoryJson {
  events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
}

function readHistory(file: string): HistoryJson {
  return JSON.parse(readFileSync(`${HISTORIES}${file}`, 'utf8')) as HistoryJson;
}

async function replay(history: unknown): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history);
}

describe('stored histories', () => {
  it('when histories are looked for, then there is one of every story', () => {
    for (const story of Object.keys(STORIES)) {
      expect(stored.filter((file) => file.startsWith(`orderPayment-${story}-`))).not.toEqual([]);
    }
  });

  it.each(stored)(
    'when %s is replayed, then today’s workflow takes the same steps',
    async (file) => {
      await replay(readHistory(file));
    },
  );

  it('when a history was tampered with, then the replay refuses it', async () => {
    const file = stored.find((name) => name.includes('exhausted-and-canceled')) ?? '';
    const history = readHistory(file);
    // As if the workflow of then had called something else where the one of today asks the gateway.
    const asked = history.events.find((event) => event.activityTaskScheduledEventAttributes);
    expect(asked?.activityTaskScheduledEventAttributes?.activityType.name).toBe('queryOrder');
    if (asked?.activityTaskScheduledEventAttributes !== undefined) {
      asked.activityTaskScheduledEventAttributes.activityType.name = 'askSomebodyElse';
    }
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });
});

describe('histories of today', () => {
  const gateway = new ScriptedGateway();
  let environment: OrderEnvironment;

  beforeAll(async () => {
    environment = await devEnvironment(gateway);
  }, 60_000);
  afterAll(async () => {
    await environment?.close();
  });

  it.each(Object.entries(STORIES))(
    'when an order lives through %s, then its history replays',
    async (name, live) => {
      const request = await live({ environment, gateway });
      const handle = environment.client.workflow.getHandle(
        orderWorkflowId(request.merchantNo, request.merchantOrderNo),
      );
      await handle.result();
      const history = await handle.fetchHistory();
      await replay(history);
      save(`orderPayment-${name}`, history);
    },
  );

  it('when a sweep has done all its work, then its history replays', async () => {
    const workflowId = `sweep-${randomUUID()}`;
    const { client, taskQueue } = environment;
    await client.workflow.execute<typeof sweep>('sweep', { workflowId, taskQueue });
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    await replay(history);
    save('sweep-whole', history);
  });
});

/** Histories of a version that was released stay as they are: only what is not there yet is written. */
function save(name: string, history: Parameters<typeof historyToJSON>[0]): void {
  const file = `${HISTORIES}${name}-${version}.json`;
  if (version === undefined || existsSync(file)) return;
  mkdirSync(HISTORIES, { recursive: true });
  writeFileSync(file, `${historyToJSON(history)}\n`);
}
