/** Makes checkpoints: a bounded amount of work a round, one winner however many workers try. */
import type { KeyObject } from 'node:crypto';
import {
  type Checkpoint,
  type CheckpointLeaf,
  checkpointHash,
  signCheckpoint,
} from './checkpoint.js';

/** A document of this many leaves stays far below MongoDB's limit of 16 MB. */
export const LEAVES_PER_CHECKPOINT = 2_000;
const CHECKPOINTS_PER_ROUND = 5;

/** A checkpoint with what it names. */
export interface StoredCheckpoint extends Checkpoint {
  /** Sorted by order id. */
  readonly leaves: readonly CheckpointLeaf[];
}

export interface CheckpointStore {
  latest(): Promise<StoredCheckpoint | null>;
  /** Orders that no checkpoint names as they stand now. */
  uncovered(limit: number): Promise<readonly CheckpointLeaf[]>;
  /** @returns false when a checkpoint of this sequence is there already */
  insert(checkpoint: StoredCheckpoint): Promise<boolean>;
  /** Orders that have changed since then stay uncovered. Idempotent. */
  markCovered(leaves: readonly CheckpointLeaf[]): Promise<void>;
}

export interface CheckpointMakerOptions {
  readonly store: CheckpointStore;
  readonly signingKey: KeyObject;
  readonly intervalMs: number;
  /** Most leaves of one checkpoint; smaller in tests. */
  readonly leavesMax?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of each new checkpoint: a log outside the database is an anchor that a thief of the database cannot change. */
  readonly announce: (checkpoint: Checkpoint, hash: string) => void;
}

/** One round. @returns how many checkpoints it made: none when the last is younger than the interval */
export type MakeCheckpoints = () => Promise<number>;

export function createCheckpointMaker(options: CheckpointMakerOptions): MakeCheckpoints {
  const { store, signingKey, intervalMs, now, announce } = options;
  const leavesMax = options.leavesMax ?? LEAVES_PER_CHECKPOINT;
  const isDue = (latest: StoredCheckpoint) =>
    // One whose time is damaged is followed at once: it must not be the last for ever.
    latest.orders >= leavesMax || !(now() - Date.parse(latest.at) < intervalMs);

  return async () => {
    let latest = await store.latest();
    if (latest !== null) {
      if (!isDue(latest)) return 0;
      // A crash may have come between the checkpoint and the marks.
      await store.markCovered(latest.leaves);
    }
    for (let made = 0; made < CHECKPOINTS_PER_ROUND; made += 1) {
      const leaves = await store.uncovered(leavesMax);
      if (leaves.length === 0) return made;
      const sorted = [...leaves].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
      const at = new Date(now()).toISOString();
      const checkpoint = signCheckpoint(sorted, latest, { key: signingKey, at });
      const stored = { ...checkpoint, leaves: sorted };
      if (!(await store.insert(stored))) return made;
      announce(checkpoint, checkpointHash(checkpoint));
      await store.markCovered(sorted);
      latest = stored;
      if (leaves.length < leavesMax) return made + 1;
    }
    return CHECKPOINTS_PER_ROUND;
  };
}
