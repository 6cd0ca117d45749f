/** The embedded MongoDB keeps what it acknowledges, and guards what the store relies on. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PrivateComponent, startMongoDb } from '../support/components.js';

const LANES = 20;
const ACKNOWLEDGED_BEFORE_KILL = 1_500;
const MONGODB_DUPLICATE_KEY = 11_000;

let server: PrivateComponent;

beforeAll(async () => {
  server = await startMongoDb();
}, 120_000);

afterAll(async () => await server?.dispose());

interface Numbered {
  _id: string;
  number: number;
}

async function withCollection<T>(
  name: string,
  use: (collection: mongoose.mongo.Collection<Numbered>) => Promise<T>,
): Promise<T> {
  const client = new mongoose.mongo.MongoClient(server.address, {
    writeConcern: { w: 'majority', j: true },
    retryWrites: false,
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 5_000,
  });
  try {
    return await use(client.db('durability').collection<Numbered>(name));
  } finally {
    await client.close(true);
  }
}

it('when it is killed while many write, then everything it acknowledged is there afterwards', async () => {
  const acknowledged: string[] = [];
  await withCollection('killed', async (collection) => {
    await collection.createIndex({ number: 1 }, { unique: true });
    let alive = true;
    const write = async (lane: number) => {
      for (let turn = 0; alive; turn += 1) {
        const _id = `${lane}/${turn}`;
        await collection.insertOne({ _id, number: turn * LANES + lane });
        acknowledged.push(_id);
      }
    };
    const lanes = Array.from({ length: LANES }, (_none, lane) => write(lane).catch(() => {}));
    await expect
      .poll(() => acknowledged.length, { timeout: 30_000, interval: 5 })
      .toBeGreaterThan(ACKNOWLEDGED_BEFORE_KILL);
    await server.kill();
    alive = false;
    await Promise.all(lanes);
  });
  await server.restart();
  await withCollection('killed', async (collection) => {
    const found = new Map<string, number>();
    for await (const { _id, number } of collection.find()) found.set(_id, number);
    const lost = acknowledged.filter((id) => !found.has(id));
    expect(lost).toEqual([]);
    // The index agrees with the documents: each number is taken by the one that has it, and no other is.
    for (const [_id, number] of [...found].slice(-LANES)) {
      expect(await collection.findOne({ number })).toEqual({ _id, number });
    }
    const next = Math.max(...found.values()) + 1;
    for (let number = next; number < next + LANES; number += 1) {
      const { acknowledged: isKept } = await collection.insertOne({ _id: `new/${number}`, number });
      expect(isKept).toBe(true);
    }
  });
}, 120_000);

it('when a unique value is taken, then the second insert fails with E11000', async () => {
  await withCollection('unique', async (collection) => {
    await collection.createIndex({ number: 1 }, { unique: true });
    await collection.insertOne({ _id: 'first', number: 1 });
    await expect(collection.insertOne({ _id: 'second', number: 1 })).rejects.toMatchObject({
      code: MONGODB_DUPLICATE_KEY,
    });
    await expect(collection.insertOne({ _id: 'first', number: 2 })).rejects.toMatchObject({
      code: MONGODB_DUPLICATE_KEY,
    });
    expect(await collection.countDocuments()).toBe(1);
  });
});

it('when fifty compare and set at the same version, then exactly one wins', async () => {
  await withCollection('versions', async (collection) => {
    await collection.insertOne({ _id: 'order', number: 1 });
    const results = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const filter = { _id: 'order', number: 1 };
        return await collection.updateOne(filter, { $set: { number: 2 } });
      }),
    );
    expect(results.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(1);
    expect(results.filter(({ matchedCount }) => matchedCount === 0)).toHaveLength(49);
  });
});
