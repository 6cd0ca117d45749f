import { type Connection, type Model, Schema } from 'mongoose';
import type { AnomalyDraft, AnomalyKind } from '../domain/audit.js';
import type { AnomalyDocument, AnomalyStore } from './anomaly-store.js';
import { isDuplicateKey } from './mongo-errors.js';

const anomalySchema = new Schema<AnomalyDocument>(
  {
    _id: String,
    kind: String,
    orderId: { type: String, default: null },
    detail: String,
    firstSeenAt: String,
    openedAt: String,
    lastSeenAt: String,
    count: Number,
    lastTransitionId: String,
    acknowledgedBy: { type: String, default: null },
    healedAt: { type: String, default: null },
  },
  { collection: 'anomalies', strict: 'throw', versionKey: false },
);
anomalySchema.index({ healedAt: 1, lastSeenAt: -1 });

export class AnomalyRepository implements AnomalyStore {
  readonly #anomalies: Model<AnomalyDocument>;

  constructor(connection: Connection) {
    this.#anomalies = connection.model<AnomalyDocument>('Anomaly', anomalySchema);
  }

  async createIndexes(): Promise<void> {
    await this.#anomalies.createIndexes();
  }

  /**
   * Raises anomalies about one subject; the same kind again is counted, and a retry of the same write is not.
   * @param subject order id, or what else it is about
   */
  async raise(
    subject: string,
    transitionId: string,
    drafts: readonly AnomalyDraft[],
  ): Promise<void> {
    for (const draft of drafts) {
      const _id = `${draft.kind}:${subject}`;
      try {
        await this.#anomalies.create({
          _id,
          kind: draft.kind,
          orderId: subject,
          detail: draft.detail,
          firstSeenAt: draft.at,
          openedAt: draft.at,
          lastSeenAt: draft.at,
          count: 1,
          lastTransitionId: transitionId,
        });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await this.#reopen(_id, transitionId, draft.at);
        await this.#anomalies.updateOne(
          { _id, lastTransitionId: { $ne: transitionId } },
          {
            $inc: { count: 1 },
            $set: {
              lastSeenAt: draft.at,
              detail: draft.detail,
              lastTransitionId: transitionId,
            },
          },
        );
      }
    }
  }

  /** What comes back after it had healed is new to whoever is on call. */
  async #reopen(_id: string, transitionId: string, openedAt: string): Promise<void> {
    await this.#anomalies.updateOne(
      { _id, lastTransitionId: { $ne: transitionId }, healedAt: { $ne: null } },
      { $set: { healedAt: null, openedAt, acknowledgedBy: null } },
    );
  }

  /** Ends anomalies that are no more. One that comes back is open again. */
  async heal(subject: string, kinds: readonly AnomalyKind[], at: string): Promise<void> {
    if (kinds.length === 0) return;
    const ids = kinds.map((kind) => `${kind}:${subject}`);
    await this.#anomalies.updateMany(
      { _id: { $in: ids }, healedAt: null },
      { $set: { healedAt: at } },
    );
  }

  async acknowledge(id: string, actor: string): Promise<AnomalyDocument | null> {
    return await this.#anomalies
      .findOneAndUpdate(
        { _id: id },
        { $set: { acknowledgedBy: actor } },
        { returnDocument: 'after' },
      )
      .lean<AnomalyDocument>();
  }

  /** Latest first, healed ones too. */
  async list(limit: number): Promise<readonly AnomalyDocument[]> {
    return await this.#anomalies
      .find()
      .sort({ lastSeenAt: -1 })
      .limit(limit)
      .lean<AnomalyDocument[]>();
  }

  /** Not healed ones, latest first. */
  async listOpen(limit: number): Promise<readonly AnomalyDocument[]> {
    return await this.#anomalies
      .find({ healedAt: null })
      .sort({ lastSeenAt: -1 })
      .limit(limit)
      .lean<AnomalyDocument[]>();
  }

  async openCounts(): Promise<readonly { kind: AnomalyKind; count: number }[]> {
    return await this.#anomalies.aggregate<{ kind: AnomalyKind; count: number }>([
      { $match: { healedAt: null } },
      { $group: { _id: '$kind', count: { $sum: 1 } } },
      { $project: { _id: 0, kind: '$_id', count: 1 } },
    ]);
  }
}
