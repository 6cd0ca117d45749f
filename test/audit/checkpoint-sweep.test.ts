/** The sweep signs where the audits stand, with the real workflow and worker. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signingKey } from '../support/audit-builder.js';
import { orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const DEADLINE_MS = 10_000;
let environment: OrderEnvironment;

beforeEach(async () => {
  environment = await devEnvironment(new ScriptedGateway(), { auditSigningKey: signingKey() });
}, 60_000);
afterEach(async () => await environment?.close());

it('when a sweep finds orders that no checkpoint names, then it makes one, and the next sweep none', async () => {
  expect(await environment.sweep()).toMatchObject({ checkpointsMade: 0 });
  await environment.messenger.createOrder(orderRequest({ channel: 'pos' }), DEADLINE_MS);
  expect(await environment.sweep()).toMatchObject({ checkpointsMade: 1 });
  expect(await environment.sweep()).toMatchObject({ checkpointsMade: 0 });
});
