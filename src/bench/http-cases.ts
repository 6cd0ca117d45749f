/** Callbacks and verifies per second: the service beside the least that could do the same work. */
import { randomBytes } from 'node:crypto';
import { inLanes, type LoadRequest, type LoadResult, paced, percentile, sendAll } from './load.js';
import { type BenchOrder, signedCallback } from './signed-callback.js';
import type { Stage } from './stage.js';

const SENDER = { merchantNo: 'TRIAL0001', appId: 'trial-app' };
const AMOUNT_MINOR = 1_050;
const AMOUNT_TEXT = '10.50';
const CALLBACK_PATH = '/v1/webhooks/codepay';
const LANES = 20;
const PAID_POLL_MS = 50;

export interface HttpRound {
  readonly callbacks: LoadResult;
  readonly verifies: LoadResult;
}

export interface ServiceRound extends HttpRound {
  readonly ordersCreatedPerSecond: number;
  /** From the moment the callbacks began to come, all at once, until the last order was paid. */
  readonly ordersPaidPerSecond: number;
  /** At half of that pace: from a callback's arrival to the decision, as the audit has them. */
  readonly callbackToPaidP50Ms: number;
  readonly callbackToPaidP99Ms: number;
  readonly pacedAcknowledgementP99Ms: number;
}

export function newOrders(count: number): readonly BenchOrder[] {
  const run = randomBytes(5).toString('hex');
  return Array.from({ length: count }, (_, index) => ({
    merchantOrderNo: `B-${run}-${index}`,
    amountText: AMOUNT_TEXT,
  }));
}

export async function bareRound(stage: Stage, bareUrl: string, count: number): Promise<HttpRound> {
  const orders = newOrders(count);
  const callbacks = await sendAll(bareUrl, callbackRequests(stage, orders, '/callback'), LANES);
  const verifies = await sendAll(
    bareUrl,
    orders.map(({ merchantOrderNo }) => get(`/orders/${merchantOrderNo}`, {})),
    LANES,
  );
  return { callbacks, verifies };
}

export async function serviceRound(stage: Stage, count: number): Promise<ServiceRound> {
  const orders = newOrders(count);
  const createdFrom = performance.now();
  await createOrders(stage, orders);
  const ordersCreatedPerSecond = perSecond(count, createdFrom);
  const requests = callbackRequests(stage, orders, CALLBACK_PATH);
  const paidFrom = performance.now();
  const callbacks = await sendAll(stage.apiUrl, requests, LANES);
  await untilPaid(stage, orders);
  const ordersPaidPerSecond = perSecond(count, paidFrom);
  const verifies = await sendAll(
    stage.apiUrl,
    orders.map(({ merchantOrderNo }) =>
      get(`/v1/orders/${merchantOrderNo}/verify`, authorization(stage)),
    ),
    LANES,
  );
  const atHalfPace = await pacedRound(stage, Math.ceil(count / 3), ordersPaidPerSecond / 2);
  return { callbacks, verifies, ordersCreatedPerSecond, ordersPaidPerSecond, ...atHalfPace };
}

async function pacedRound(stage: Stage, count: number, callbacksPerSecond: number) {
  const orders = newOrders(count);
  await createOrders(stage, orders);
  const acknowledgedMs: number[] = [];
  const requests = callbackRequests(stage, orders, CALLBACK_PATH);
  await paced(requests, callbacksPerSecond, async ({ method, path, headers, body }) => {
    const sentMs = performance.now();
    const answer = await fetch(`${stage.apiUrl}${path}`, { method, headers, body: body ?? '' });
    if (answer.status !== 200) throw new Error(`a callback was answered with ${answer.status}`);
    acknowledgedMs.push(performance.now() - sentMs);
  });
  const delaysMs = await untilPaid(stage, orders);
  return {
    callbackToPaidP50Ms: percentile(delaysMs, 0.5),
    callbackToPaidP99Ms: percentile(delaysMs, 0.99),
    pacedAcknowledgementP99Ms: percentile(acknowledgedMs, 0.99),
  };
}

async function createOrders(stage: Stage, orders: readonly BenchOrder[]): Promise<void> {
  await inLanes(orders, LANES, async ({ merchantOrderNo }) => {
    const body = { merchantOrderNo, channel: 'pos', amount: AMOUNT_MINOR, currency: 'USD' };
    const answer = await fetch(`${stage.apiUrl}/v1/orders`, {
      method: 'POST',
      headers: { ...authorization(stage), 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`an order was answered with ${answer.status}`);
  });
}

function authorization({ apiKey }: Stage): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${apiKey}` };
}

/** @returns for each order the time from its callback's arrival, as the audit has it, to the decision */
async function untilPaid(stage: Stage, orders: readonly BenchOrder[]): Promise<readonly number[]> {
  const headers = authorization(stage);
  const delaysMs: number[] = [];
  await inLanes(orders, 4, async ({ merchantOrderNo }) => {
    const path = `${stage.apiUrl}/v1/orders/${merchantOrderNo}`;
    for (;;) {
      const { data } = (await (await fetch(`${path}/audit`, { headers })).json()) as {
        data: readonly { event: string; at: string; data: { receivedAt?: string } }[];
      };
      const paid = data.find(({ event }) => event === 'order.paid');
      const callback = data.find(({ event }) => event === 'callback.received');
      if (paid !== undefined && callback !== undefined) {
        delaysMs.push(Date.parse(paid.at) - Date.parse(callback.data.receivedAt ?? callback.at));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAID_POLL_MS));
    }
  });
  return delaysMs;
}

function callbackRequests(
  { gatewayKey }: Stage,
  orders: readonly BenchOrder[],
  path: string,
): readonly LoadRequest[] {
  return orders.map((order) => ({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json' },
    body: signedCallback(order, { ...SENDER, key: gatewayKey }),
  }));
}

function get(path: string, headers: Readonly<Record<string, string>>): LoadRequest {
  return { method: 'GET', path, headers };
}

export function perSecond(count: number, sinceMs: number): number {
  return count / ((performance.now() - sinceMs) / 1_000);
}
