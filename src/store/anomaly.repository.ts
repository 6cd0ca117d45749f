import { type Connection, type Model, type QueryFilter, Schema } from 'mongoose';
import type { AnomalyDraft, AnomalyKind } from '../domain/audit.js';
import type { UntoldAnomalies } from './alert-store.js';
import {
  type AnomalyDocument,
  type AnomalyStore,
  anomalyId,
  type OpenAnomalyCount,
} from './anomaly-store.js';
import { isDuplicateKey, isTypeMismatch } from './mongo-errors.js';
import { readableAnomaly } from './readable-anomaly.js';

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
    isUntold: Boolean,
  },
  { collection: 'anomalies', strict: 'throw', versionKey: false },
);
anomalySchema.index({ healedAt: 1, lastSeenAt: -1 });
anomalySchema.index({ orderId: 1, lastSeenAt: -1 });
anomalySchema.index({ isUntold: 1, openedAt: 1 });

export class AnomalyRepository implements AnomalyStore, UntoldAnomalies {
  readonly #anomalies: Model<AnomalyDocument>;

  constructor(connection: Connection) {
    this.#anomalies = connection.model<AnomalyDocument>('Anomaly', anomalySchema);
  }

  async createIndexes(): Promise<void> {
    await this.#anomalies.createIndexes();
    await this.#giveBegins();
  }

  /** Those of before there were alerts had no time of their last begin. Each is one write that may be repeated. */
  async #giveBegins(): Promise<void> {
    const old = await this.#anomalies
      .find({ openedAt: null }, { firstSeenAt: 1 })
      .lean<Pick<AnomalyDocument, '_id' | 'firstSeenAt'>[]>();
    for (const { _id, firstSeenAt } of old) {
      await this.#anomalies.updateOne({ _id, openedAt: null }, { $set: { openedAt: firstSeenAt } });
    }
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
      const _id = anomalyId(draft.kind, subject);
      if (await this.#insert(subject, transitionId, draft)) continue;
      await this.#reopen(_id, transitionId, draft);
      await this.#countAgain(
        { _id, lastTransitionId: { $ne: transitionId } },
        { lastSeenAt: draft.at, detail: draft.detail, lastTransitionId: transitionId },
      );
    }
  }

  /** Each step is one write of one document: of several processes that see the same one opens it. */
  async raiseLasting(subject: string, { kind, at, detail }: AnomalyDraft): Promise<void> {
    const _id = anomalyId(kind, subject);
    const seen = { lastSeenAt: at, detail };
    for (;;) {
      const still = await this.#anomalies.updateOne({ _id, healedAt: null }, { $set: seen });
      if (still.matchedCount > 0) return;
      const transitionId = `watch/${at}`;
      const opened = { healedAt: null, openedAt: at, acknowledgedBy: null, isUntold: true };
      const isAgain = await this.#countAgain(
        { _id, healedAt: { $ne: null } },
        { ...seen, ...opened, lastTransitionId: transitionId },
      );
      if (isAgain) return;
      if (await this.#insert(subject, transitionId, { kind, at, detail })) return;
    }
  }

  /**
   * @returns whether there was such an anomaly. One whose count is damaged is counted anew: an order's record waits for
   * its anomaly to be raised
   */
  async #countAgain(
    filter: QueryFilter<AnomalyDocument>,
    seen: Partial<AnomalyDocument>,
  ): Promise<boolean> {
    try {
      const update = { $set: seen, $inc: { count: 1 } };
      return (await this.#anomalies.updateOne(filter, update)).matchedCount > 0;
    } catch (error) {
      if (!isTypeMismatch(error)) throw error;
    }
    const anew = { $set: { ...seen, count: 1 } };
    return (await this.#anomalies.updateOne(filter, anew)).matchedCount > 0;
  }

  /** @returns false when it is there already */
  async #insert(subject: string, transitionId: string, draft: AnomalyDraft): Promise<boolean> {
    try {
      await this.#anomalies.create({
        _id: anomalyId(draft.kind, subject),
        kind: draft.kind,
        orderId: subject,
        detail: draft.detail,
        firstSeenAt: draft.at,
        openedAt: draft.at,
        lastSeenAt: draft.at,
        count: 1,
        lastTransitionId: transitionId,
        isUntold: true,
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** What comes back after it had healed is new to whoever is on call. */
  async #reopen(_id: string, transitionId: string, { at, detail }: AnomalyDraft): Promise<void> {
    await this.#anomalies.updateOne(
      { _id, lastTransitionId: { $ne: transitionId }, healedAt: { $ne: null } },
      { $set: { healedAt: null, openedAt: at, acknowledgedBy: null, detail, isUntold: true } },
    );
  }

  /** Ends anomalies that are no more. One that comes back is open again. */
  async heal(subject: string, kinds: readonly AnomalyKind[], at: string): Promise<void> {
    if (kinds.length === 0) return;
    const ids = kinds.map((kind) => anomalyId(kind, subject));
    await this.#anomalies.updateMany(
      { _id: { $in: ids }, healedAt: null },
      { $set: { healedAt: at, isUntold: true } },
    );
  }

  async acknowledge(id: string, actor: string): Promise<AnomalyDocument | null> {
    const acknowledged = await this.#anomalies
      .findOneAndUpdate(
        { _id: id },
        { $set: { acknowledgedBy: actor } },
        { returnDocument: 'after' },
      )
      .lean<AnomalyDocument>();
    return acknowledged === null ? null : readableAnomaly(acknowledged);
  }

  async find(id: string): Promise<AnomalyDocument | null> {
    const found = await this.#anomalies.findById(id).lean<AnomalyDocument>();
    return found === null ? null : readableAnomaly(found);
  }

  /** Latest first, healed ones too. */
  async list(limit: number, subject?: string): Promise<readonly AnomalyDocument[]> {
    return await this.#latest(about(subject), limit);
  }

  async listOpen(limit: number, subject?: string): Promise<readonly AnomalyDocument[]> {
    return await this.#latest({ ...about(subject), healedAt: null }, limit);
  }

  async listOpenOf(
    kinds: readonly AnomalyKind[],
    limit: number,
  ): Promise<readonly AnomalyDocument[]> {
    return await this.#latest({ healedAt: null, kind: { $in: kinds } }, limit);
  }

  async #latest(
    filter: QueryFilter<AnomalyDocument>,
    limit: number,
  ): Promise<readonly AnomalyDocument[]> {
    const found = await this.#anomalies
      .find(filter)
      .sort({ lastSeenAt: -1 })
      .limit(limit)
      .lean<AnomalyDocument[]>();
    return found.map(readableAnomaly);
  }

  /** Those of before there were alerts count as untold: they are looked at once. */
  async listUntold(limit: number): Promise<readonly AnomalyDocument[]> {
    const found = await this.#anomalies
      .find({ isUntold: { $ne: false } })
      .sort({ openedAt: 1 })
      .limit(limit)
      .lean<AnomalyDocument[]>();
    return await Promise.all(found.map(async (stored) => await this.#mended(stored)));
  }

  /** Who is told of it names it by its content: that must be in the record, or it would be told without an end. */
  async #mended(stored: AnomalyDocument): Promise<AnomalyDocument> {
    const { _id, ...content } = readableAnomaly(stored);
    const isWhole = Object.entries(content).every(
      ([name, value]) => stored[name as keyof AnomalyDocument] === value,
    );
    if (!isWhole) await this.#anomalies.updateOne({ _id }, { $set: content });
    return { _id, ...content };
  }

  async markTold({ _id, openedAt, healedAt }: AnomalyDocument): Promise<void> {
    const { matchedCount } = await this.#anomalies.updateOne(
      { _id, openedAt, healedAt },
      { $set: { isUntold: false } },
    );
    // It went on while it was taken up, perhaps told already by another process that saw the later state.
    if (matchedCount === 0) await this.#anomalies.updateOne({ _id }, { $set: { isUntold: true } });
  }

  async openCounts(): Promise<readonly OpenAnomalyCount[]> {
    const isUnacknowledged = { $cond: [{ $eq: ['$acknowledgedBy', null] }, 1, 0] };
    return await this.#anomalies.aggregate<OpenAnomalyCount>([
      { $match: { healedAt: null } },
      {
        $group: {
          _id: '$kind',
          count: { $sum: 1 },
          unacknowledgedCount: { $sum: isUnacknowledged },
        },
      },
      { $project: { _id: 0, kind: '$_id', count: 1, unacknowledgedCount: 1 } },
    ]);
  }
}

function about(subject: string | undefined): QueryFilter<AnomalyDocument> {
  return subject === undefined ? {} : { orderId: subject };
}
