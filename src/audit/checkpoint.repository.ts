import { type Connection, type Model, Schema } from 'mongoose';
import { isDuplicateKey } from '../store/mongo-errors.js';
import type { OrderDocument } from '../store/order.model.js';
import { orderModel } from '../store/order.model.js';
import type { Checkpoint, CheckpointLeaf } from './checkpoint.js';
import type { CheckpointStore, StoredCheckpoint } from './checkpoint-maker.js';

/** The collection of checkpoints: append-only. The `_id` is the sequence, so that there is one of each. */
interface CheckpointDocument extends Omit<StoredCheckpoint, 'sequence'> {
  readonly _id: number;
}

const checkpointSchema = new Schema<CheckpointDocument>(
  {
    _id: Number,
    at: String,
    orders: Number,
    entries: Number,
    rootHash: String,
    previousHash: String,
    keyId: String,
    signature: String,
    leaves: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  { collection: 'audit_checkpoints', strict: 'throw', versionKey: false },
);

/** @returns the model of this connection, made on the first call */
export function checkpointModel(connection: Connection): Model<CheckpointDocument> {
  return connection.model<CheckpointDocument>('AuditCheckpoint', checkpointSchema);
}

/** Checkpoints in MongoDB, and the marks on orders that tell which are to be named by the next one. */
export class CheckpointRepository implements CheckpointStore {
  readonly #checkpoints: Model<CheckpointDocument>;
  readonly #orders: Model<OrderDocument>;

  constructor(connection: Connection) {
    this.#checkpoints = checkpointModel(connection);
    this.#orders = orderModel(connection);
  }

  async latest(): Promise<StoredCheckpoint | null> {
    const [document] = await this.#checkpoints
      .find()
      .sort({ _id: -1 })
      .limit(1)
      .lean<CheckpointDocument[]>();
    if (document === undefined) return null;
    const { _id, ...content } = document;
    const leaves: readonly unknown[] = Array.isArray(content.leaves) ? content.leaves : [];
    // What is damaged in it is found by whoever verifies; the next one must be made all the same.
    return { sequence: _id, ...content, leaves: leaves.filter(isLeaf) };
  }

  async uncovered(limit: number): Promise<readonly CheckpointLeaf[]> {
    const documents = await this.#orders
      .find({ isCheckpointed: { $ne: true } }, { version: 1, auditHash: 1 })
      .limit(limit)
      .lean<Pick<OrderDocument, '_id' | 'version' | 'auditHash'>[]>();
    return documents
      .map(({ _id, version, auditHash }) => ({ orderId: _id, version, auditHash }))
      .filter(isLeaf);
  }

  async insert({ sequence, ...content }: StoredCheckpoint): Promise<boolean> {
    try {
      await this.#checkpoints.collection.insertOne({ ...content, _id: sequence } as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async markCovered(leaves: readonly CheckpointLeaf[]): Promise<void> {
    if (leaves.length === 0) return;
    await this.#orders.collection.bulkWrite(
      leaves.map(({ orderId, version, auditHash }) => ({
        updateOne: {
          filter: { _id: orderId, version, auditHash } as never,
          update: { $set: { isCheckpointed: true } },
        },
      })),
      { ordered: false },
    );
  }

  /** All checkpoints without what they name, oldest first. */
  async *all(): AsyncGenerator<Checkpoint> {
    const cursor = this.#checkpoints.collection
      .find({}, { projection: { leaves: 0 } })
      .sort({ _id: 1 }) as unknown as AsyncIterable<Omit<CheckpointDocument, 'leaves'>>;
    for await (const { _id, ...content } of cursor) yield { sequence: _id, ...content };
  }

  /**
   * What all checkpoints name, by order id and then by checkpoint. The server sorts, on its disk where it must. What is
   * damaged is left out: the checkpoint's digest is another one then.
   */
  async *leaves(): AsyncGenerator<CheckpointLeaf & { readonly checkpoint: number }> {
    const cursor = this.#checkpoints.collection.aggregate(
      [
        { $unwind: '$leaves' },
        { $sort: { 'leaves.orderId': 1, _id: 1 } },
        { $project: { leaves: 1 } },
      ],
      { allowDiskUse: true },
    ) as unknown as AsyncIterable<{ readonly _id: number; readonly leaves: CheckpointLeaf }>;
    for await (const { _id, leaves } of cursor) {
      if (!isLeaf(leaves)) continue;
      const { orderId, version, auditHash } = leaves;
      yield { checkpoint: _id, orderId, version, auditHash };
    }
  }
}

function isLeaf(value: unknown): value is CheckpointLeaf {
  const { orderId, version, auditHash } = { ...(value as Partial<CheckpointLeaf> | null) };
  return (
    typeof orderId === 'string' && Number.isSafeInteger(version) && typeof auditHash === 'string'
  );
}
