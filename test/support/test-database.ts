/** A database of its own for one file of tests, with all indexes. */
import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { inject } from 'vitest';
import { createIndexes, createStores, type Stores } from '../../src/store/stores.js';

export interface TestDatabase {
  readonly connection: Connection;
  readonly stores: Stores;
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const dbName = `test_${randomUUID().replaceAll('-', '')}`;
  const connection = await mongoose
    .createConnection(inject('mongodbUri'), { dbName, autoIndex: false })
    .asPromise();
  const stores = createStores(connection);
  await createIndexes(stores);
  return {
    connection,
    stores,
    drop: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
