import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { OPS_TOKEN, startApi } from './api-environment.js';

let orders: OrderEnvironment;
/** A paid order: verify answers from the record. */
let paidPath: string;
let verifyToken: string;

beforeAll(async () => {
  orders = await devEnvironment(new ScriptedGateway());
  const order = await orders.seed(orderRequest(), Date.now(), { status: 'paid' });
  paidPath = `/v1/orders/${order.merchantOrderNo}`;
  const api = await startApi({ ...orders.stores, messenger: orders.messenger });
  verifyToken = String((await api.call('POST', `${paidPath}/verify-token`)).body.verifyToken);
  await api.close();
});

afterAll(async () => {
  await orders.close();
});

describe('limits', () => {
  it('when a credential calls too often, then 429 with Retry-After, and others are not held up', async () => {
    const limited = await startApi(
      { ...orders.stores, messenger: orders.messenger },
      { rateLimits: { perCredential: 2, perVerifyToken: 3 } },
    );
    try {
      const statuses = [];
      for (let count = 0; count < 3; count += 1) {
        statuses.push((await limited.call('GET', paidPath)).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
      const refused = await limited.call('GET', paidPath);
      expect(refused.body.code).toBe('rate_limited');
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect((await limited.call('GET', paidPath, { credential: OPS_TOKEN })).status).toBe(200);
      const payer = await limited.call('GET', `${paidPath}/verify`, { credential: verifyToken });
      expect(payer.status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('when strangers guess, then they are slowed down and valid credentials are not', async () => {
    const limited = await startApi(
      { ...orders.stores, messenger: orders.messenger },
      { rateLimits: { perAddressUnauthenticated: 2 } },
    );
    try {
      const statuses = [];
      for (let count = 0; count < 3; count += 1) {
        statuses.push(
          (await limited.call('GET', paidPath, { credential: `guess-${count}` })).status,
        );
      }
      expect(statuses).toEqual([401, 401, 429]);
      expect((await limited.call('GET', paidPath)).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('when a stranger invents tokens for an order, then its payer is not held up', async () => {
    const limited = await startApi(
      { ...orders.stores, messenger: orders.messenger },
      { rateLimits: { perVerifyToken: 1 } },
    );
    try {
      const path = `${paidPath}/verify`;
      for (let count = 0; count < 3; count += 1) {
        await limited.call('GET', path, { credential: `verify_${count}` });
      }
      expect((await limited.call('GET', path, { credential: verifyToken })).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
