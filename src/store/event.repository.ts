import { randomUUID } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import type { OrderEvent } from '../domain/events.js';
import { type EventDocument, eventModel, eventPositionModel } from './event.model.js';
import { EventFeed, slotOf } from './event-feed.js';
import type {
  ClaimedEvent,
  EventAttempt,
  EventDelivery,
  EventDeliveryStore,
  EventPage,
  EventStore,
  StoredEvent,
} from './event-store.js';
import { isDuplicateKey } from './mongo-errors.js';
import { emptyPlace, messagesBeforeDamage, positionOf, storedEvent } from './readable-event.js';
import { readableCount } from './readable-values.js';

/** Two whole schedules of retries and some replays; older attempts make room. */
const ATTEMPTS_KEPT = 30;

/** Events in MongoDB: the feed, each event's delivery, and the delivery log. */
export class EventRepository implements EventStore, EventDeliveryStore {
  readonly #documents: Model<EventDocument>;
  readonly #feed: EventFeed;
  readonly #createPositionIndexes: () => Promise<void>;

  constructor(connection: Connection) {
    this.#documents = eventModel(connection);
    this.#feed = new EventFeed(connection);
    this.#createPositionIndexes = () => eventPositionModel(connection).createIndexes();
  }

  async createIndexes(): Promise<void> {
    await this.#documents.createIndexes();
    await this.#createPositionIndexes();
  }

  /**
   * Appends an event to its merchant's feed; one that is there already stays where and as it is.
   * @param options.isDelivered whether the webhook gets it too
   */
  async append(
    event: OrderEvent,
    options: { readonly isDelivered: boolean; readonly at: string },
  ): Promise<void> {
    await this.#feed.inTurn(event.merchantNo, () => this.#append(event, options));
  }

  async #append(
    event: OrderEvent,
    { isDelivered, at }: { readonly isDelivered: boolean; readonly at: string },
  ): Promise<void> {
    const { id, ...content } = event;
    for (;;) {
      const position = await this.#feed.next(event.merchantNo);
      const document: EventDocument = {
        ...content,
        _id: id,
        slot: slotOf(event.merchantNo, position),
        position,
        publishedAt: at,
        state: isDelivered ? 'waiting' : 'none',
        attempts: 0,
        nextAttemptAt: isDelivered ? at : null,
        leaseId: null,
        log: [],
      };
      try {
        await this.#documents.collection.insertOne(document as never);
        return await this.#feed.filled(event.merchantNo, position);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      // The event is there already, or another one took the place.
      if (await this.has(id)) return;
    }
  }

  async has(eventId: string): Promise<boolean> {
    return (await this.#documents.exists({ _id: eventId })) !== null;
  }

  async list(
    merchantNo: string,
    page: { readonly limit: number; readonly startingAfter?: string },
  ): Promise<EventPage | null> {
    const { limit, startingAfter } = page;
    const anchor = startingAfter === undefined ? null : await this.#load(merchantNo, startingAfter);
    if (startingAfter !== undefined && anchor === null) return null;
    const position = anchor === null ? 0 : positionOf(anchor);
    const { run, isCut } = await this.#feed.filledAfter(merchantNo, position, limit + 1);
    if (run.length === 0 && isCut) throw emptyPlace(position + 1);
    const data = messagesBeforeDamage(run.slice(0, limit));
    return { data, hasMore: run.length > data.length || isCut };
  }

  async find(merchantNo: string, eventId: string): Promise<StoredEvent | null> {
    const document = await this.#load(merchantNo, eventId);
    return document === null ? null : storedEvent(document);
  }

  async redeliver(merchantNo: string, eventId: string, at: string): Promise<boolean> {
    const result = await this.#documents.updateOne(
      { _id: eventId, merchantNo },
      { $set: { state: 'waiting', attempts: 0, nextAttemptAt: at, leaseId: null } },
    );
    return result.matchedCount === 1;
  }

  async claimDue(
    merchantNo: string,
    claim: { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
  ): Promise<readonly ClaimedEvent[]> {
    const now = new Date(claim.nowMs).toISOString();
    const leaseEnd = new Date(claim.nowMs + claim.leaseMs).toISOString();
    const due = await this.#documents
      .find({ merchantNo, nextAttemptAt: { $ne: null, $lte: now } })
      .sort({ nextAttemptAt: 1 })
      .limit(claim.limit)
      .lean<EventDocument[]>();
    const claimed: ClaimedEvent[] = [];
    for (const document of due) {
      const leaseId = randomUUID();
      const attempts = readableCount(document.attempts) + 1;
      // As it stands there, whatever it is: one that is damaged must not keep the others from being delivered.
      const attemptsRead = document.attempts ?? null;
      const { matchedCount } = await this.#documents.collection.updateOne(
        // Due is asked again: what was read may be older than the claim of somebody else.
        {
          ...{ _id: document._id, attempts: attemptsRead },
          nextAttemptAt: { $ne: null, $lte: now },
        } as never,
        { $set: { leaseId, attempts, nextAttemptAt: leaseEnd } },
      );
      if (matchedCount === 0) continue;
      claimed.push({
        ...storedEvent({ ...document, attempts, nextAttemptAt: leaseEnd }),
        leaseId,
      });
    }
    return claimed;
  }

  async recordAttempt(
    claimed: ClaimedEvent,
    attempt: EventAttempt,
    next: Pick<EventDelivery, 'state' | 'nextAttemptAt'>,
  ): Promise<boolean> {
    const log = [...claimed.delivery.log, attempt].slice(-ATTEMPTS_KEPT);
    const result = await this.#documents.updateOne(
      { _id: claimed.event.id, leaseId: claimed.leaseId },
      { $set: { ...next, log, leaseId: null } },
    );
    return result.matchedCount === 1;
  }

  async #load(merchantNo: string, eventId: string): Promise<EventDocument | null> {
    const document = await this.#documents.findById(eventId).lean<EventDocument>();
    return document?.merchantNo === merchantNo ? document : null;
  }
}
