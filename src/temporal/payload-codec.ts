/** Encryption of what is handed to Temporal, so that whoever reads its database or its Web UI reads no order. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Payload, type PayloadCodec, ValueError } from '@temporalio/common';
import type { Secret } from '../config/secret.js';
import { readPayload, writePayload } from './payload-wire.js';

export interface PayloadKey {
  /** Stands beside what it encrypted, readable by everybody. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Secret<Buffer>;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Names as in Temporal's own samples: their codec servers read them. */
const ENCODING = 'encoding';
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const JSON_ENCODING = 'json/plain';
const QUOTE = '"'.charCodeAt(0);

/**
 * The first key encrypts, all of them decrypt. Payloads that were written before there were keys stay readable.
 *
 * Payloads that are nothing but a text are left as they are: summaries, details and order numbers, by which a run can be
 * told apart in lists. What is handed over as an order, a refund, evidence or an answer is never a bare text.
 */
export class EncryptingPayloadCodec implements PayloadCodec {
  readonly #current: PayloadKey;
  readonly #keys: ReadonlyMap<string, PayloadKey>;

  /** @throws {Error} without any key */
  constructor(keys: readonly PayloadKey[]) {
    const [current] = keys;
    if (current === undefined) throw new Error('a codec needs a key');
    this.#current = current;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isBareText(payload) ? payload : this.#encrypted(payload)));
  }

  /** @throws {ValueError} for a payload that was altered, or encrypted under a key that is not there */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload, ENCODING) === ENCRYPTED ? this.#decrypted(payload) : payload,
    );
  }

  #encrypted(payload: Payload): Payload {
    const { id, key } = this.#current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key.reveal(), nonce);
    const sealed = [cipher.update(writePayload(payload)), cipher.final(), cipher.getAuthTag()];
    return {
      metadata: { [ENCODING]: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(id) },
      data: Buffer.concat([nonce, ...sealed]),
    };
  }

  #decrypted(payload: Payload): Payload {
    const id = textOf(payload, KEY_ID);
    const found = this.#keys.get(id);
    if (found === undefined) {
      throw new ValueError(`TEMPORAL_PAYLOAD_KEYS has no key "${id}", which a payload needs`);
    }
    try {
      return readPayload(opened(Buffer.from(payload.data ?? []), found.key.reveal()));
    } catch {
      throw new ValueError(`a payload under the key "${id}" was altered, or the key is another`);
    }
  }
}

function opened(data: Buffer, key: Buffer): Buffer {
  const nonce = data.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  const content = data.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

function isBareText(payload: Payload): boolean {
  return textOf(payload, ENCODING) === JSON_ENCODING && payload.data?.[0] === QUOTE;
}

function textOf({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString();
}
