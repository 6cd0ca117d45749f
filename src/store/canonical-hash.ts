import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** SHA-256 (hex) of a value's JSON with sorted keys: the same content gives the same hash wherever it is computed. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256')
    .update(stringify(value) ?? 'null')
    .digest('hex');
}
