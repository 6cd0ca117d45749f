/** The real app, store, Temporal and worker, with orders in several statuses to aim at. */
import type { Order } from '../../src/domain/order.js';
import {
  API_KEY,
  type ApiOverrides,
  OPS_TOKEN,
  type RunningApi,
  startApi,
} from '../api/api-environment.js';
import { orderRequest } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';
import { ScriptedGateway } from '../support/scripted-gateway.js';
import { expectLogKept } from './answer-promises.js';
import { fuzzOrderNo } from './fuzz-runs.js';

/** Far above what these tests send: limits are tested elsewhere, and a 429 would hide what they look for. */
export const UNLIMITED = {
  perCredential: 10_000_000,
  perVerifyToken: 10_000_000,
  perAddressUnauthenticated: 10_000_000,
  failedLoginsPerAddress: 10_000_000,
};

export interface FuzzStage {
  readonly orders: OrderEnvironment;
  readonly api: RunningApi;
  /** Of orders that are there. */
  readonly orderNos: readonly string[];
  /** Holds the log against its promises, and every order against its audit, then ends everything. */
  close(): Promise<void>;
}

export const AS_MERCHANT = ['Authorization', `Bearer ${API_KEY}`] as const;
export const AS_OPERATOR = ['Authorization', `Bearer ${OPS_TOKEN}`] as const;

export async function fuzzStage(overrides: ApiOverrides = {}): Promise<FuzzStage> {
  const orders = await devEnvironment(new ScriptedGateway());
  const api = await startApi(
    { ...orders.stores, messenger: orders.messenger },
    {
      rateLimits: UNLIMITED,
      ...overrides,
    },
  );
  const orderNos = await seedStatuses(orders);
  return {
    orders,
    api,
    orderNos,
    close: async () => {
      await api.background.settle(5_000);
      await api.close();
      await orders.close();
      expectLogKept(api.log());
    },
  };
}

async function seedStatuses(orders: OrderEnvironment): Promise<readonly string[]> {
  const at = new Date().toISOString();
  const statuses: readonly Partial<Order>[] = [
    {},
    { gatewayCreation: 'created' },
    {
      status: 'paid',
      paidAmount: 1_050,
      refundCapAmount: 1_050,
      paidAt: at,
      gatewayTransNo: 'G-1',
    },
    { status: 'canceled', canceledAt: at },
    { status: 'review', reviewReason: 'amount_mismatch' },
  ];
  const requests = statuses.map(() => orderRequest({ merchantOrderNo: fuzzOrderNo() }));
  return await Promise.all(
    statuses.map(async (changes, index) => {
      const { merchantOrderNo } = await orders.seed(
        requests[index] ?? orderRequest(),
        Date.now(),
        changes,
      );
      return merchantOrderNo;
    }),
  );
}
