import type { Connection, Model } from 'mongoose';
import {
  type EventPositionDocument,
  eventModel,
  eventPositionModel,
  type FeedDocument,
} from './event.model.js';
import { isDuplicateKey } from './mongo-errors.js';

/** A writer fills its place within milliseconds. One that is empty after this long was left by a crash. */
const GAP_AGE_MS = 10_000;
const PLACES_PER_LOOK = 500;

/**
 * The order of the events of each merchant, from operations on single documents alone. A writer is given the next place
 * and then fills it, so a place may be empty for a moment although later ones are filled. Readers stop before an empty
 * place. One that stays empty is closed by a document of its own; a writer that comes later still finds its place
 * taken and gets a new one behind all others. So what was listed never gets anything before it, whatever the clocks say.
 */
export class EventFeed {
  readonly #documents: Model<FeedDocument>;
  readonly #positions: Model<EventPositionDocument>;

  constructor(connection: Connection) {
    this.#documents = eventModel(connection);
    this.#positions = eventPositionModel(connection);
  }

  /** The last place that was given away; 0 before the first. */
  async last(merchantNo: string): Promise<number> {
    const positions = await this.#positions.findById(merchantNo).lean<EventPositionDocument>();
    return positions?.last ?? 0;
  }

  /** Gives the next place to a writer, who must fill it at once or close it. */
  async give(merchantNo: string, at: string): Promise<number> {
    for (;;) {
      const positions = await this.#positions
        .findOneAndUpdate(
          { _id: merchantNo },
          { $inc: { last: 1 }, $set: { lastGivenAt: at } },
          { returnDocument: 'after' },
        )
        .lean<EventPositionDocument>();
      if (positions !== null) return positions.last;
      await this.#insertIgnoringDuplicate(this.#positions, {
        _id: merchantNo,
        last: 0,
        lastGivenAt: at,
        filledTo: 0,
      });
    }
  }

  /** What fills these places, by position; an empty place is missing. Both ends are included. */
  async filled(
    merchantNo: string,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, FeedDocument>> {
    const slots = Array.from({ length: to - from + 1 }, (_, index) =>
      slotOf(merchantNo, from + index),
    );
    const documents = await this.#documents.find({ slot: { $in: slots } }).lean<FeedDocument[]>();
    return new Map(documents.map((document) => [document.position, document]));
  }

  /** Nobody fills this place any more; does nothing when somebody has. */
  async close(merchantNo: string, position: number, at: string): Promise<void> {
    const slot = slotOf(merchantNo, position);
    await this.#insertIgnoringDuplicate(this.#documents, {
      _id: `gap/${slot}`,
      slot,
      merchantNo,
      position,
      type: null,
      publishedAt: at,
    });
  }

  /** Closes the places that crashed writers left empty. @returns how many */
  async closeGaps(nowMs: number): Promise<number> {
    let closed = 0;
    for (const positions of await this.#positions.find().lean<EventPositionDocument[]>()) {
      closed += await this.#closeGapsOf(positions, nowMs);
    }
    return closed;
  }

  async #closeGapsOf(positions: EventPositionDocument, nowMs: number): Promise<number> {
    const { _id: merchantNo, last, lastGivenAt } = positions;
    const at = new Date(nowMs).toISOString();
    let { filledTo } = positions;
    let closed = 0;
    let isYoung = false;
    while (filledTo < last && !isYoung) {
      const to = Math.min(last, filledTo + PLACES_PER_LOOK);
      const filled = await this.filled(merchantNo, filledTo + 1, to);
      const givenBefore = givenBeforeTimes(filled, { from: filledTo + 1, to, lastGivenAt });
      for (let position = filledTo + 1; position <= to && !isYoung; position += 1) {
        const knownSince = givenBefore.get(position);
        isYoung = knownSince !== undefined && nowMs - Date.parse(knownSince) < GAP_AGE_MS;
        if (isYoung) break;
        if (knownSince !== undefined) {
          await this.close(merchantNo, position, at);
          closed += 1;
        }
        filledTo = position;
      }
      await this.#positions.updateOne({ _id: merchantNo }, { $max: { filledTo } });
    }
    return closed;
  }

  async #insertIgnoringDuplicate<T>(model: Model<T>, document: T): Promise<void> {
    try {
      await model.collection.insertOne(document as never);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

export function slotOf(merchantNo: string, position: number): string {
  return `${merchantNo}/${position}`;
}

/** For each empty place the earliest time that is known to be after it was given: that of the next filled one. */
function givenBeforeTimes(
  filled: ReadonlyMap<number, FeedDocument>,
  range: { readonly from: number; readonly to: number; readonly lastGivenAt: string },
): ReadonlyMap<number, string> {
  const times = new Map<number, string>();
  let next = range.lastGivenAt;
  for (let position = range.to; position >= range.from; position -= 1) {
    const document = filled.get(position);
    if (document === undefined) times.set(position, next);
    else next = document.publishedAt;
  }
  return times;
}
