import { type Connection, type Model, Schema } from 'mongoose';
import type { OrderEvent } from '../domain/events.js';
import type { EventDelivery } from './event-store.js';

/** Where an event, or a gap that was closed, stands in the feed of its merchant. */
export interface FeedPlace {
  /** `<merchantNo>/<position>`: unique, so that a place is taken once, by an event or by the closing of the gap. */
  readonly slot: string;
  readonly merchantNo: string;
  readonly position: number;
}

/** The events collection: the feed, and with each event its delivery to the webhook. */
export interface EventDocument extends FeedPlace, Omit<OrderEvent, 'id'>, EventDelivery {
  readonly _id: string;
  readonly publishedAt: string;
  /** Of whoever carries out the running attempt. */
  readonly leaseId: string | null;
}

/** A place that its writer never filled; readers pass over it. */
export interface ClosedGapDocument extends FeedPlace {
  readonly _id: string;
  readonly type: null;
  readonly publishedAt: string;
}

export type FeedDocument = EventDocument | ClosedGapDocument;

const text = { type: String, default: null };
const mixed = { type: Schema.Types.Mixed, default: null };

const eventSchema = new Schema(
  {
    _id: String,
    slot: String,
    merchantNo: String,
    position: Number,
    type: text,
    timestamp: text,
    orderId: text,
    data: mixed,
    publishedAt: String,
    state: text,
    attempts: Number,
    nextAttemptAt: text,
    leaseId: text,
    log: mixed,
  },
  { collection: 'events', strict: 'throw', minimize: false, versionKey: false },
);
eventSchema.index({ slot: 1 }, { unique: true });
eventSchema.index({ merchantNo: 1, nextAttemptAt: 1 });

export function eventModel(connection: Connection): Model<FeedDocument> {
  return connection.model<FeedDocument>('Event', eventSchema);
}

/** Counts the places of one merchant's feed. */
export interface EventPositionDocument {
  /** The merchant's number. */
  readonly _id: string;
  /** The last place that was given to a writer. */
  readonly last: number;
  readonly lastGivenAt: string;
  /** Up to here every place is filled, by an event or by the closing of a gap. */
  readonly filledTo: number;
}

const positionSchema = new Schema<EventPositionDocument>(
  { _id: String, last: Number, lastGivenAt: String, filledTo: Number },
  { collection: 'event_positions', strict: 'throw', versionKey: false },
);

export function eventPositionModel(connection: Connection): Model<EventPositionDocument> {
  return connection.model<EventPositionDocument>('EventPosition', positionSchema);
}

/** @returns whether the document is an event; otherwise it is a gap that was closed */
export function isEvent(document: FeedDocument): document is EventDocument {
  return document.type !== null;
}
