/**
 * Checkpoints: signed statements of where the chains of many orders stood. A chain alone shows that an entry was
 * altered, not that its last entries were cut off together with the order; a checkpoint that names a later entry does.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalHash } from '../store/canonical-hash.js';

const KEY_ID_LENGTH = 16;
const PURPOSE = 'payment-orders audit checkpoint';

/** Where the chain of one order stood. */
export interface CheckpointLeaf {
  readonly orderId: string;
  /** Sequence of its last entry. */
  readonly version: number;
  /** Hash of that entry. */
  readonly auditHash: string;
}

export interface Checkpoint {
  /** 1 for the first; without gaps. */
  readonly sequence: number;
  readonly at: string;
  /** How many orders it names: those that changed since they were named last. */
  readonly orders: number;
  /** How many entries the chains of these orders held together. */
  readonly entries: number;
  /** Over its leaves in the order of their order ids. */
  readonly rootHash: string;
  /** Hash of the checkpoint before it, signature included. */
  readonly previousHash: string;
  /** Which key signed it: beginning of the SHA-256 of the public key. */
  readonly keyId: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

/** What the first checkpoint follows. */
export const CHECKPOINT_GENESIS = canonicalHash({ genesis: 'checkpoints' });

/** Hashes leaves one by one, so that any number of them takes no memory. They must come in order of their order ids. */
export class LeafDigest {
  readonly #hash = createHash('sha256');
  #orders = 0;
  #entries = 0;

  add({ orderId, version, auditHash }: CheckpointLeaf): void {
    this.#hash.update(`${JSON.stringify([orderId, version, auditHash])}\n`);
    this.#orders += 1;
    this.#entries += version;
  }

  /** Ends the hashing: to be called once. */
  finish(): Pick<Checkpoint, 'orders' | 'entries' | 'rootHash'> {
    return {
      orders: this.#orders,
      entries: this.#entries,
      rootHash: this.#hash.digest('hex'),
    };
  }
}

/** The id of a signing key or of its public half. */
export function auditKeyId(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, KEY_ID_LENGTH);
}

/** Signs the checkpoint after `previous`. @param leaves sorted by order id */
export function signCheckpoint(
  leaves: readonly CheckpointLeaf[],
  previous: Checkpoint | null,
  signing: { readonly key: KeyObject; readonly at: string },
): Checkpoint {
  const digest = new LeafDigest();
  for (const leaf of leaves) digest.add(leaf);
  const content = {
    sequence: (previous?.sequence ?? 0) + 1,
    at: signing.at,
    ...digest.finish(),
    previousHash: previous === null ? CHECKPOINT_GENESIS : checkpointHash(previous),
    keyId: auditKeyId(signing.key),
  };
  const signature = sign(null, signedText(content), signing.key).toString('base64');
  return { ...content, signature };
}

/** The hash that the next checkpoint carries, and that may be kept elsewhere as an anchor. */
export function checkpointHash(checkpoint: Checkpoint): string {
  const { sequence, at, orders, entries, rootHash, previousHash, keyId, signature } = checkpoint;
  return canonicalHash({
    ...{ sequence, at, orders, entries },
    ...{ rootHash, previousHash, keyId, signature },
  });
}

export function isSignedBy(checkpoint: Checkpoint, publicKey: KeyObject): boolean {
  // Stored by somebody, perhaps damaged: what is no text signs nothing.
  const stored: unknown = checkpoint.signature;
  const signature = Buffer.from(typeof stored === 'string' ? stored : '', 'base64');
  return verify(null, signedText(checkpoint), publicKey, signature);
}

function signedText(content: Omit<Checkpoint, 'signature'>): Buffer {
  const { sequence, at, orders, entries, rootHash, previousHash, keyId } = content;
  const signed = { sequence, at, orders, entries, rootHash, previousHash, keyId };
  return Buffer.from(canonicalHash({ purpose: PURPOSE, ...signed }));
}
