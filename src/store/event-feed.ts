import type { Connection, Model } from 'mongoose';
import {
  type EventDocument,
  type EventPositionDocument,
  eventModel,
  eventPositionModel,
} from './event.model.js';

/** A little more than others write meanwhile. */
const PLACES_PER_LOOK = 20;
/** How often the known end is written down; a process that starts anew looks through no more places than that. */
const PLACES_PER_NOTE = 20;

/**
 * The places of each merchant's feed, from operations on single documents alone. A place is taken by inserting an event
 * there, which succeeds for one writer; and nobody tries a place before the one in front of it was seen filled. So there
 * is never a gap, neither by a slow writer nor by a dead one, and what was listed never gets anything before it.
 * No counter: one that is ahead of the events would leave gaps, and not every server returns what its increment made.
 */
export class EventFeed {
  readonly #events: Model<EventDocument>;
  readonly #positions: Model<EventPositionDocument>;
  /** Up to here every place was seen filled by this process. */
  readonly #seenTo = new Map<string, number>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor(connection: Connection) {
    this.#events = eventModel(connection);
    this.#positions = eventPositionModel(connection);
  }

  /** One after another within this process: only writers of different processes ever try the same place. */
  async inTurn(merchantNo: string, write: () => Promise<void>): Promise<void> {
    const mine = (this.#turns.get(merchantNo) ?? Promise.resolve()).then(write);
    this.#turns.set(
      merchantNo,
      mine.catch(() => {}),
    );
    await mine;
  }

  /** The first place that is free now: the one in front of it was seen filled just now. */
  async next(merchantNo: string): Promise<number> {
    const known = this.#seenTo.get(merchantNo) ?? (await this.#notedLast(merchantNo));
    // What is known may be of a database that has been restored since: then the feed is gone through from its beginning.
    let last = (await this.#isFilled(merchantNo, known)) ? known : 0;
    for (;;) {
      const filled = await this.filledAfter(merchantNo, last, PLACES_PER_LOOK);
      last += filled.length;
      if (filled.length < PLACES_PER_LOOK) break;
    }
    this.#seenTo.set(merchantNo, last);
    return last + 1;
  }

  /** The writer's event stands at this place now. */
  async filled(merchantNo: string, position: number): Promise<void> {
    this.#seenTo.set(merchantNo, position);
    if (position % PLACES_PER_NOTE !== 0) return;
    const note = { $max: { last: position } };
    // Only a way that is spared: whether it is written down makes no difference to the event.
    await this.#positions.updateOne({ _id: merchantNo }, note, { upsert: true }).catch(() => {});
  }

  /** The events after a position without a gap, at most `limit`. */
  async filledAfter(
    merchantNo: string,
    position: number,
    limit: number,
  ): Promise<readonly EventDocument[]> {
    // By the unique slots and not by a range: an index serves them on every server that there is.
    const slots = Array.from({ length: limit }, (_, index) =>
      slotOf(merchantNo, position + index + 1),
    );
    const found = await this.#events.find({ slot: { $in: slots } }).lean<EventDocument[]>();
    const bySlot = new Map(found.map((document) => [document.slot, document]));
    const run: EventDocument[] = [];
    for (const slot of slots) {
      const document = bySlot.get(slot);
      // An event that was written while the others were read; the next look has what is before it.
      if (document === undefined) break;
      run.push(document);
    }
    return run;
  }

  async #notedLast(merchantNo: string): Promise<number> {
    const noted = await this.#positions.findById(merchantNo).lean<EventPositionDocument>();
    return noted?.last ?? 0;
  }

  async #isFilled(merchantNo: string, position: number): Promise<boolean> {
    if (position === 0) return true;
    return (await this.#events.exists({ slot: slotOf(merchantNo, position) })) !== null;
  }
}

export function slotOf(merchantNo: string, position: number): string {
  return `${merchantNo}/${position}`;
}
