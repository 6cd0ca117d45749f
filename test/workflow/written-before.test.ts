/** A worker dies with a task that has written; the task is done anew, at another time. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answerOf, orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';

const DEADLINE_MS = 10_000;
const gateway = new ScriptedGateway();
let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(gateway);
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

// Counted twice, a cancel that was not sent hid one that was: the order was called paid, and the money had gone back.
it.each(['create.answered', 'cancel.answered'])(
  'when %s was written by a task that was lost, then it is in the audit once',
  async (event) => {
    const order = orderRequest();
    let isRevoked = false;
    gateway.script(order.merchantOrderNo, {
      query: () => answerOf(order, isRevoked ? 'closed' : 'open'),
      cancel: () => {
        isRevoked = true;
        return ACCEPTED;
      },
    });
    const { orders } = environment.stores;
    const record = orders.record.bind(orders);
    let losses = 0;
    const spy = vi.spyOn(orders, 'record').mockImplementation(async (request) => {
      const [draft] = request.drafts;
      if (draft?.event === event && losses === 0) {
        losses += 1;
        const at = new Date(Date.parse(draft.at) - 1).toISOString();
        await record({ ...request, drafts: [{ ...draft, at }] });
      }
      return await record(request);
    });
    try {
      await environment.messenger.createOrder(order, DEADLINE_MS);
      await environment.messenger.cancel(
        order,
        { requestedBy: 'merchant', actor: 'shop' },
        DEADLINE_MS,
      );
      await eventually(
        'it is canceled',
        async () => (await environment.order(order)).status === 'canceled',
      );
    } finally {
      spy.mockRestore();
    }
    expect(losses).toBe(1);
    const events = (await environment.audit(order)).map((entry) => entry.event);
    expect(events.filter((each) => each === event)).toHaveLength(1);
    expect((await environment.order(order)).closing).toMatchObject({ possibleRevokes: 1 });
    expect(await environment.fault(order)).toBeNull();
  },
);
