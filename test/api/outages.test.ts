/** MongoDB or Temporal away, silent, or both: nothing is ever called unpaid, and no callback is lost in silence. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCallbackActivities } from '../../src/activities/callback.activities.js';
import type { Config } from '../../src/config/config.js';
import { createCallbackVerifier } from '../../src/gateway/codepay/codepay-callback-verifier.js';
import { createBodySealer } from '../../src/store/body-sealer.js';
import type { SealedCallback } from '../../src/temporal/order-messenger.js';
import { TemporalOrderMessenger } from '../../src/temporal/temporal-order-messenger.js';
import { eventually } from '../support/eventually.js';
import { MERCHANT_NO, orderRequest, uniqueOrderNo } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import {
  callbackFields,
  type RunningApi,
  sendCallback,
  signedBody,
  startApi,
} from './api-environment.js';
import { type Outages, outages, type Ports } from './outage-environment.js';

/** CodePay waits 5 s; the promise is 4 s. */
const ACKNOWLEDGE_WITHIN_MS = 4_000;

/** A task queue without a worker: what is put there stays. */
const unattendedQueue = `unattended-${randomUUID()}`;

let orders: OrderEnvironment;
let without: Outages;

beforeAll(async () => {
  orders = await devEnvironment(new ScriptedGateway());
  without = await outages();
});

afterAll(async () => {
  await without.close();
  await orders.close();
});

async function withApi(ports: Ports, work: (api: RunningApi) => Promise<void>): Promise<void> {
  const api = await startApi({ ...ports.stores, messenger: ports.messenger });
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

async function timed<T>(work: Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const startedMs = Date.now();
  return { answer: await work, tookMs: Date.now() - startedMs };
}

function paidCallback(merchantOrderNo = uniqueOrderNo()) {
  const body = signedBody(callbackFields(merchantOrderNo));
  return { body, callbackId: createHash('sha256').update(body).digest('hex') };
}

const newOrderBody = () => ({
  merchantOrderNo: uniqueOrderNo(),
  channel: 'pos',
  amount: 1_050,
  currency: 'USD',
});

describe.each(['away', 'silent'] as const)('while MongoDB is %s', (how) => {
  const ports = () => ({ stores: without[how].stores, messenger: orders.messenger });

  it('when an order is created or read, then 503 with Retry-After', async () => {
    await withApi(ports(), async (api) => {
      const calls = [
        ['POST', '/v1/orders', newOrderBody()],
        ['GET', '/v1/orders', undefined],
        ['GET', '/v1/orders/A-1', undefined],
        ['GET', '/v1/orders/A-1/audit', undefined],
        ['POST', '/v1/orders/A-1/cancel', undefined],
        ['POST', '/v1/orders/A-1/pay', undefined],
        ['POST', '/v1/orders/A-1/verify-token', undefined],
      ] as const;
      const answers = await Promise.all(
        calls.map(([method, path, body]) => api.call(method, path, { body })),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(503);
        expect(answer.body.code).toBe('unavailable');
        expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      }
    });
  });

  it('when the payer asks, then the answer is to check later, never unpaid', async () => {
    await withApi(ports(), async (api) => {
      const answers = [
        await api.call('GET', '/v1/orders/A-1/verify'),
        await api.call('POST', '/v1/orders/A-1/pos-result', { body: { responseCode: '000' } }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(503);
        expect(answer.body).toMatchObject({ code: 'unavailable', nextAction: 'check_later' });
        expect(answer.body).not.toHaveProperty('paid');
        expect(answer.headers.get('Cache-Control')).toBe('no-store');
      }
    });
  });

  it('when a callback comes, then Temporal carries it sealed and it is acknowledged in time', async () => {
    const { merchantOrderNo } = await orders.seed(orderRequest(), Date.now());
    const { body, callbackId } = paidCallback(merchantOrderNo);
    const messenger = new TemporalOrderMessenger(orders.client, unattendedQueue);
    await withApi({ stores: without[how].stores, messenger }, async (api) => {
      const { answer, tookMs } = await timed(sendCallback(api, body));
      expect([answer.status, answer.text]).toEqual([200, 'success']);
      expect(tookMs).toBeLessThan(ACKNOWLEDGE_WITHIN_MS);
      expect((await sendCallback(api, body)).text).toBe('success');

      const carried = await carriedBy(`callback/${callbackId}`);
      expect(JSON.stringify(carried)).not.toContain('pay_user_account_id');
      await storeCarried(carried, api.config);
      await eventually('paid', async () => {
        const stored = await orders.stores.orders.find(`${MERCHANT_NO}/${merchantOrderNo}`);
        return stored?.order.status === 'paid';
      });
    });
  });
});

/** What lies in Temporal for the worker; taken out here, because the worker of these tests has other keys. */
async function carriedBy(workflowId: string): Promise<SealedCallback> {
  const handle = orders.client.workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  await handle.terminate('taken out');
  return JSON.parse(Buffer.from(input ?? []).toString()) as SealedCallback;
}

/** What the worker does with it once MongoDB is back. */
async function storeCarried(carried: SealedCallback, config: Config): Promise<void> {
  const activities = createCallbackActivities({
    ...orders.stores,
    messenger: orders.messenger,
    now: Date.now,
    merchantNo: MERCHANT_NO,
    verifier: createCallbackVerifier({
      appId: config.codepay.appId,
      publicKeys: config.codepay.publicKeys,
    }),
    bodySealer: createBodySealer(config.verifyTokenSecret),
  });
  await activities.storeCarriedCallback(carried);
}

describe('while Temporal is away', () => {
  const ports = () => ({ stores: orders.stores, messenger: without.away.messenger });

  it('when an order is created, canceled or paid again, then 503 with Retry-After', async () => {
    const { merchantOrderNo } = await orders.seed(orderRequest(), Date.now());
    await withApi(ports(), async (api) => {
      const { answer: answers, tookMs } = await timed(
        Promise.all([
          api.call('POST', '/v1/orders', { body: newOrderBody() }),
          api.call('POST', `/v1/orders/${merchantOrderNo}/cancel`),
          api.call('POST', `/v1/orders/${merchantOrderNo}/pay`),
        ]),
      );
      expect(tookMs).toBeLessThan(9_000);
      for (const answer of answers) {
        expect(answer.status).toBe(503);
        expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      }
    });
  });

  it('when an order is there, then it is read, verified and created again from the record', async () => {
    const body = { ...newOrderBody() };
    await withApi({ stores: orders.stores, messenger: orders.messenger }, async (api) => {
      expect((await api.call('POST', '/v1/orders', { body })).status).toBe(201);
    });
    await withApi(ports(), async (api) => {
      const path = `/v1/orders/${body.merchantOrderNo}`;
      expect((await api.call('GET', path)).status).toBe(200);
      expect((await api.call('POST', '/v1/orders', { body })).status).toBe(200);
      const { answer, tookMs } = await timed(api.call('GET', `${path}/verify`));
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ paid: false, nextAction: 'check_later' });
      expect(tookMs).toBeLessThan(4_000);
    });
  });

  it('when a callback comes, then it is acknowledged, and the same bytes deliver it later', async () => {
    const { merchantOrderNo } = await orders.seed(orderRequest(), Date.now());
    const { body, callbackId } = paidCallback(merchantOrderNo);
    await withApi(ports(), async (api) => {
      expect((await sendCallback(api, body)).text).toBe('success');
    });
    const { callbacks } = orders.stores;
    expect(await callbacks.find(callbackId)).toMatchObject({ deliveredAt: null, count: 1 });
    await withApi({ stores: orders.stores, messenger: orders.messenger }, async (api) => {
      expect((await sendCallback(api, body)).text).toBe('success');
      await eventually('paid', async () => {
        return (await api.call('GET', `/v1/orders/${merchantOrderNo}`)).body.status === 'paid';
      });
    });
  });
});

describe.each(['away', 'silent'] as const)('while both are %s', (how) => {
  const ports = () => without[how];
  it('when a callback comes, then 503 in time, so that it is sent again', async () => {
    await withApi(ports(), async (api) => {
      const { answer, tookMs } = await timed(sendCallback(api, paidCallback().body));
      expect(answer.status).toBe(503);
      expect(answer.body.code).toBe('unavailable');
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(tookMs).toBeLessThan(ACKNOWLEDGE_WITHIN_MS);
    });
  });

  it('when the process is asked, then it is alive', async () => {
    await withApi(ports(), async (api) => {
      expect((await api.call('GET', '/livez', { credential: null })).status).toBe(200);
    });
  });
});
