/** Events reach the merchant's webhook: signed, again until they are taken, and without harm when they are not. */
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/chaos/addresses.js';
import type { OrderEvent } from '../../src/domain/events.js';
import { RETRY_PAUSES_MS } from '../../src/events/delivery-schedule.js';
import {
  type EventDelivery,
  type EventDeliveryOptions,
  startEventDelivery,
} from '../../src/events/event-delivery.js';
import type { EventDelivery as Delivery } from '../../src/store/event-store.js';
import { eventually } from '../support/eventually.js';
import {
  anEvent,
  type EventEnvironment,
  entry,
  eventEnvironment,
  MERCHANT_NO,
  recordRequest,
  START_MS,
  signingSecret,
  startReceiver,
  storedOrder,
} from './event-environment.js';

const SECRET = signingSecret();
const LEASE_MS = 30_000;

let environment: EventEnvironment;
const open: { stop?: () => Promise<void>; close?: () => Promise<void> }[] = [];

beforeEach(async () => {
  environment = await eventEnvironment(true);
});
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.stop?.();
    await one.close?.();
  }
  await environment.close();
});

async function receiver(answer: Parameters<typeof startReceiver>[0]) {
  const started = await startReceiver(answer);
  open.unshift(started);
  return started;
}

function deliver(url: string, changes: Partial<EventDeliveryOptions> = {}): EventDelivery {
  const delivery = startEventDelivery({
    store: environment.stores.events,
    merchantNo: MERCHANT_NO,
    url,
    secrets: [SECRET],
    allowsPrivateAddresses: true,
    logger: pino({ level: 'silent' }),
    now: () => environment.clock.nowMs,
    random: () => 0,
    idlePauseMs: 10,
    ...changes,
  });
  open.unshift(delivery);
  return delivery;
}

async function append(merchantNo = MERCHANT_NO): Promise<OrderEvent> {
  const event = anEvent(merchantNo);
  const at = new Date(environment.clock.nowMs).toISOString();
  await environment.stores.events.append(event, { isDelivered: true, at });
  return event;
}

async function deliveryOf(event: OrderEvent): Promise<Delivery> {
  const found = await environment.stores.events.find(event.merchantNo, event.id);
  if (found === null) throw new Error('no event');
  return found.delivery;
}

async function untilLogged(event: OrderEvent, attempts: number): Promise<Delivery> {
  return await eventually(`${attempts} attempts are in the log`, async () => {
    const delivery = await deliveryOf(event);
    return delivery.log.length >= attempts ? delivery : null;
  });
}

const idOf = ({ headers }: { headers: { [name: string]: unknown } }) => headers['webhook-id'];

describe('a receiver that answers', () => {
  it('when an order is decided, then the library of the standard accepts what arrives, and it is sent once', async () => {
    const { url, received } = await receiver(() => 204);
    const { stores } = environment;
    environment.clock.nowMs = Date.now();
    const { id, stored } = await storedOrder(stores);
    await stores.orders.record(
      recordRequest(id, stored, [entry('order.paid', { status: 'paid' })]),
    );
    deliver(url);
    const [webhook] = await eventually('it arrives', () => received.length > 0 && received);
    const verified = new Webhook(SECRET).verify(
      webhook?.body ?? '',
      webhook?.headers as Record<string, string>,
    );
    const page = await stores.events.list(MERCHANT_NO, { limit: 10 });
    expect([verified]).toEqual(page?.data);
    expect(webhook?.headers['webhook-id']).toBe(page?.data[0]?.id);
    const event = (await stores.events.find(MERCHANT_NO, page?.data[0]?.id ?? ''))?.event;
    const delivery = await untilLogged(event as OrderEvent, 1);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, nextAttemptAt: null });
    expect(delivery.log).toMatchObject([{ httpStatus: 204, result: 'delivered' }]);
    const [second] = [await append()];
    await untilLogged(second, 1);
    expect(received.map(idOf)).toEqual([event?.id, second.id]);
  });

  it('when the body is changed on the way or another secret signs, then the library refuses it', async () => {
    const { url, received } = await receiver(() => 200);
    environment.clock.nowMs = Date.now();
    await append();
    deliver(url);
    const [webhook] = await eventually('it arrives', () => received.length > 0 && received);
    const headers = webhook?.headers as Record<string, string>;
    const body = webhook?.body ?? '';
    const verify = (secret: string, text: string) => () =>
      new Webhook(secret).verify(text, headers);
    expect(verify(SECRET, body)).not.toThrow();
    expect(verify(SECRET, body.replace('1050', '9050'))).toThrow();
    expect(verify(signingSecret(), body)).toThrow();
  });

  it('when secrets are rotated, then a receiver that knows the old or the new one accepts it', async () => {
    const { url, received } = await receiver(() => 200);
    environment.clock.nowMs = Date.now();
    await append();
    const secrets = [signingSecret(), signingSecret()];
    deliver(url, { secrets });
    const [webhook] = await eventually('it arrives', () => received.length > 0 && received);
    for (const secret of secrets) {
      const headers = webhook?.headers as Record<string, string>;
      expect(() => new Webhook(secret).verify(webhook?.body ?? '', headers)).not.toThrow();
    }
  });

  it('when two processes deliver, then each event is sent once', async () => {
    const { url, received } = await receiver(() => 200);
    const events: OrderEvent[] = [];
    for (let index = 0; index < 30; index += 1) events.push(await append());
    deliver(url);
    deliver(url);
    for (const event of events) await untilLogged(event, 1);
    expect(received.map(idOf).sort()).toEqual(events.map(({ id }) => id).sort());
  });

  it('when an event belongs to another merchant, or was written without a webhook, then it is not sent', async () => {
    const { url, received } = await receiver(() => 200);
    await append('OTHER');
    const listedOnly = anEvent(MERCHANT_NO);
    const at = new Date(START_MS).toISOString();
    await environment.stores.events.append(listedOnly, { isDelivered: false, at });
    const sent = await append();
    deliver(url);
    await untilLogged(sent, 1);
    expect(received.map(idOf)).toEqual([sent.id]);
    expect((await deliveryOf(listedOnly)).state).toBe('none');
  });
});

describe('a receiver that fails', () => {
  it('when it fails all day, then the pauses grow over more than a day, the same message is sent, and it ends', async () => {
    const { url, received } = await receiver(() => 500);
    const event = await append();
    deliver(url);
    const startMs = environment.clock.nowMs;
    for (const [index, pauseMs] of RETRY_PAUSES_MS.entries()) {
      const delivery = await untilLogged(event, index + 1);
      const dueMs = environment.clock.nowMs + pauseMs;
      expect(delivery).toMatchObject({ state: 'waiting', attempts: index + 1 });
      expect(delivery.nextAttemptAt).toBe(new Date(dueMs).toISOString());
      environment.clock.nowMs = dueMs;
    }
    const last = await untilLogged(event, RETRY_PAUSES_MS.length + 1);
    expect(last).toMatchObject({ state: 'exhausted', nextAttemptAt: null });
    expect(environment.clock.nowMs - startMs).toBeGreaterThan(24 * 3_600_000);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(idOf))).toEqual(new Set([event.id]));
    expect(received).toHaveLength(RETRY_PAUSES_MS.length + 1);
    const times = received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('when a pause is not over, then nothing is sent; when it fails and recovers, then it is delivered', async () => {
    let status = 503;
    const { url, received } = await receiver(() => status);
    const event = await append();
    deliver(url);
    await untilLogged(event, 1);
    environment.clock.nowMs += 4_999;
    const other = await append();
    await untilLogged(other, 1);
    expect(received.map(idOf)).toEqual([event.id, other.id]);
    status = 200;
    environment.clock.nowMs += 1;
    expect(await untilLogged(event, 2)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('when it answers 410, then this event is not sent again', async () => {
    const { url } = await receiver(() => 410);
    const event = await append();
    deliver(url);
    expect(await untilLogged(event, 1)).toMatchObject({ state: 'stopped', nextAttemptAt: null });
  });

  it('when it redirects, then nobody follows, and it counts as a failure', async () => {
    const target = await receiver(() => 200);
    const { url } = await receiver(() => ({ location: target.url }));
    const event = await append();
    deliver(url);
    const delivery = await untilLogged(event, 1);
    expect(delivery).toMatchObject({ state: 'waiting' });
    expect(delivery.log).toMatchObject([{ httpStatus: 302, result: 'http_status' }]);
    expect(target.received).toEqual([]);
  });

  it('when nobody listens, then the log says why', async () => {
    const event = await append();
    deliver(`http://127.0.0.1:${await freePort()}/`);
    const { log } = await untilLogged(event, 1);
    expect(log).toMatchObject([{ httpStatus: null, result: 'ECONNREFUSED' }]);
  });

  it('when it never answers, then the attempt ends in time, and other events and decisions do not wait for it', async () => {
    const hanging = await append();
    const { url } = await receiver((webhook) => (idOf(webhook) === hanging.id ? null : 200));
    deliver(url, { timeoutMs: 1_500 });
    const { stores } = environment;
    const { id, stored } = await storedOrder(stores);
    await stores.orders.record(
      recordRequest(id, stored, [entry('order.paid', { status: 'paid' })]),
    );
    const other = await append();
    await untilLogged(other, 1);
    expect((await deliveryOf(hanging)).log).toEqual([]);
    const { log } = await untilLogged(hanging, 1);
    expect(log).toMatchObject([{ httpStatus: null, result: 'timeout' }]);
  });

  it('when its address is a private one and that is not allowed, then it is never reached, by number or by name', async () => {
    const { port, received } = await receiver(() => 200);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1']) {
      const event = await append();
      const delivery = deliver(`http://${host}:${port}/`, { allowsPrivateAddresses: false });
      const { log } = await untilLogged(event, 1);
      expect(log, host).toMatchObject([{ httpStatus: null, result: 'ADDRESS_REFUSED' }]);
      await delivery.stop();
    }
    expect(received).toEqual([]);
  });
});

describe('a deliverer that dies', () => {
  it('when it held an event, then another gets it after the lease and not before', async () => {
    const event = await append();
    const { events } = environment.stores;
    const { nowMs } = environment.clock;
    const claim = async (atMs: number) =>
      await events.claimDue(MERCHANT_NO, { nowMs: atMs, leaseMs: LEASE_MS, limit: 10 });
    const [dead] = await claim(nowMs);
    expect(dead?.event.id).toBe(event.id);
    expect(await claim(nowMs + LEASE_MS - 1)).toEqual([]);
    const [heir] = await claim(nowMs + LEASE_MS);
    expect(heir).toMatchObject({ event: { id: event.id }, delivery: { attempts: 2 } });
    // It was only slow: what it writes now no longer counts.
    const attempt = { at: event.timestamp, durationMs: 1, httpStatus: 500, result: 'http_status' };
    const next = { state: 'exhausted', nextAttemptAt: null } as const;
    if (dead === undefined) throw new Error('nothing claimed');
    expect(await events.recordAttempt(dead, attempt, next)).toBe(false);
    expect(await deliveryOf(event)).toMatchObject({ state: 'waiting', log: [] });
  });

  it('when it is stopped, then the running attempt is written down first', async () => {
    const { url, received } = await receiver(() => 200);
    const event = await append();
    const delivery = deliver(url);
    await eventually('the attempt runs', () => received.length > 0);
    await delivery.stop();
    expect(await deliveryOf(event)).toMatchObject({ state: 'delivered' });
  });
});

describe('redelivery', () => {
  it.each([200, 410])(
    'when an event ended with %i, then it is sent again as if it were new, and the log goes on',
    async (status) => {
      const { url, received } = await receiver(() => status);
      const event = await append();
      deliver(url);
      await untilLogged(event, 1);
      const at = new Date(environment.clock.nowMs).toISOString();
      expect(await environment.stores.events.redeliver(MERCHANT_NO, event.id, at)).toBe(true);
      const { log, attempts } = await untilLogged(event, 2);
      expect([log.length, attempts]).toEqual([2, 1]);
      expect(new Set(received.map(idOf))).toEqual(new Set([event.id]));
      expect(received).toHaveLength(2);
    },
  );

  it("when there is no such event, or it is another merchant's, then that is told", async () => {
    const foreign = await append('OTHER');
    const { events } = environment.stores;
    expect(await events.redeliver(MERCHANT_NO, 'unknown', foreign.timestamp)).toBe(false);
    expect(await events.redeliver(MERCHANT_NO, foreign.id, foreign.timestamp)).toBe(false);
  });

  it('when an event is redelivered for ever, then its log stays bounded', async () => {
    const { url } = await receiver(() => 200);
    const event = await append();
    deliver(url);
    for (let round = 0; round < 40; round += 1) {
      await eventually('it ends', async () => (await deliveryOf(event)).state === 'delivered');
      await environment.stores.events.redeliver(MERCHANT_NO, event.id, event.timestamp);
    }
    await eventually('it ends', async () => (await deliveryOf(event)).state === 'delivered');
    expect((await deliveryOf(event)).log).toHaveLength(30);
  });
});
