/** What mongodump and mongorestore do, for the database of one test: a copy of every document, and back to it. */
import type { Connection } from 'mongoose';

type Copy = ReadonlyMap<string, readonly object[]>;

/** Every document of every collection, as it is now. */
export async function copyOf(database: Connection): Promise<Copy> {
  const copy = new Map<string, readonly object[]>();
  for (const { name } of await database.listCollections()) {
    copy.set(name, await database.collection(name).find({}).toArray());
  }
  return copy;
}

/** Everything that was written since the copy is gone, as after a restore. Indexes stay. */
export async function restore(database: Connection, copy: Copy): Promise<void> {
  for (const { name } of await database.listCollections()) {
    await database.collection(name).deleteMany({});
    const documents = copy.get(name) ?? [];
    if (documents.length > 0) await database.collection(name).insertMany([...documents]);
  }
}
