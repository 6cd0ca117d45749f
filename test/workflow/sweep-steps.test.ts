/** One step of the sweep fails: the others are taken all the same. */
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyStatistics, minuteOf } from '../../src/domain/statistics.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const MINUTE_MS = 60_000;
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(new ScriptedGateway());
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

it('when the first step of a sweep fails, then the watch looks all the same, and the sweep counts as failed', async () => {
  const { callbacks, statistics, anomalies } = environment.stores;
  const minute = minuteOf(Date.now() - MINUTE_MS);
  await statistics.write(uniqueOrderNo(), { ...emptyStatistics(minute), signatureFailures: 10 });
  callbacks.unprocessed = async () => await Promise.reject(new Error('the inbox cannot be read'));

  const failure = await environment.sweep().catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(WorkflowFailedError);
  expect(failure).toMatchObject({
    cause: { type: 'SweepIncomplete', message: '1 of 8 steps failed' },
  });
  expect(await anomalies.find(anomalyId('signature_failures', 'callbacks'))).toMatchObject({
    healedAt: null,
  });
});
