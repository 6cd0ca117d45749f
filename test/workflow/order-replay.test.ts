import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ORDER_STORIES } from '../support/order-stories.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/**
 * Histories that released versions have written must replay on the workflow of today, or running orders would stop.
 * `SAVE_HISTORIES=<version> npm test -- order-replay` writes those of a new version beside the old ones, which stay.
 */
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
    for (const story of Object.keys(ORDER_STORIES)) {
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

  it.each(Object.entries(ORDER_STORIES))(
    'when an order lives through %s, then its history replays',
    async (name, live) => {
      const request = await live({ environment, gateway });
      const handle = environment.client.workflow.getHandle(
        orderWorkflowId(request.merchantNo, request.merchantOrderNo),
      );
      await handle.result();
      const history = await handle.fetchHistory();
      await replay(history);
      if (version !== undefined) {
        mkdirSync(HISTORIES, { recursive: true });
        const file = `${HISTORIES}orderPayment-${name}-${version}.json`;
        writeFileSync(file, `${historyToJSON(history)}\n`);
      }
    },
  );
});
