/** TEMPORAL_PAYLOAD_KEYS: what encrypts the payloads that are handed to Temporal. */
import { z } from 'zod';
import { Secret } from './secret.js';

const KEY_BYTES = 32;
const ENTRY = /^([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/]{43}=)$/;

/** `id:base64`, several separated by commas: the first encrypts, all of them decrypt. */
export const payloadKeysSchema = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const keys = entries.flatMap((entry) => {
    const [, id = '', encoded = ''] = ENTRY.exec(entry) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    return bytes.length === KEY_BYTES ? [{ id, key: new Secret(bytes) }] : [];
  });
  if (keys.length === entries.length && new Set(keys.map(({ id }) => id)).size === keys.length) {
    return keys;
  }
  context.addIssue({
    code: 'custom',
    message: `must be id:key pairs separated by commas, each id once, each key the base64 of ${KEY_BYTES} bytes`,
  });
  return z.NEVER;
});
