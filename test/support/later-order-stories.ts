import { orderId } from '../../src/domain/order.js';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
import { eventually } from './eventually.js';
import { aCallback, answerOf, factsOf, orderRequest, uniqueOrderNo } from './order-builder.js';
import type { OrderStory } from './order-stories.js';

const DEADLINE_MS = 10_000;

/**
 * Whole lives of orders that came after version 0.1.0: refunds, a review that a person ends, a run that is started again
 * from the record, checks by the task. Each leaves a history that later versions of the workflow must be able to replay.
 */
export const LATER_ORDER_STORIES: Readonly<Record<string, OrderStory>> = {
  refunded: async ({ environment, gateway }) => {
    const request = orderRequest();
    gateway.script(request.merchantOrderNo, { query: () => answerOf(request, 'paid') });
    const { messenger } = environment;
    await messenger.createOrder(request, DEADLINE_MS);
    await messenger.verifyNow(request, 1, DEADLINE_MS);
    const refundNo = uniqueOrderNo();
    let asked = 0;
    gateway.scriptRefund(refundNo, () => {
      asked += 1;
      const facts = factsOf(request, {
        merchantOrderNo: refundNo,
        transactionKind: 'refund',
        state: asked === 1 ? 'paying' : 'paid',
        gatewayTransNo: `G-${refundNo}`,
      });
      return { answer: asked === 1 ? 'pending' : 'succeeded', facts, reply: {} };
    });
    await messenger.refund(
      request,
      {
        refundNo,
        amount: null,
        reason: 'returned goods',
        method: 'refund',
        requestedBy: 'shop',
        contentHash: 'refund',
      },
      DEADLINE_MS,
    );
    return request;
  },

  'review-resolved': async ({ environment }) => {
    const request = orderRequest();
    const { messenger } = environment;
    await messenger.createOrder(request, DEADLINE_MS);
    // One run: what ends the review arrives while the callback is being decided.
    await environment.stopWorker();
    const evidence = aCallback(factsOf(request, { amount: 1 }));
    await messenger.callbackReceived(request, evidence, DEADLINE_MS);
    const resolved = messenger.resolveReview(
      request,
      { to: 'refunded', reason: 'refunded in the dashboard', actor: 'ann' },
      DEADLINE_MS,
    );
    await environment.startWorker();
    await resolved;
    return request;
  },

  'started-again-from-its-record': async ({ environment }) => {
    const request = orderRequest();
    const { merchantNo, merchantOrderNo } = request;
    await environment.messenger.createOrder(request, DEADLINE_MS);
    const id = orderWorkflowId(merchantNo, merchantOrderNo);
    await environment.client.workflow.getHandle(id).terminate('lost');
    const evidence = aCallback(factsOf(request));
    await environment.messenger.callbackReceived(request, evidence, DEADLINE_MS);
    return request;
  },

  'checked-by-the-task': async ({ environment, gateway }) => {
    const request = orderRequest({
      checks: { strategy: 'scheduled', scheduleMs: [], intervalMs: 400, limit: 3 },
    });
    gateway.script(request.merchantOrderNo, {
      query: (call) => answerOf(request, call < 2 ? 'open' : 'paid'),
    });
    await environment.messenger.createOrder(request, DEADLINE_MS);
    const id = orderId(request.merchantNo, request.merchantOrderNo);
    await eventually('the task has found it paid', async () => {
      const task = { requestedBy: 'scheduled_task', actor: 'sweep' } as const;
      const order = (await environment.stores.orders.find(id))?.order;
      if (order?.status === 'paid') return true;
      await environment.messenger.checkDue(request, task, DEADLINE_MS);
      return false;
    });
    return request;
  },
};
