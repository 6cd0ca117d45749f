import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCurrent } from '../../src/temporal/worker-deployments.js';
import { eventually } from '../support/eventually.js';
import { aCallback, answerOf, factsOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { workflowBundle } from '../support/order-worker.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const DEADLINE_MS = 10_000;
const gateway = new ScriptedGateway();
let environment: OrderEnvironment;
let worker: { stop(): Promise<void> } | null = null;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
});
afterAll(async () => {
  await worker?.stop();
  await environment?.close();
});

describe('workers that get builds for the first time', () => {
  it('when runs began on workers without one, then they go on with the first build', async () => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'open') });
    await environment.messenger.createOrder(request, DEADLINE_MS);
    const build = { deploymentName: environment.taskQueue, buildId: '1' };

    worker = await environment.startWorkerOf(build, await workflowBundle());
    await eventually('the first build is current', async () => {
      await makeCurrent(environment.client, build);
      return true;
    });
    await environment.stopWorker();
    const evidence = aCallback(factsOf(request));
    await environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);

    await eventually(
      'it is paid',
      async () => (await environment.order(request)).status === 'paid',
    );
    expect(await environment.fault(request)).toBeNull();
  });
});
