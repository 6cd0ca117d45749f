import { randomUUID } from 'node:crypto';
import { type Connection, type Model, type QueryFilter, Schema } from 'mongoose';
import type { AnomalyKind } from '../domain/audit.js';
import type {
  Alert,
  AlertChange,
  AlertDestination,
  AlertStage,
  AlertStore,
  ClaimedAlert,
  EpisodeSelection,
} from './alert-store.js';
import { isDuplicateKey } from './mongo-errors.js';
import { readableCount } from './readable-values.js';

/** Long enough to answer "were we told of it?" after the holidays. */
const SETTLED_KEPT_SECONDS = 30 * 86_400;

const text = { type: String, default: null };

const alertSchema = new Schema<Alert>(
  {
    _id: String,
    destination: String,
    episode: String,
    kind: String,
    anomalyId: text,
    subject: text,
    summaryId: text,
    detail: String,
    count: Number,
    openedAt: String,
    healedAt: text,
    countAtEnd: { type: Number, default: null },
    stage: String,
    plannedAt: String,
    dueSince: String,
    attempts: Number,
    nextAttemptAt: text,
    leaseId: text,
    settledAt: { type: Date, default: null },
  },
  { collection: 'alerts', strict: 'throw', versionKey: false },
);
alertSchema.index({ destination: 1, nextAttemptAt: 1 });
alertSchema.index({ anomalyId: 1, openedAt: 1 });
alertSchema.index({ summaryId: 1, stage: 1 });
alertSchema.index({ destination: 1, kind: 1, plannedAt: 1 });
alertSchema.index({ settledAt: 1 }, { expireAfterSeconds: SETTLED_KEPT_SECONDS });

/** Alerts in MongoDB. */
export class AlertRepository implements AlertStore {
  readonly #alerts: Model<Alert>;

  constructor(connection: Connection) {
    this.#alerts = connection.model<Alert>('Alert', alertSchema);
  }

  async createIndexes(): Promise<void> {
    await this.#alerts.createIndexes();
  }

  async known(ids: readonly string[]): Promise<readonly string[]> {
    const found = await this.#alerts
      .find({ _id: { $in: ids } }, { _id: 1 })
      .lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  async insert(alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) {
      try {
        await this.#alerts.create({ ...alert });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
  }

  async countPlanned(
    destination: AlertDestination,
    kind: AnomalyKind,
    since: string,
  ): Promise<number> {
    return await this.#alerts.countDocuments({
      destination,
      kind,
      anomalyId: { $ne: null },
      plannedAt: { $gt: since },
    });
  }

  async summarizeUnattempted(
    { _id: summaryId, destination, kind }: Pick<Alert, '_id' | 'destination' | 'kind'>,
    since: string,
  ): Promise<void> {
    await this.#alerts.updateMany(
      {
        destination,
        kind,
        anomalyId: { $ne: null },
        plannedAt: { $gt: since },
        stage: 'opened',
        attempts: 0,
        healedAt: null,
      },
      { $set: { stage: 'summarized', summaryId, nextAttemptAt: null } },
    );
  }

  async countSummarized(summaryId: string, stage?: AlertStage): Promise<number> {
    return await this.#alerts.countDocuments({
      summaryId,
      ...(stage === undefined ? {} : { stage }),
    });
  }

  async dropUnattempted(selection: EpisodeSelection, at: string): Promise<void> {
    await this.#alerts.updateMany(
      { ...episodes(selection), stage: 'opened', attempts: 0 },
      { $set: { stage: 'dropped', nextAttemptAt: null, settledAt: new Date(at) } },
    );
  }

  /** The mark comes first: whoever delivers the begin meanwhile finds it, or is found by the second write. */
  async end(
    selection: EpisodeSelection,
    {
      healedAt,
      count,
      at,
    }: { readonly healedAt: string; readonly count: number; readonly at: string },
  ): Promise<void> {
    const which = episodes(selection);
    await this.#alerts.updateMany(
      { ...which, healedAt: null },
      { $set: { healedAt, countAtEnd: count } },
    );
    await this.#alerts.updateMany(
      { ...which, stage: 'told', healedAt: { $ne: null } },
      { $set: { stage: 'recovered', attempts: 0, dueSince: at, nextAttemptAt: at } },
    );
    await this.#alerts.updateMany(
      { ...which, stage: 'summarized' },
      { $set: { stage: 'ended', settledAt: new Date(at) } },
    );
  }

  async claimDue(
    destination: AlertDestination,
    claim: { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
  ): Promise<readonly ClaimedAlert[]> {
    const now = new Date(claim.nowMs).toISOString();
    const leaseEnd = new Date(claim.nowMs + claim.leaseMs).toISOString();
    const due = await this.#alerts
      .find({ destination, nextAttemptAt: { $ne: null, $lte: now } })
      .sort({ nextAttemptAt: 1 })
      .limit(claim.limit)
      .lean<Alert[]>();
    const claimed: ClaimedAlert[] = [];
    for (const alert of due) {
      const leaseId = randomUUID();
      const attempts = readableCount(alert.attempts) + 1;
      const { _id, stage } = alert;
      // As it stands there, whatever it is: one that is damaged must not keep the others from being told.
      const attemptsRead = alert.attempts ?? null;
      const { matchedCount } = await this.#alerts.collection.updateOne(
        // Due is asked again: what was read may be older than the claim of somebody else.
        { _id, stage, attempts: attemptsRead, nextAttemptAt: { $ne: null, $lte: now } } as never,
        { $set: { leaseId, attempts, nextAttemptAt: leaseEnd } },
      );
      if (matchedCount === 0) continue;
      claimed.push({ ...alert, attempts, nextAttemptAt: leaseEnd, leaseId });
    }
    return claimed;
  }

  async hasEarlierDue({ destination, anomalyId, openedAt }: Alert): Promise<boolean> {
    if (anomalyId === null) return false;
    const earlier = await this.#alerts.exists({
      destination,
      anomalyId,
      openedAt: { $lt: openedAt },
      stage: { $in: ['opened', 'recovered'] },
    });
    return earlier !== null;
  }

  async release({ _id, leaseId }: ClaimedAlert, change: AlertChange): Promise<boolean> {
    const { matchedCount } = await this.#alerts.updateOne(
      { _id, leaseId },
      { $set: { ...change, leaseId: null } },
    );
    return matchedCount === 1;
  }

  async releaseTold({ _id, leaseId }: ClaimedAlert, at: string): Promise<boolean> {
    const told = await this.#alerts.updateOne(
      { _id, leaseId, healedAt: null },
      { $set: { stage: 'told', nextAttemptAt: null, leaseId: null } },
    );
    if (told.matchedCount === 1) return true;
    const over = await this.#alerts.updateOne(
      { _id, leaseId },
      {
        $set: { stage: 'recovered', attempts: 0, dueSince: at, nextAttemptAt: at, leaseId: null },
      },
    );
    return over.matchedCount === 1;
  }
}

function episodes({ anomalyId, openedAt, which }: EpisodeSelection): QueryFilter<Alert> {
  return { anomalyId, openedAt: which === 'this' ? openedAt : { $lt: openedAt } };
}
