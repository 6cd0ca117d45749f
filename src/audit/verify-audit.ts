/** Verifies all chains and checkpoints of a source in one pass, in memory that does not grow with the number of orders. */
import type { KeyObject } from 'node:crypto';
import type { AuditSource } from './audited-order.js';
import {
  auditKeyId,
  CHECKPOINT_GENESIS,
  type Checkpoint,
  checkpointHash,
  isSignedBy,
  LeafDigest,
} from './checkpoint.js';
import { findOrderFault, type OrderFault } from './order-proof.js';

export type CheckpointProblem =
  | 'missing'
  | 'chain_broken'
  | 'key_unknown'
  | 'signature_wrong'
  | 'orders_differ'
  | 'anchor_contradicted';

export interface CheckpointFault {
  readonly checkpoint: number;
  readonly problem: CheckpointProblem;
  readonly detail: string;
}

export type AuditFault = OrderFault | CheckpointFault;

/** A checkpoint's hash that was kept outside the database, from the log for example. */
export interface CheckpointAnchor {
  readonly sequence: number;
  readonly hash: string;
}

export interface VerificationOptions {
  /** Which keys may have signed checkpoints. */
  readonly publicKeys: readonly KeyObject[];
  readonly anchors: readonly CheckpointAnchor[];
  /** Called for each fault as it is found. */
  readonly onFault: (fault: AuditFault) => void;
}

export interface VerificationReport {
  readonly orders: number;
  readonly entries: number;
  readonly checkpoints: number;
  /** Orders whose latest entry no checkpoint names yet: their tail is not protected. */
  readonly uncoveredOrders: number;
  readonly faults: number;
  readonly firstFault: AuditFault | null;
  readonly lastCheckpoint: CheckpointAnchor | null;
}

/** One digest a checkpoint: memory grows with time, a few hundred bytes every interval, and not with orders. */
type Digests = Map<number, LeafDigest>;

export async function verifyAudit(
  source: AuditSource,
  options: VerificationOptions,
): Promise<VerificationReport> {
  const counts = { orders: 0, entries: 0, uncoveredOrders: 0, faults: 0 };
  let firstFault: AuditFault | null = null;
  const report = (fault: AuditFault) => {
    counts.faults += 1;
    firstFault ??= fault;
    options.onFault(fault);
  };
  const digests: Digests = new Map();
  for await (const audited of source.orders()) {
    counts.orders += 1;
    counts.entries += audited.entries.length;
    const fault = findOrderFault(audited);
    if (fault !== null) report(fault);
    for (const leaf of audited.leaves) digestOf(digests, leaf.checkpoint).add(leaf);
    const signedVersion = Math.max(0, ...audited.leaves.map(({ version }) => version));
    if (signedVersion < audited.entries.length) counts.uncoveredOrders += 1;
  }
  const last = await verifyCheckpoints(source, digests, { ...options, onFault: report });
  return {
    ...counts,
    checkpoints: last?.sequence ?? 0,
    firstFault,
    lastCheckpoint: last,
  };
}

function digestOf(digests: Digests, checkpoint: number): LeafDigest {
  const digest = digests.get(checkpoint) ?? new LeafDigest();
  digests.set(checkpoint, digest);
  return digest;
}

/** @returns the last checkpoint, an anchor for the next verification */
async function verifyCheckpoints(
  source: AuditSource,
  digests: Digests,
  options: VerificationOptions,
): Promise<CheckpointAnchor | null> {
  const keys = new Map(options.publicKeys.map((key) => [auditKeyId(key), key]));
  const anchors = new Map(options.anchors.map(({ sequence, hash }) => [sequence, hash]));
  let last: CheckpointAnchor = { sequence: 0, hash: CHECKPOINT_GENESIS };
  for await (const checkpoint of source.checkpoints()) {
    const fault = (problem: CheckpointProblem, detail: string) =>
      options.onFault({ checkpoint: checkpoint.sequence, problem, detail });
    if (checkpoint.sequence !== last.sequence + 1) {
      fault('missing', `the checkpoint before it is ${last.sequence}`);
    } else if (checkpoint.previousHash !== last.hash) {
      fault('chain_broken', 'it does not follow the checkpoint before it');
    }
    checkSignature(checkpoint, keys, fault);
    if (!isDigestOf(checkpoint, digests.get(checkpoint.sequence))) {
      fault('orders_differ', 'the orders it names are not those that were signed');
    }
    digests.delete(checkpoint.sequence);
    last = { sequence: checkpoint.sequence, hash: checkpointHash(checkpoint) };
    const expected = anchors.get(last.sequence);
    if (expected !== undefined && expected !== last.hash) {
      fault('anchor_contradicted', 'its hash is not the one that was kept outside');
    }
    anchors.delete(last.sequence);
  }
  for (const checkpoint of [...anchors.keys(), ...digests.keys()]) {
    const detail = 'it is known from elsewhere and not there';
    options.onFault({ checkpoint, problem: 'missing', detail });
  }
  return last.sequence === 0 ? null : last;
}

function checkSignature(
  checkpoint: Checkpoint,
  keys: ReadonlyMap<string, KeyObject>,
  fault: (problem: CheckpointProblem, detail: string) => void,
): void {
  const key = keys.get(checkpoint.keyId);
  if (key === undefined) {
    fault(
      'key_unknown',
      `its key ${checkpoint.keyId} was not given (--public-key), so its signature proves nothing`,
    );
  } else if (!isSignedBy(checkpoint, key)) {
    fault('signature_wrong', 'it was not signed by its key, or was changed since');
  }
}

function isDigestOf(checkpoint: Checkpoint, digest: LeafDigest | undefined): boolean {
  const { orders, entries, rootHash } = (digest ?? new LeafDigest()).finish();
  return (
    checkpoint.orders === orders &&
    checkpoint.entries === entries &&
    checkpoint.rootHash === rootHash
  );
}
