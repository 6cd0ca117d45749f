import { mongo } from 'mongoose';

/** A stored value is of a type that the update cannot work with. */
export function isTypeMismatch(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 14;
}

/** A document with this `_id` or unique key is there already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}
