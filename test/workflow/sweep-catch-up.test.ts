/** A writer died between audit and record, and no run is left that would write again. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { orderId } from '../../src/domain/order.js';
import { resolveReview } from '../../src/domain/review.js';
import { orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';

let environment: OrderEnvironment;

beforeAll(async () => {
  environment = await devEnvironment(new ScriptedGateway());
}, 60_000);
afterAll(async () => {
  await environment?.close();
});

it('when an order in review was called paid and the worker died with its run, then the sweep brings the record forward and tells the merchant', async () => {
  const { orders, events } = environment.stores;
  const request = orderRequest();
  const id = orderId(request.merchantNo, request.merchantOrderNo);
  await environment.seed(request, Date.now(), {
    status: 'review',
    reviewReason: 'amount_mismatch',
  });
  const before = await orders.load(id);
  if (before === null) throw new Error('no order');
  const resolution = { to: 'paid', reason: 'looked at it', actor: 'ann' } as const;
  const drafts = resolveReview(before.order, resolution, { sequence: 2, nowMs: Date.now() });
  const written = environment.database.model('Order').collection;
  const dies = vi
    .spyOn(written, 'updateOne')
    .mockRejectedValueOnce(new Error('the process is gone'));
  const write = orders.record({
    ...{ orderId: id, before, drafts: drafts ?? [], transitionId: 'resolved' },
    ...{ anomalies: [], healedAnomalies: [], processedCallbackIds: [] },
  });
  await expect(write).rejects.toThrow('the process is gone');
  dies.mockRestore();
  expect(await environment.order(request)).toMatchObject({ status: 'review' });

  const report = await environment.sweep();

  expect(report.recordsCaughtUp).toBe(1);
  expect(await environment.order(request)).toMatchObject({ status: 'paid' });
  expect(await environment.fault(request)).toBeNull();
  const feed = await events.list(request.merchantNo, { limit: 100 });
  const told = feed?.data.filter(({ data }) => data.merchantOrderNo === request.merchantOrderNo);
  expect(told?.map(({ type }) => type)).toContain('order.paid');
  expect((await environment.sweep()).recordsCaughtUp).toBe(0);
});

it('when there are more records than one look takes, then each has its turn', async () => {
  const { orders } = environment.stores;
  const requests = [orderRequest(), orderRequest(), orderRequest()];
  for (const request of requests) await environment.seed(request, Date.now());
  const seen: (string | null)[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { lookedTo }: { lookedTo: string | null } = await orders.behindAudit(after, 1);
    seen.push(lookedTo);
    after = lookedTo;
  }
  const ids = requests.map(({ merchantNo, merchantOrderNo }) =>
    orderId(merchantNo, merchantOrderNo),
  );
  expect(seen).toEqual(expect.arrayContaining(ids));
  expect(new Set(seen).size).toBe(seen.length);
});
