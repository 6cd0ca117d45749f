/**
 * A payload as bytes, the way Temporal's other SDKs write it, so that any codec server can open what was encrypted here.
 * Source: temporal/api/common/v1/message.proto, Payload; Protocol Buffers encoding.
 */
import type { Payload } from '@temporalio/common';

/** Field numbers with the wire type "length-delimited". */
const METADATA_TAG = 0x0a;
const DATA_TAG = 0x12;
const KEY_TAG = 0x0a;
const VALUE_TAG = 0x12;

const NOTHING = new Uint8Array();

/** @throws {Error} when a payload has parts beyond metadata and data: they would be lost */
export function writePayload(payload: Payload): Uint8Array {
  if ((payload.externalPayloads ?? []).length > 0) {
    throw new Error('a payload that is stored elsewhere cannot be encrypted');
  }
  const entries = Object.entries(payload.metadata ?? {}).map(([name, value]) =>
    field(
      METADATA_TAG,
      Buffer.concat([field(KEY_TAG, Buffer.from(name)), field(VALUE_TAG, value ?? NOTHING)]),
    ),
  );
  return Buffer.concat([...entries, field(DATA_TAG, payload.data ?? NOTHING)]);
}

/** @throws {Error} when the bytes are no payload with metadata and data */
export function readPayload(bytes: Uint8Array): Payload {
  const metadata: Record<string, Uint8Array> = {};
  let data: Uint8Array = NOTHING;
  for (const { tag, value } of fieldsOf(bytes)) {
    if (tag === DATA_TAG) data = value;
    else if (tag === METADATA_TAG) {
      const entry = new Map(fieldsOf(value).map((part) => [part.tag, part.value]));
      const name = Buffer.from(entry.get(KEY_TAG) ?? NOTHING).toString();
      metadata[name] = entry.get(VALUE_TAG) ?? NOTHING;
    } else throw malformed();
  }
  return { metadata, data };
}

function field(tag: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([tag]), lengthOf(value.length), value]);
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function lengthOf(length: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 0x80)) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 0x80) + 0x80);
  }
}

interface Field {
  readonly tag: number;
  readonly value: Uint8Array;
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let offset = 0;
  const next = (): number => {
    const byte = bytes[offset];
    if (byte === undefined) throw malformed();
    offset += 1;
    return byte;
  };
  while (offset < bytes.length) {
    const tag = next();
    let length = 0;
    for (let factor = 1, more = true; more; factor *= 0x80) {
      const byte = next();
      length += (byte % 0x80) * factor;
      more = byte >= 0x80;
    }
    if (offset + length > bytes.length) throw malformed();
    fields.push({ tag, value: bytes.subarray(offset, offset + length) });
    offset += length;
  }
  return fields;
}

function malformed(): Error {
  return new Error('not the bytes of a payload');
}
