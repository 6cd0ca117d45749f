/** The overview over a real record: its figures, what it says when a part is away, and what it costs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../src/api/console/console-contract.js';
import { emptyStatistics, minuteOf } from '../../src/domain/statistics.js';
import type { OrderStore } from '../../src/store/order-store.js';
import { ConsoleCaller } from './console-caller.js';
import { type RecordStage, recordStage, seedOrder } from './record-api.js';

const MINUTE_MS = 60_000;

let stage: RecordStage;

beforeAll(async () => {
  stage = await recordStage();
});

afterAll(async () => await stage.close());

async function overviewOf(operator: ConsoleCaller): Promise<Overview> {
  const answer = await operator.call('GET', '/overview');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  return answer.body as unknown as Overview;
}

describe('the figures', () => {
  it('when the record holds orders, anomalies and counts, then the overview tells them', async () => {
    const { stores } = stage.database;
    const nowMs = Date.now();
    const oldest = new Date(nowMs - 5 * MINUTE_MS).toISOString();
    await seedOrder(stores, {}, nowMs - 5 * MINUTE_MS);
    await seedOrder(stores, {}, nowMs);
    await seedOrder(stores, { status: 'review', reviewReason: 'unclosable' }, nowMs);
    await seedOrder(stores, { status: 'paid', paidAt: oldest, paidAmount: 1_050 }, nowMs);
    const at = new Date(nowMs).toISOString();
    await stores.anomalies.raise('M1001/A-1', 't1', [{ kind: 'drift', at, detail: 'gone' }]);
    await stores.anomalies.raise('M1001/A-2', 't2', [{ kind: 'unclosable', at, detail: 'mute' }]);
    await stores.anomalies.raise('M1001/A-3', 't3', [{ kind: 'late_payment', at, detail: 'late' }]);
    await stores.anomalies.heal('M1001/A-3', ['late_payment'], at);
    const minute = minuteOf(nowMs - 2 * MINUTE_MS);
    const counted = {
      ...emptyStatistics(minute),
      ordersPaid: { callback: 3, check: 1, verify: 0, operator: 0 },
      gatewayCalls: 4,
      gatewayAnswered: 3,
    };
    await stores.statistics.write('p1', counted);
    await stores.statistics.write('p2', counted);

    const overview = await overviewOf(await ConsoleCaller.login(await stage.start()));
    expect(overview.parts).toEqual({ mongodb: 'up', temporal: 'up', worker: 'up' });
    expect(overview.statuses).toEqual([
      { status: 'pending', count: 2, oldestCreatedAt: oldest },
      { status: 'canceling', count: 0, oldestCreatedAt: null },
      { status: 'review', count: 1, oldestCreatedAt: at },
      { status: 'paid', count: 1, oldestCreatedAt: null },
    ]);
    expect(overview.openAnomalies).toBe(2);
    expect(overview.anomalies.map(({ kind }) => kind)).toEqual(['unclosable', 'drift']);
    expect(overview.anomalies[0]).toMatchObject({ merchantOrderNo: 'A-2', openedAt: at });
    expect(overview.minutes.find((one) => one.minute === minute)).toMatchObject({
      paidByCallback: 6,
      paidByCheck: 2,
      gatewayCalls: 8,
    });
    expect(overview.hour).toMatchObject({ paidByCallback: 6, gatewaySuccessShare: 0.75 });
    expect(Date.parse(overview.at)).toBeGreaterThanOrEqual(nowMs);
  });

  it('when more wake somebody than are listed, then all are counted and 50 are listed', async () => {
    const { stores } = stage.database;
    const at = new Date().toISOString();
    for (let index = 0; index < 60; index += 1) {
      const draft = { kind: 'late_payment', at, detail: 'late' } as const;
      await stores.anomalies.raise(`M1001/B-${index}`, `b${index}`, [draft]);
    }
    const overview = await overviewOf(await ConsoleCaller.login(await stage.start()));
    expect([overview.openAnomalies, overview.anomalies.length]).toEqual([62, 50]);
  });
});

describe('the parts', () => {
  it.each([
    { answer: Promise.resolve(false), state: 'down' },
    { answer: null, state: 'unknown' },
  ])('when whether a worker polls is $state, then so it is told', async ({ answer, state }) => {
    const isWorkerPolling = async () => {
      if (answer === null) throw new Error('Temporal does not answer');
      return await answer;
    };
    const api = await stage.start({ isWorkerPolling });
    const overview = await overviewOf(await ConsoleCaller.login(api));
    expect(overview.parts.worker).toBe(state);
  });

  it('when Temporal is down, then nobody can say whether a worker polls', async () => {
    const checkReadiness = async () => ({ mongodb: 'up', temporal: 'down' }) as const;
    const api = await stage.start({ checkReadiness });
    const { parts } = await overviewOf(await ConsoleCaller.login(api));
    expect(parts).toEqual({ mongodb: 'up', temporal: 'down', worker: 'unknown' });
  });

  it('when the record goes away, then the figures of before stand with their time and MongoDB is down', async () => {
    let nowMs = Date.now();
    let isAway = false;
    const { orders } = stage.database.stores;
    const api = await stage.start({ now: () => nowMs }, { orders: failing(orders, () => isAway) });
    const operator = await ConsoleCaller.login(api);
    const before = await overviewOf(operator);
    isAway = true;
    nowMs += 2_000;
    const during = await overviewOf(operator);
    expect(during).toEqual({ ...before, parts: { ...before.parts, mongodb: 'down' } });
    isAway = false;
    nowMs += 2_000;
    const after = await overviewOf(operator);
    expect(after.parts.mongodb).toBe('up');
    expect(Date.parse(after.at)).toBeGreaterThan(Date.parse(before.at));
  });

  it('when the record has never answered, then 503', async () => {
    const { orders } = stage.database.stores;
    const api = await stage.start({}, { orders: failing(orders, () => true) });
    const answer = await (await ConsoleCaller.login(api)).call('GET', '/overview');
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  });
});

describe('what it costs', () => {
  it('when many ask at once and within a second, then the record is read once', async () => {
    let nowMs = Date.now();
    let reads = 0;
    const { orders } = stage.database.stores;
    const counting = failing(orders, () => {
      reads += 1;
      return false;
    });
    const api = await stage.start({ now: () => nowMs }, { orders: counting });
    const operator = await ConsoleCaller.login(api);
    await Promise.all(Array.from({ length: 10 }, () => overviewOf(operator)));
    nowMs += 999;
    await overviewOf(operator);
    // One of the open orders and one of the final ones.
    expect(reads).toBe(2);
    nowMs += 1;
    await overviewOf(operator);
    expect(reads).toBe(4);
  });

  it('when the final orders take long to count, then the rest is told meanwhile and they are counted once', async () => {
    let nowMs = Date.now();
    const { orders } = stage.database.stores;
    const counts: (() => void)[] = [];
    const slow: Parameters<typeof stage.start>[1] = {
      orders: {
        ...failing(orders, () => false),
        statusCounts: async (statuses) => {
          if (statuses?.includes('paid')) {
            await new Promise<void>((resolve) => {
              counts.push(resolve);
            });
          }
          return await orders.statusCounts(statuses);
        },
      },
    };
    const operator = await ConsoleCaller.login(await stage.start({ now: () => nowMs }, slow));
    const first = await overviewOf(operator);
    nowMs += 5_000;
    const second = await overviewOf(operator);
    expect([first.parts.mongodb, second.parts.mongodb]).toEqual(['up', 'up']);
    expect(Date.parse(second.at)).toBe(nowMs);
    expect(second.statuses.map(({ status }) => status)).not.toContain('paid');
    expect(counts).toHaveLength(1);
    for (const finish of counts) finish();
    nowMs += 2_000;
    const third = await overviewOf(operator);
    expect(third.statuses.map(({ status }) => status)).toContain('paid');
    expect(counts).toHaveLength(1);
  });
});

/** The real record whose counts fail when they are told to. */
function failing(
  orders: RecordStage['database']['stores']['orders'],
  isFailing: () => boolean,
): Pick<OrderStore, 'find' | 'list' | 'stream' | 'statusCounts' | 'audit'> {
  return {
    find: (id) => orders.find(id),
    list: (merchantNo, filter, page) => orders.list(merchantNo, filter, page),
    stream: (merchantNo, filter) => orders.stream(merchantNo, filter),
    audit: (id) => orders.audit(id),
    statusCounts: async (statuses) => {
      if (isFailing()) throw new Error('the record is away');
      return await orders.statusCounts(statuses);
    },
  };
}
