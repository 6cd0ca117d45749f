import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/domain/explain.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ORDER_STORIES } from '../support/order-stories.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { type RunningApi, startApi } from './api-environment.js';

const gateway = new ScriptedGateway();
let orders: OrderEnvironment;
let api: RunningApi;

beforeAll(async () => {
  orders = await devEnvironment(gateway);
  api = await startApi({ ...orders.stores, messenger: orders.messenger });
});

afterAll(async () => {
  await api.close();
  await orders.close();
});

describe('explaining an order', () => {
  it.each(Object.entries(ORDER_STORIES))(
    'when it lived through %s, then its status is explained by the evidence that its record names',
    async (_name, story) => {
      const { merchantNo, merchantOrderNo } = await story({ environment: orders, gateway });
      const workflowId = orderWorkflowId(merchantNo, merchantOrderNo);
      await orders.client.workflow.getHandle(workflowId).result();
      const order = await orders.order({ merchantNo, merchantOrderNo });
      const answer = await api.call('GET', `/v1/orders/${merchantOrderNo}/explain`);
      expect(answer.status).toBe(200);
      const told = answer.body as unknown as Explanation;
      expect(told.status).toBe(order.status);
      const decided = told.evidence.filter(({ role }) => role === 'decided');
      expect(decided.map(({ sequence }) => sequence)).toEqual([order.decidedBy?.auditSequence]);
      expect(told.because).toContain(`entry ${order.decidedBy?.auditSequence} of the audit`);
      expect(told.next.action).toBe('nothing');
    },
  );

  it('when there is no such order, then 404', async () => {
    expect((await api.call('GET', '/v1/orders/none/explain')).status).toBe(404);
  });
});
