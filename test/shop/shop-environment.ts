/** The shop inside the real API, over a real worker, record and simulated gateway; and customers with cookies. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShop } from '../../src/shop/shop.js';
import type { PlaceOrderBody, ShopOrder } from '../../src/shop/shop-contract.js';
import { API_KEY, apiConfig, type RunningApi, startApi } from '../api/api-environment.js';
import { type SimulatorSubject, simulatorSubject } from '../contract/simulator-subject.js';
import { MERCHANT_NO } from '../support/order-builder.js';
import { devEnvironment, type OrderEnvironment } from '../support/order-environment.js';

export interface RunningShop {
  readonly url: string;
  readonly api: RunningApi;
  readonly orders: OrderEnvironment;
  readonly gateway: SimulatorSubject;
  /** A second process of the shop that reads the same file. */
  restart(): Promise<RunningApi>;
  customer(url?: string): Customer;
  close(): Promise<void>;
}

export interface ShopReply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T & { readonly code?: string };
}

/** A browser's part: keeps the cookie and says where a request comes from. */
export class Customer {
  cookie: string | null = null;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get<T>(path: string): Promise<ShopReply<T>> {
    return await this.#send<T>(path, { headers: this.#headers({}) });
  }

  async post<T>(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = { Origin: this.#url },
  ): Promise<ShopReply<T>> {
    return await this.#send<T>(path, {
      method: 'POST',
      headers: this.#headers({ 'Content-Type': 'application/json', ...headers }),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async place(changes: Partial<PlaceOrderBody> = {}): Promise<ShopReply<ShopOrder>> {
    return await this.post<ShopOrder>('/orders', { ...cart(), ...changes });
  }

  #headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    return this.cookie === null ? { ...headers } : { ...headers, Cookie: this.cookie };
  }

  async #send<T>(path: string, request: RequestInit): Promise<ShopReply<T>> {
    const response = await fetch(`${this.#url}/demo/api${path}`, request);
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(';', 1)[0] ?? null;
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as T & { code?: string };
    return { status: response.status, headers: response.headers, body };
  }
}

/** Two espressos, USD 5.60. */
export function cart(): PlaceOrderBody {
  return {
    cartId: randomBytes(18).toString('base64url'),
    lines: [{ goodsId: 'espresso', quantity: 2 }],
    way: 'hosted',
  };
}

export async function startShop(): Promise<RunningShop> {
  const gateway = await simulatorSubject({ merchantNo: MERCHANT_NO, appId: 'wz0000000001' });
  const orders = await devEnvironment(gateway.gateway);
  const folder = await mkdtemp(join(tmpdir(), 'shop-'));
  const start = async () =>
    await startApi(
      { ...orders.stores, messenger: orders.messenger },
      {
        config: apiConfig({ CODEPAY_BASE_URL: gateway.simulator.entryUrl }),
        shop: createShop({
          apiKey: API_KEY,
          gatewayUrl: gateway.simulator.entryUrl,
          dataDirectory: folder,
        }),
      },
    );
  const api = await start();
  const others: RunningApi[] = [];
  return {
    url: api.url,
    api,
    orders,
    gateway,
    restart: async () => {
      const other = await start();
      others.push(other);
      return other;
    },
    customer: (url = api.url) => new Customer(url),
    close: async () => {
      await Promise.all([api, ...others].map(async (one) => await one.close()));
      await orders.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
