import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderWorkflowId } from '../../src/workflows/order-messages.js';
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

it('when a revoke is sent, then the worker is told when the open was answered that it stands on', async () => {
  const order = orderRequest();
  let isRevoked = false;
  gateway.script(order.merchantOrderNo, {
    query: () => answerOf(order, isRevoked ? 'closed' : 'open'),
    cancel: () => {
      isRevoked = true;
      return ACCEPTED;
    },
  });
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
  const id = orderWorkflowId(order.merchantNo, order.merchantOrderNo);
  const { events } = await environment.client.workflow.getHandle(id).fetchHistory();
  const basis = (events ?? [])
    .map(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled)
    .filter((scheduled) => scheduled?.activityType?.name === 'cancelOrder')
    .map((scheduled) =>
      JSON.parse(Buffer.from(scheduled?.input?.payloads?.[1]?.data ?? '').toString()),
    );
  const open = (await environment.audit(order)).filter(
    ({ event, data }) => event === 'query.answered' && data.answer === 'open',
  );
  expect(basis).toEqual([{ openAnsweredAt: open.at(-1)?.at }]);
});
