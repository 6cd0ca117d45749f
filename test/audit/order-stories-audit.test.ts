/** Every life of an order, on the real workflow: its status comes out of its audit alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveOrder, findOrderFault } from '../../src/audit/order-proof.js';
import { orderId } from '../../src/domain/order.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ORDER_STORIES } from '../support/order-stories.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

const STORY_TIMEOUT_MS = 60_000;
const gateway = new ScriptedGateway();
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, STORY_TIMEOUT_MS);
afterAll(async () => await environment?.close());

describe('the audit alone', () => {
  it.each(Object.entries(ORDER_STORIES))(
    'when an order has lived through %s, then its audit gives its status and all else it is',
    async (_name, live) => {
      const request = await live({ environment, gateway });
      const workflowId = orderWorkflowId(request.merchantNo, request.merchantOrderNo);
      await environment.client.workflow.getHandle(workflowId).result();
      const entries = await environment.audit(request);
      const id = orderId(request.merchantNo, request.merchantOrderNo);
      const stored = await environment.stores.orders.find(id);
      expect(deriveOrder(entries)).toEqual({ order: stored?.order });
      if (stored === null) throw new Error('no order');
      const audited = { orderId: id, record: { orderId: id, ...stored }, entries, leaves: [] };
      expect(findOrderFault(audited)).toBeNull();
    },
    STORY_TIMEOUT_MS,
  );
});
