import type { DataConverter } from '@temporalio/common';
import { EncryptingPayloadCodec, type PayloadKey } from './payload-codec.js';

/**
 * How values become payloads, for clients and workers alike: what the one encrypts the other has to decrypt.
 * @returns an empty converter without keys: payloads stay plain
 */
export function dataConverterOf(keys: readonly PayloadKey[]): DataConverter {
  return keys.length === 0 ? {} : { payloadCodecs: [new EncryptingPayloadCodec(keys)] };
}
