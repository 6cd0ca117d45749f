import { mongo } from 'mongoose';

/** A document with this `_id` or unique key is there already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}
