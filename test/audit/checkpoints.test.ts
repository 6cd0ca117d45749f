/** Checkpoints on a real database: bounded, one winner, and what only they can show. */
import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditActivities } from '../../src/activities/audit.activities.js';
import { type Checkpoint, checkpointHash } from '../../src/audit/checkpoint.js';
import { CheckpointRepository } from '../../src/audit/checkpoint.repository.js';
import { createCheckpointMaker } from '../../src/audit/checkpoint-maker.js';
import { databaseSource } from '../../src/audit/database-source.js';
import { signingKey } from '../support/audit-builder.js';
import {
  type AuditDatabase,
  auditDatabase,
  openOrder,
  pay,
  rollBack,
  verified,
} from '../support/audit-database.js';

const INTERVAL_MS = 600_000;
const START_MS = Date.parse('2026-02-01T00:00:00.000Z');

const key = signingKey();
const publicKeys = [createPublicKey(key)];

let database: AuditDatabase;
let store: CheckpointRepository;
let nowMs = START_MS;
let announced: { checkpoint: Checkpoint; hash: string }[] = [];

beforeEach(async () => {
  database = await auditDatabase();
  store = new CheckpointRepository(database.connection);
  nowMs = START_MS;
  announced = [];
});
afterEach(async () => await database.close());

function maker(overrides: Partial<Parameters<typeof createCheckpointMaker>[0]> = {}) {
  return createCheckpointMaker({
    store,
    signingKey: key,
    intervalMs: INTERVAL_MS,
    now: () => nowMs,
    announce: (checkpoint, hash) => announced.push({ checkpoint, hash }),
    ...overrides,
  });
}

const verify = async (options: Parameters<typeof verified>[1] = {}) =>
  await verified(databaseSource(database.connection), { publicKeys, ...options });

async function checkpoints(): Promise<readonly Checkpoint[]> {
  const found: Checkpoint[] = [];
  for await (const checkpoint of store.all()) found.push(checkpoint);
  return found;
}

describe('making checkpoints', () => {
  it('when orders changed, then one checkpoint names each of them, and the whole is verified', async () => {
    const lives = [await openOrder(database), await openOrder(database)];
    expect(await maker()()).toBe(1);
    const [checkpoint] = await checkpoints();
    expect(checkpoint).toMatchObject({ sequence: 1, orders: 2, entries: 4 });
    const latest = await store.latest();
    expect(latest?.leaves.map(({ orderId }) => orderId)).toEqual(
      lives.map(({ orderId }) => orderId).sort(),
    );
    const { report, faults } = await verify();
    expect(faults).toEqual([]);
    expect(report).toMatchObject({ orders: 2, entries: 4, checkpoints: 1, uncoveredOrders: 0 });
    expect(announced.map(({ hash }) => hash)).toEqual([report.lastCheckpoint?.hash]);
  });

  it('when the last checkpoint is younger than the interval, then there is no other', async () => {
    const life = await openOrder(database);
    await maker()();
    await pay(database, life);
    nowMs += INTERVAL_MS - 1;
    expect(await maker()()).toBe(0);
    expect((await verify()).report.uncoveredOrders).toBe(1);
    nowMs += 1;
    expect(await maker()()).toBe(1);
    const { report, faults } = await verify();
    expect({ faults, uncovered: report.uncoveredOrders }).toEqual({ faults: [], uncovered: 0 });
    expect((await store.latest())?.leaves).toHaveLength(1);
  });

  it('when nothing changed, then nothing is signed', async () => {
    expect(await maker()()).toBe(0);
    await openOrder(database);
    await maker()();
    nowMs += INTERVAL_MS;
    expect(await maker()()).toBe(0);
    expect(await checkpoints()).toHaveLength(1);
  });

  it('when more orders changed than one holds, then several follow each other, and the rest waits for the next round', async () => {
    for (let count = 0; count < 12; count += 1) await openOrder(database);
    const inTwos = maker({ leavesMax: 2 });
    expect(await inTwos()).toBe(5);
    expect(await inTwos()).toBe(1);
    const { report, faults } = await verify();
    expect(faults).toEqual([]);
    expect(report).toMatchObject({ checkpoints: 6, uncoveredOrders: 0 });
  });

  it('when several workers try at once, then there is one of each number, and nothing is lost', async () => {
    for (let count = 0; count < 9; count += 1) await openOrder(database);
    await Promise.all(Array.from({ length: 6 }, () => maker({ leavesMax: 3 })()));
    nowMs += INTERVAL_MS;
    await maker()();
    const sequences = (await checkpoints()).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    const { report, faults } = await verify();
    expect({ faults, uncovered: report.uncoveredOrders }).toEqual({ faults: [], uncovered: 0 });
  });

  it('when a worker died after the checkpoint and before its marks, then the next round does not name them again', async () => {
    await openOrder(database);
    const dies = maker({
      announce: () => {
        throw new Error('killed');
      },
    });
    await expect(dies()).rejects.toThrow('killed');
    nowMs += INTERVAL_MS;
    expect(await maker()()).toBe(0);
    expect(await checkpoints()).toHaveLength(1);
  });

  it('when there is no key, then the activity makes none', async () => {
    await openOrder(database);
    const { makeCheckpoint } = createAuditActivities({ makeCheckpoints: null });
    expect(await makeCheckpoint()).toEqual({ checkpointsMade: 0 });
    const signed = createAuditActivities({ makeCheckpoints: maker() });
    expect(await signed.makeCheckpoint()).toEqual({ checkpointsMade: 1 });
  });
});

describe('what only a checkpoint shows', () => {
  it('when the proof of a payment was cut off and the order set back, then the missing entry is named', async () => {
    const life = await openOrder(database);
    await openOrder(database);
    await pay(database, life);
    await maker()();
    await rollBack(database, life, 2);
    expect((await database.stores.orders.find(life.orderId))?.order.status).toBe('pending');
    const { faults } = await verify();
    expect(faults).toEqual([
      {
        orderId: life.orderId,
        sequence: 3,
        problem: 'entries_removed',
        detail: 'checkpoint 1 was signed with 4 entries, 2 are there',
      },
    ]);
  });

  it('when an order was removed whole, then it is named', async () => {
    const life = await openOrder(database);
    await maker()();
    await database.connection.collection('audit').deleteMany({ orderId: life.orderId });
    await database.connection.collection('orders').deleteOne({ _id: life.orderId as never });
    const { faults } = await verify();
    expect(faults).toMatchObject([
      { orderId: life.orderId, sequence: 1, problem: 'entries_removed' },
    ]);
  });

  it('when what a checkpoint names was changed to fit, then its signature does not', async () => {
    const life = await openOrder(database);
    await pay(database, life);
    await maker()();
    await rollBack(database, life, 2);
    const kept = await database.stores.orders.find(life.orderId);
    await database.connection.collection('audit_checkpoints').updateOne(
      { _id: 1 as never },
      {
        $set: { 'leaves.0.version': 2, 'leaves.0.auditHash': kept?.auditHash },
      },
    );
    const { faults } = await verify();
    expect(faults).toMatchObject([{ checkpoint: 1, problem: 'orders_differ' }]);
  });

  it('when a checkpoint was written anew without the key, then its signature is wrong', async () => {
    await openOrder(database);
    await maker()();
    await database.connection
      .collection('audit_checkpoints')
      .updateOne({ _id: 1 as never }, { $set: { at: '2026-03-01T00:00:00.000Z' } });
    expect((await verify()).faults).toMatchObject([{ checkpoint: 1, problem: 'signature_wrong' }]);
  });

  it('when it was signed by another key, then that proves nothing', async () => {
    await openOrder(database);
    await maker({ signingKey: signingKey() })();
    expect((await verify()).faults).toMatchObject([{ checkpoint: 1, problem: 'key_unknown' }]);
  });

  it('when a checkpoint in the middle is gone, then the gap is found', async () => {
    const life = await openOrder(database);
    await maker()();
    await pay(database, life);
    nowMs += INTERVAL_MS;
    await maker()();
    await database.connection.collection('audit_checkpoints').deleteOne({ _id: 1 as never });
    expect((await verify()).faults).toMatchObject([{ checkpoint: 2, problem: 'missing' }]);
  });

  it('when the last checkpoints were removed too, then an anchor that was kept outside shows it', async () => {
    const life = await openOrder(database);
    await maker()();
    const [first] = await checkpoints();
    const anchor = { sequence: 1, hash: first === undefined ? '' : checkpointHash(first) };
    expect((await verify({ anchors: [anchor] })).faults).toEqual([]);
    await database.connection.collection('audit_checkpoints').deleteMany({});
    await rollBack(database, life, 1);
    expect((await verify()).faults).toEqual([]);
    expect((await verify({ anchors: [anchor] })).faults).toMatchObject([
      { checkpoint: 1, problem: 'missing' },
    ]);
  });
});
