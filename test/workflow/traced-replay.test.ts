import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resource } from '@opentelemetry/resources';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { makeWorkflowExporter } from '@temporalio/interceptors-opentelemetry';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracing } from '../../src/tracing/open-telemetry.js';
import { bundleWorkflows } from '../../src/worker-bundle.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ORDER_STORIES } from '../support/order-stories.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

/** Tracing may be switched on and off while orders are open: a history of one bundle must replay on the other. */
const HISTORIES = fileURLToPath(new URL('./histories/', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const stored = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

let traced: WorkflowBundle;

beforeAll(async () => {
  traced = await bundleWorkflows(workflowsPath, true);
}, 60_000);

async function replayTraced(history: unknown): Promise<void> {
  const exporter = makeWorkflowExporter(
    new SimpleSpanProcessor(new InMemorySpanExporter()),
    new Resource({}),
  );
  await Worker.runReplayHistory({ workflowBundle: traced, sinks: { exporter } }, history);
}

async function replayPlain(history: unknown): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history);
}

describe('the traced bundle', () => {
  it.each(stored)('when %s was written without traces, then it replays with them', async (file) => {
    await replayTraced(JSON.parse(readFileSync(`${HISTORIES}${file}`, 'utf8')));
  });
});

describe.each([
  { mode: 'with traces', isTraced: true },
  { mode: 'without traces', isTraced: false },
])('histories written $mode', ({ isTraced }) => {
  const gateway = new ScriptedGateway();
  let environment: OrderEnvironment;

  beforeAll(async () => {
    // Nobody listens there: traces are lost, which must disturb nothing.
    const tracing = createTracing({ url: 'http://127.0.0.1:1', serviceName: 'test' });
    environment = await devEnvironment(
      gateway,
      isTraced ? { tracing, workflowBundle: traced } : {},
    );
  }, 60_000);
  afterAll(async () => {
    await environment?.close();
  });

  it.each(Object.entries(ORDER_STORIES))(
    'when an order lives through %s, then its history replays with traces and without',
    async (_name, live) => {
      const request = await live({ environment, gateway });
      const handle = environment.client.workflow.getHandle(
        orderWorkflowId(request.merchantNo, request.merchantOrderNo),
      );
      await handle.result();
      const history = await handle.fetchHistory();
      const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      expect(started?.header?.fields?.['_tracer-data'] !== undefined).toBe(isTraced);
      await replayPlain(history);
      await replayTraced(history);
    },
  );
});
