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
      const filled = await this.#at(slotsAfter(merchantNo, last, PLACES_PER_LOOK));
      const isLast = !filled.at(-1);
      // An empty place before a filled one was filled once, and somebody may have read it: nothing new goes there.
      last += filled.findLastIndex((document) => document !== undefined) + 1;
      if (isLast) break;
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

  /**
   * The events after a position without a gap, at most `limit`.
   * @returns `isCut` when the place behind them is empty although later ones are filled: its event is damaged or gone
   */
  async filledAfter(
    merchantNo: string,
    position: number,
    limit: number,
  ): Promise<{ readonly run: readonly EventDocument[]; readonly isCut: boolean }> {
    const slots = slotsAfter(merchantNo, position, limit);
    const first = runOf(await this.#at(slots));
    // An event that was written while the others were read: what is before it was there by then, and is now.
    return first.isCut ? runOf(await this.#at(slots)) : first;
  }

  async #at(slots: readonly string[]): Promise<readonly (EventDocument | undefined)[]> {
    // By the unique slots and not by a range: an index serves them on every server that there is.
    const found = await this.#events.find({ slot: { $in: slots } }).lean<EventDocument[]>();
    const bySlot = new Map(found.map((document) => [document.slot, document]));
    return slots.map((slot) => bySlot.get(slot));
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

function slotsAfter(merchantNo: string, position: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => slotOf(merchantNo, position + index + 1));
}

function runOf(places: readonly (EventDocument | undefined)[]) {
  const end = places.indexOf(undefined);
  const run = places.slice(0, end < 0 ? places.length : end);
  return {
    run: run.filter((document) => document !== undefined),
    isCut: places.some((document, index) => index > run.length && document !== undefined),
  };
}

export function slotOf(merchantNo: string, position: number): string {
  return `${merchantNo}/${position}`;
}
