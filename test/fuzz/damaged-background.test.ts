/** Damaged documents where nobody asks: the watch, the sweep's parts, alerts, webhooks and checkpoints go on for the others. */
import { randomUUID } from 'node:crypto';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSweepActivities } from '../../src/activities/sweep.activities.js';
import { createWatchActivities } from '../../src/activities/watch.activities.js';
import { planAlerts } from '../../src/alerts/alert-planner.js';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker } from '../../src/audit/checkpoint-maker.js';
import { isWholeEvent, type OrderEvent } from '../../src/domain/events.js';
import type { CallbackEvidence, PaymentFacts } from '../../src/domain/evidence.js';
import { emptyStatistics, minuteOf } from '../../src/domain/statistics.js';
import { anomalyId } from '../../src/store/anomaly-store.js';
import type { NewInboxEntry } from '../../src/store/callback-store.js';
import { createStores } from '../../src/store/stores.js';
import { seedOrder } from '../console/record-api.js';
import { anEvent } from '../events/event-environment.js';
import { signingKey } from '../support/audit-builder.js';
import { MERCHANT_NO, uniqueOrderNo } from '../support/order-builder.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { DAMAGES, damagedCopies, WRONG_TYPES } from './damages.js';

const SWEEP_INTERVAL_MS = 30_000;
const HOUR_MS = 3_600_000;
const begunMs = Date.now();
const at = new Date(begunMs).toISOString();

let database: TestDatabase;
const told: CallbackEvidence[] = [];
const soundNo = uniqueOrderNo();
const overdueNo = uniqueOrderNo();

beforeAll(async () => {
  database = await createTestDatabase();
  const { stores } = database;
  await seedOrder(stores, { merchantOrderNo: soundNo });
  await seedOrder(stores, { merchantOrderNo: overdueNo }, begunMs - HOUR_MS);
  await stores.statistics.write('damaged', emptyStatistics(minuteOf(begunMs)));
});
afterAll(async () => await database.drop());

const messenger = {
  callbackReceived: async (_key: unknown, evidence: CallbackEvidence) => {
    told.push(evidence);
  },
  checkDue: async () => {},
} as never;

function watch() {
  const { orders, anomalies, statistics } = database.stores;
  const sweepIntervalMs = SWEEP_INTERVAL_MS;
  let nowMs = begunMs + 120_000;
  const activities = createWatchActivities({
    ...{ orders, anomalies, statistics, sweepIntervalMs },
    now: () => nowMs,
  });
  return async () => {
    nowMs += SWEEP_INTERVAL_MS;
    return await activities.watchAnomalies({ ordersWoken: 0 });
  };
}

describe.each(Object.entries({ ...DAMAGES, ...WRONG_TYPES }))(
  'documents of which each lacks or has a field that is %s',
  (kind, damage) => {
    /** Beside the document stand copies of it, each with another field damaged. @returns their ids */
    const damageCopies = async (collection: string, id: string): Promise<readonly string[]> => {
      const documents = database.connection.collection<Document>(collection);
      const whole = await documents.findOne({ _id: id as never });
      const copies = damagedCopies(whole ?? {}, damage, (field) => `${id}/${kind}/${field}`);
      // The place of an event is one event's.
      const placed = copies.map((copy) => ('slot' in copy ? { ...copy, slot: copy._id } : copy));
      await documents.insertMany(placed as never);
      return copies.map(({ _id }) => String(_id));
    };

    it('when they are counted minutes or overdue orders, then the watch still looks at the others', async () => {
      await damageCopies('statistics', `${minuteOf(begunMs)}/damaged`);
      await damageCopies('orders', `${MERCHANT_NO}/${overdueNo}`);
      const look = watch();
      await look();
      expect((await look()).raised).toContain('order_stuck');
      const found = anomalyId('order_stuck', `${MERCHANT_NO}/${overdueNo}`);
      expect((await database.stores.anomalies.find(found))?.healedAt).toBeNull();
    });

    it('when they are anomalies, then all are taken up by the alerts, and can be raised again', async () => {
      const { anomalies, alerts } = database.stores;
      const [subject, other] = [randomUUID(), randomUUID()];
      const draft = { kind: 'contradiction', at, detail: 'x' } as const;
      await anomalies.raise(subject, 'first', [draft]);
      const ids = await damageCopies('anomalies', anomalyId('contradiction', subject));
      await anomalies.raise(other, 'first', [draft]);
      const ports = { anomalies, alerts, destinations: ['webhook'] as const };
      await planAlerts(ports, begunMs);
      expect(await anomalies.listUntold(100)).toEqual([]);
      for (const id of ids) {
        await anomalies.raise(id.slice('contradiction:'.length), randomUUID(), [draft]);
        expect((await anomalies.find(id))?.count).toBeGreaterThan(0);
      }
      await watch()();
    });

    it('when they are callbacks, then the sweep brings them to their orders, as what proves nothing', async () => {
      const { stores } = database;
      const entry = anEntry(soundNo);
      await stores.callbacks.insert(entry);
      const ids = await damageCopies('callbacks', entry.callbackId);
      told.length = 0;
      expect((await sweepOf(stores).deliverWaitingCallbacks()).callbacksFailed).toBe(0);
      const of = (id: string) => told.find(({ callbackId }) => callbackId === id);
      expect(of(entry.callbackId)).toMatchObject({ facts: entry.facts, isStale: false });
      const [facts, isStale] = ['facts', 'isStale'].map((name) => of(ids.find(endsIn(name)) ?? ''));
      expect([facts?.facts, isStale?.isStale]).toEqual([null, true]);
      for (const callbackId of ids) {
        expect((await stores.callbacks.insert({ ...entry, callbackId })).isNew).toBe(false);
      }
      await stores.callbacks.markProcessed([entry.callbackId, ...ids], 'recorded', at);
    });

    it('when they are events, then the others are delivered, and none is told as it is', async () => {
      const { events } = database.stores;
      const merchantNo = `M-${randomUUID()}`;
      const [first, sound] = [anEvent(merchantNo), anEvent(merchantNo)];
      for (const event of [first, sound]) await events.append(event, { isDelivered: true, at });
      const ids = await damageCopies('events', first.id);
      const claim = { nowMs: begunMs + HOUR_MS, leaseMs: 1, limit: 50 };
      const claimed = await events.claimDue(merchantNo, claim);
      expect(claimed.map(({ event }) => event.id)).toContain(sound.id);
      for (const one of claimed) {
        const attempt = { at, durationMs: 1, httpStatus: 500, result: 'http_status' };
        const next = { state: 'waiting', nextAttemptAt: at } as const;
        expect(await events.recordAttempt(one, attempt, next)).toBe(true);
      }
      const data = claimed.find(({ event }) => event.id === ids.find(endsIn('data')));
      expect(data === undefined || isWholeEvent(data.event)).toBe(false);
    });
  },
);

const endsIn = (field: string) => (id: string) => id.endsWith(`/${field}`);

function sweepOf(stores: TestDatabase['stores']) {
  return createSweepActivities({
    ...stores,
    ...{ messenger, sweepIntervalMs: SWEEP_INTERVAL_MS, observeRepairs: () => {} },
    ...{ scheduledWindowMs: HOUR_MS, now: () => begunMs + 20_000 },
  });
}

it('when the place of an event is damaged, then what is new does not take it: somebody may have read on from there', async () => {
  const { stores, connection } = database;
  const merchantNo = `M-${randomUUID()}`;
  const [first, damaged, last, later] = [1, 2, 3, 4].map(() => anEvent(merchantNo)) as [
    OrderEvent,
    OrderEvent,
    OrderEvent,
    OrderEvent,
  ];
  const options = { isDelivered: false, at };
  for (const event of [first, damaged, last]) await stores.events.append(event, options);
  const byId: Document = { _id: damaged.id };
  await connection.collection('events').updateOne(byId, { $set: { slot: 'x' } });
  // Another process, which has to look for the end of the feed.
  await createStores(connection).events.append(later, options);
  const rest = await stores.events.list(merchantNo, { limit: 9, startingAfter: last.id });
  expect(rest?.data.map(({ id }) => id)).toEqual([later.id]);
  expect(await stores.events.list(merchantNo, { limit: 9 })).toMatchObject({ hasMore: true });
});

let checkpointMs = begunMs;
it.each(['at', 'leaves', 'orders', 'signature', 'rootHash'])(
  'when %s of the last checkpoint is damaged, then the next one is made all the same',
  async (field) => {
    const store = new CheckpointRepository(database.connection);
    const make = createCheckpointMaker({
      ...{ store, signingKey: signingKey(), intervalMs: HOUR_MS, announce: () => {} },
      now: () => checkpointMs,
    });
    for (const value of [null, 'x', 7, [null], {}]) {
      await seedOrder(database.stores);
      checkpointMs += 2 * HOUR_MS;
      expect([value, await make()]).toEqual([value, 1]);
      const byId: Document = { _id: (await store.latest())?.sequence };
      const checkpoints = database.connection.collection('audit_checkpoints');
      await checkpoints.updateOne(byId, { $set: { [field]: value } });
    }
  },
);

function anEntry(merchantOrderNo: string): NewInboxEntry {
  const facts = { transactionKind: 'sale', state: 'closed', merchantOrderNo } as PaymentFacts;
  const callbackId = randomUUID().replaceAll('-', '');
  return {
    ...{ callbackId, subject: 'order' as const, merchantNo: MERCHANT_NO, merchantOrderNo },
    ...{ terminalSn: null, facts, isStale: false, sealedBody: 'x' },
    ...{ contentType: 'application/json', receivedAt: at },
  };
}
