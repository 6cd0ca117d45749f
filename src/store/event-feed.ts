import type { Connection, Model } from 'mongoose';
import {
  type EventDocument,
  type EventPositionDocument,
  eventModel,
  eventPositionModel,
} from './event.model.js';

const PLACES_PER_LOOK = 200;
/** How often the known end is written down; a process that starts anew looks through no more places than that. */
const PLACES_PER_NOTE = 50;

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

  constructor(connection: Connection) {
    this.#events = eventModel(connection);
    this.#positions = eventPositionModel(connection);
  }

  /** The place to try first; somebody may have taken it meanwhile. */
  async likelyNext(merchantNo: string): Promise<number> {
    const seenTo = this.#seenTo.get(merchantNo);
    return seenTo === undefined ? await this.nextAfterTaken(merchantNo) : seenTo + 1;
  }

  /** The first place that is free now. For whoever found another one taken. */
  async nextAfterTaken(merchantNo: string): Promise<number> {
    let last = this.#seenTo.get(merchantNo) ?? (await this.#notedLast(merchantNo));
    for (;;) {
      const filled = await this.filledAfter(merchantNo, last, PLACES_PER_LOOK);
      last += filled.length;
      if (filled.length < PLACES_PER_LOOK) break;
    }
    this.#see(merchantNo, last);
    return last + 1;
  }

  /** The writer's event stands at this place now. */
  async filled(merchantNo: string, position: number): Promise<void> {
    this.#see(merchantNo, position);
    if (position % PLACES_PER_NOTE !== 0) return;
    await this.#positions.updateOne(
      { _id: merchantNo },
      { $max: { last: position } },
      { upsert: true },
    );
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

  #see(merchantNo: string, position: number): void {
    this.#seenTo.set(merchantNo, Math.max(position, this.#seenTo.get(merchantNo) ?? 0));
  }
}

export function slotOf(merchantNo: string, position: number): string {
  return `${merchantNo}/${position}`;
}
