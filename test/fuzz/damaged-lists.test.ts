/** Damaged events, refunds, statistics and anomalies: what lists, exports, the feed and the console say about them. */
import { randomUUID } from 'node:crypto';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyStatistics, minuteOf } from '../../src/domain/statistics.js';
import type { RunningApi } from '../api/api-environment.js';
import { type RecordStage, recordStage, seedOrder } from '../console/record-api.js';
import { anEvent } from '../events/event-environment.js';
import { MERCHANT_NO, uniqueOrderNo } from '../support/order-builder.js';
import { expectKept, expectLogKept } from './answer-promises.js';
import { consoleHeaders } from './console-session.js';
import { DAMAGES, WRONG_TYPES, withEachField } from './damages.js';
import { AS_OPERATOR, UNLIMITED } from './fuzz-stage.js';
import { exchange, type RawAnswer } from './raw-exchange.js';

const ORDERS_CREATED = 7;

const events = [1, 2, 3].map(() => anEvent(MERCHANT_NO));
const EVENT = { collection: 'events', filter: { _id: events[1]?.id } as Document };
const refundNos = [uniqueOrderNo(), uniqueOrderNo()].map((number) => number.slice(0, 32));
const REFUND = { collection: 'refunds', filter: { refundNo: refundNos[0] } };
const MINUTE = { collection: 'statistics', filter: {} as Document };
const ANOMALY = {
  ...{ collection: 'anomalies', filter: { _id: 'contradiction:M1001/X' } },
  alsoKey: 'orderId',
};

let stage: RecordStage;
let api: RunningApi;
let session: readonly (readonly [string, string])[];
/** The overview is read anew after a second. */
let nowMs = Date.now();

beforeAll(async () => {
  stage = await recordStage();
  api = await stage.start({ rateLimits: UNLIMITED, now: () => nowMs });
  session = await consoleHeaders(api);
  const { stores, connection } = stage.database;
  const at = new Date().toISOString();
  for (const event of events) await stores.events.append(event, { isDelivered: false, at });
  await connection
    .collection('refunds')
    .insertMany(refundNos.map((refundNo, index) => aRefund(refundNo, index)) as never);
  await stores.statistics.write('sound', { ...emptyStatistics(minuteOf(nowMs)), ordersCreated: 7 });
  await stores.statistics.write('damaged', emptyStatistics(minuteOf(nowMs)));
  MINUTE.filter._id = `${minuteOf(nowMs)}/damaged`;
  await stores.anomalies.raise('M1001/X', randomUUID(), [
    { kind: 'contradiction', at, detail: 'x' },
  ]);
  await stores.anomalies.raise('M1001/Y', randomUUID(), [
    { kind: 'contradiction', at, detail: 'sound' },
  ]);
  await seedOrder(stores);
});

afterAll(async () => {
  await stage.close();
  expectLogKept(api.log());
});

/** @param index later ones are older */
function aRefund(refundNo: string, index: number) {
  const requestedAt = new Date(Date.now() - index * 1_000).toISOString();
  return {
    ...{ _id: `${MERCHANT_NO}/${refundNo}`, merchantNo: MERCHANT_NO, merchantOrderNo: 'A-1' },
    ...{ refundNo, contentHash: 'x', currency: 'USD', orderVersion: 3, amount: 500, reason: 'x' },
    ...{ method: 'refund', status: 'pending', requestedBy: 'shop', requestedAt, settledAt: null },
    ...{ gatewayTransNo: null, submissions: 1, rounds: 0, nextCheckAt: requestedAt },
    ...{ lastQueryId: null, failureCode: null },
  };
}

const get = async (target: string): Promise<RawAnswer> =>
  await exchange(api.url, {
    method: 'GET',
    target,
    headers: target.startsWith('/console') ? session : [AS_OPERATOR],
  });

/** @returns the answer's content; `null` when it is 503 by name, which names what is damaged */
async function readable<T>(target: string, field: string, named: string): Promise<T | null> {
  const answer = await get(target);
  const code = expectKept(answer);
  if (code === null) return JSON.parse(answer.body) as T;
  expect([field, code]).toEqual([field, 'unavailable']);
  expect(answer.body).toContain(named);
  return null;
}

interface EventPage {
  readonly data: readonly { readonly id: string }[];
  readonly hasMore: boolean;
}

/** Reads the feed as a merchant does: on from the last event that is known. */
async function wholeFeed(field: string): Promise<{ ids: readonly string[]; isStopped: boolean }> {
  const ids: string[] = [];
  for (;;) {
    const after = ids.length === 0 ? '' : `&startingAfter=${ids.at(-1)}`;
    const page = await readable<EventPage>(`/v1/events?limit=2${after}`, field, 'event');
    if (page === null) return { ids, isStopped: true };
    ids.push(...page.data.map(({ id }) => id));
    if (!page.hasMore) return { ids, isStopped: false };
    expect(ids.length).toBeLessThan(20);
  }
}

describe.each(Object.entries({ ...DAMAGES, ...WRONG_TYPES }))(
  'a field that is %s',
  (_kind, damage) => {
    it('when it is of an event, then the feed has it whole or stops before it by name, and no event is passed over', async () => {
      const all = events.map(({ id }) => id);
      await withEachField(stage.database, EVENT, damage, async (field) => {
        const { ids, isStopped } = await wholeFeed(field);
        expect([field, ids]).toEqual([field, isStopped ? all.slice(0, 1) : all]);
        // Whoever has the damaged one already is told of the next, or that it cannot be told.
        const page = await readable<EventPage>(
          `/v1/events?startingAfter=${all[1]}`,
          field,
          'event',
        );
        if (page !== null)
          expect([field, page.data.map(({ id }) => id)]).toEqual([field, [all[2]]]);
      });
      expect(await wholeFeed('none')).toEqual({ ids: all, isStopped: false });
    });

    it('when it is of a refund, then lists and exports show it whole, or say by its number that they cannot', async () => {
      const [damagedNo = '', soundNo = ''] = refundNos;
      await withEachField(stage.database, REFUND, damage, async (field) => {
        const listed = await readable<{ data: Document[] }>('/v1/refunds', field, damagedNo);
        const numbers = listed?.data.map(({ refundNo }) => String(refundNo)).sort();
        if (listed !== null) expect([field, numbers]).toEqual([field, [...refundNos].sort()]);
        const after = `/v1/refunds?startingAfter=${damagedNo}`;
        const rest = await readable<{ data: Document[] }>(after, field, damagedNo);
        if (rest !== null) expect([field, rest.data.length]).toEqual([field, 1]);
        const csv = await get('/v1/refunds.csv');
        if (csv.status === 200) expect(csv.body).toMatch(new RegExp(`${soundNo}.*5.00`));
        expect([field, expectKept(csv), csv.status === 200]).toEqual([
          ...[field, listed === null ? 'unavailable' : null],
          listed !== null,
        ]);
      });
    });

    it('when it is of a counted minute, then the console shows what the others have counted', async () => {
      await withEachField(stage.database, MINUTE, damage, async (field) => {
        nowMs += 2_000;
        const overview = await readable<Document>('/console/overview', field, '');
        expect([field, overview?.parts.mongodb]).toEqual([field, 'up']);
        const { ordersCreated, paidByCallback } = overview?.hour ?? {};
        expect([field, ordersCreated, paidByCallback]).toEqual([field, ORDERS_CREATED, 0]);
      });
    });

    it('when it is of an anomaly, then the console and the list still show all of them', async () => {
      await withEachField(stage.database, ANOMALY, damage, async (field) => {
        nowMs += 2_000;
        const listed = await readable<{ data: Document[] }>('/v1/anomalies?state=all', field, '');
        expect([field, listed?.data.length]).toEqual([field, 2]);
        const overview = await readable<Document>('/console/overview', field, '');
        expect([field, overview?.parts.mongodb]).toEqual([field, 'up']);
        expect(overview?.anomalies.map(({ detail }: Document) => detail)).toContain('sound');
      });
    });
  },
);
