/** What the console is told without asking: snapshots, changes, and how a stream ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_LENGTH_MS } from '../../src/api/console/console-sessions.js';
import { LIVE_STREAMS_MAX } from '../../src/api/console/live-streams.js';
import { orderId } from '../../src/domain/order.js';
import { closeServer, listen, portOf } from '../../src/http-server.js';
import { eventually } from '../support/eventually.js';
import { ConsoleCaller } from './console-caller.js';
import { readEvents } from './event-reader.js';
import { type RecordStage, recordStage, seedOrder } from './record-api.js';

let stage: RecordStage;

beforeAll(async () => {
  stage = await recordStage();
});

afterAll(async () => await stage.close());

function pendingOf(data: Record<string, unknown>): number | undefined {
  const statuses = data.statuses as { status: string; count: number }[];
  return statuses.find(({ status }) => status === 'pending')?.count;
}

/** One more entry in the order's audit, as its workflow would write it. @returns the order's new version */
async function changeOrder(merchantOrderNo: string): Promise<number> {
  const { orders } = stage.database.stores;
  const id = orderId('M1001', merchantOrderNo);
  const before = await orders.load(id);
  if (before === null) throw new Error('no order');
  const recorded = await orders.record({
    orderId: id,
    before,
    transitionId: `change-${before.version}`,
    drafts: [
      {
        kind: 'operator',
        event: 'check.requested',
        at: new Date().toISOString(),
        summary: 'asked',
        data: {},
        changes: {},
      },
    ],
    anomalies: [],
    healedAnomalies: [],
    processedCallbackIds: [],
  });
  expect(recorded.outcome).toBe('recorded');
  return before.version + 1;
}

describe('the overview’s stream', () => {
  it('when it is opened, then it begins with a snapshot, and tells what changes', async () => {
    const api = await stage.start();
    const operator = await ConsoleCaller.login(api);
    const reader = await readEvents(operator, '/live');
    expect(reader.response.headers.get('Content-Type')).toContain('text/event-stream');
    expect(reader.response.headers.get('X-Accel-Buffering')).toBe('no');
    expect(reader.response.headers.get('Cache-Control')).toContain('no-store');
    const first = await reader.until('there is a snapshot', () => true);
    expect(first.event).toBe('overview');
    const before = pendingOf(first.data) ?? 0;
    const asked = await operator.call('GET', '/overview');
    expect(Object.keys(first.data).sort()).toEqual(Object.keys(asked.body).sort());
    await seedOrder(stage.database.stores);
    await reader.until('the new order is told', ({ data }) => pendingOf(data) === before + 1);
    reader.close();
  });

  it('when it broke and is opened again, then it begins with what holds by then', async () => {
    const api = await stage.start();
    const operator = await ConsoleCaller.login(api);
    const broken = await readEvents(operator, '/live');
    const first = await broken.until('there is a snapshot', () => true);
    broken.close();
    await eventually('the stream is gone', () => api.liveStreams.size === 0);
    await seedOrder(stage.database.stores);
    const again = await readEvents(operator, '/live');
    const count = (pendingOf(first.data) ?? 0) + 1;
    await again.until('what was missed is told', ({ data }) => pendingOf(data) === count);
    again.close();
  });

  it('when the record has never answered, then it does not begin', async () => {
    const { orders } = stage.database.stores;
    const statusCounts = async () => await Promise.reject(new Error('the record is away'));
    const api = await stage.start(
      {},
      { orders: Object.assign(Object.create(orders), { statusCounts }) },
    );
    const answer = await (await ConsoleCaller.login(api)).call('GET', '/live');
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    expect(api.liveStreams.size).toBe(0);
  });
});

describe('an order’s stream', () => {
  it('when it is opened, then it begins with the order’s version, and tells the next ones', async () => {
    const operator = await ConsoleCaller.login(await stage.start());
    const { merchantOrderNo } = await seedOrder(stage.database.stores);
    const path = `/live/orders/${merchantOrderNo}`;
    const [reader, other] = [await readEvents(operator, path), await readEvents(operator, path)];
    const first = await reader.until('there is a begin', () => true);
    expect(first).toEqual({ event: 'changed', data: { merchantOrderNo, version: 1 } });
    const version = await changeOrder(merchantOrderNo);
    for (const each of [reader, other]) {
      await each.until('the change is told', ({ data }) => data.version === version);
      each.close();
    }
    expect(reader.events.map(({ data }) => data.version)).toEqual([1, version]);
  });

  it('when there is no such order, then 404', async () => {
    const operator = await ConsoleCaller.login(await stage.start());
    for (const no of ['none', 'no%20number']) {
      const answer = await operator.call('GET', `/live/orders/${no}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
    }
  });
});

describe('the end of a stream', () => {
  it('when the session ends, then its streams end', async () => {
    const loggedInAtMs = Date.now() - SESSION_LENGTH_MS + 1_500;
    const api = await stage.start({ now: () => loggedInAtMs });
    const { cookie, session } = await ConsoleCaller.login(api);
    const later = await stage.start();
    const reader = await readEvents(new ConsoleCaller(later.url, cookie, session), '/live');
    await reader.until('there is a snapshot', () => true);
    await eventually('it has ended', () => reader.isEnded);
    expect(Date.now()).toBeGreaterThanOrEqual(loggedInAtMs + SESSION_LENGTH_MS - 50);
  });

  it('when there are 50, then one more is refused, until one has ended', async () => {
    const api = await stage.start();
    const operator = await ConsoleCaller.login(api);
    const readers = await Promise.all(
      Array.from({ length: LIVE_STREAMS_MAX }, async () => await readEvents(operator, '/live')),
    );
    const refused = await operator.call('GET', '/live');
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(refused.headers.get('Retry-After')).not.toBeNull();
    expect((await operator.call('GET', '/overview')).status).toBe(200);
    readers[0]?.close();
    await eventually('there is room', () => api.liveStreams.size < LIVE_STREAMS_MAX);
    const one = await readEvents(operator, '/live');
    for (const reader of [...readers, one]) reader.close();
  });

  it('when the process stops, then streams end at once and hold nothing up', async () => {
    const api = await stage.start();
    const server = await listen(api.app, { host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${portOf(server)}`;
    const operator = await ConsoleCaller.login({ url });
    const reader = await readEvents(operator, '/live');
    await reader.until('there is a snapshot', () => true);
    api.liveStreams.closeAll();
    const answer = await operator.call('GET', '/live');
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    const beganAtMs = Date.now();
    // Cut off it would be only after a minute.
    await closeServer(server, 60_000);
    expect(Date.now() - beganAtMs).toBeLessThan(5_000);
    await eventually('it has ended', () => reader.isEnded);
  });

  it('when only the headers are asked for, then no stream begins', async () => {
    const api = await stage.start();
    const { cookie } = await ConsoleCaller.login(api);
    const options = { method: 'HEAD', headers: { Cookie: cookie } };
    for (const path of ['/console/live', '/console/live/orders/none']) {
      expect((await fetch(api.url + path, options)).status).toBe(405);
    }
    expect(api.liveStreams.size).toBe(0);
  });

  it('when a stream was long, then it counts in no measure of how fast the service is', async () => {
    const api = await stage.start();
    const reader = await readEvents(await ConsoleCaller.login(api), '/live');
    await reader.until('there is a snapshot', () => true);
    api.liveStreams.closeAll();
    await eventually('it has ended', () => reader.isEnded);
    const { values } = await api.metrics.httpRequestDuration.get();
    const routes = new Set(values.map(({ labels }) => labels.http_route));
    expect([...routes]).toEqual(['/console/session']);
  });
});
