import { type Connection, type Model, Schema } from 'mongoose';
import type { EndedSessionStore } from './ended-session-store.js';
import { isDuplicateKey } from './mongo-errors.js';

interface EndedSessionDocument {
  /** A hash: who reads the collection learns nothing that opens a session. */
  readonly _id: string;
  /** A date, because the time limit needs one. */
  readonly expiresAt: Date;
}

/** MongoDB's clock may be ahead of the API's: forgotten before its end, a session would be open again. */
const KEPT_AFTER_END_SECONDS = 3_600;

const endedSessionSchema = new Schema<EndedSessionDocument>(
  { _id: String, expiresAt: Date },
  { collection: 'ended_sessions', strict: 'throw', versionKey: false },
);
endedSessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_AFTER_END_SECONDS });

export class EndedSessionRepository implements EndedSessionStore {
  readonly #sessions: Model<EndedSessionDocument>;

  constructor(connection: Connection) {
    this.#sessions = connection.model<EndedSessionDocument>('EndedSession', endedSessionSchema);
  }

  async createIndexes(): Promise<void> {
    await this.#sessions.createIndexes();
  }

  async add(_id: string, expiresAt: Date): Promise<void> {
    try {
      await this.#sessions.create({ _id, expiresAt });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async among(ids: readonly string[]): Promise<readonly string[]> {
    const found = await this.#sessions
      .find({ _id: { $in: ids } }, { _id: 1 })
      // Whatever MONGODB_URI prefers: a secondary may not know yet of a logout that was acknowledged.
      .read('primary')
      .lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }
}
