/** A revoke gives back what is paid: the `open` that it stands on must be fresh when it is sent, not when it was heard. */
import { expect, it } from 'vitest';
import { createGatewayActivities } from '../../src/activities/gateway.activities.js';
import { orderRequest } from '../support/order-builder.js';
import { ACCEPTED, ScriptedGateway } from '../support/scripted-gateway.js';

const NOW_MS = Date.parse('2026-01-01T00:01:00.000Z');

async function revoked(openAgeMs: number | null) {
  const gateway = new ScriptedGateway();
  const order = orderRequest();
  gateway.script(order.merchantOrderNo, { cancel: () => ACCEPTED });
  const observed: string[] = [];
  const { cancelOrder } = createGatewayActivities({
    gateway,
    now: () => NOW_MS,
    observeCall: (operation) => observed.push(operation),
  });
  const { merchantNo, merchantOrderNo } = order;
  const request = { merchantNo, merchantOrderNo, method: 'revoke', terminalSn: null } as const;
  const evidence =
    openAgeMs === null
      ? await cancelOrder(request)
      : await cancelOrder(request, {
          openAnsweredAt: new Date(NOW_MS - openAgeMs).toISOString(),
        });
  return { evidence, sent: gateway.operations(merchantOrderNo), observed };
}

it('when the answer was under way for more than 20 s, then nothing is sent, and surely so', async () => {
  const { evidence, sent, observed } = await revoked(20_001);
  expect(evidence).toMatchObject({ outcome: 'refused', code: null, method: 'revoke' });
  expect(sent).toEqual([]);
  expect(observed).toEqual([]);
});

it.each([20_000, 0, -1_500])('when it is %s ms old, then it is sent', async (openAgeMs) => {
  const { evidence, sent } = await revoked(openAgeMs);
  expect(evidence.outcome).toBe('accepted');
  expect(sent).toEqual(['cancel:revoke']);
});

it('when a run of the version before does not say how old it is, then it is sent as it was then', async () => {
  expect((await revoked(null)).sent).toEqual(['cancel:revoke']);
});
