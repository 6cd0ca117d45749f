import { type Connection, type Model, Schema } from 'mongoose';
import type { OrderEvent } from '../domain/events.js';
import type { EventDelivery } from './event-store.js';

/** The events collection: the feed, and with each event its delivery to the webhook. */
export interface EventDocument extends Omit<OrderEvent, 'id'>, EventDelivery {
  readonly _id: string;
  /** `<merchantNo>/<position>`: unique, so that a place in the merchant's feed is taken once. */
  readonly slot: string;
  /** 1 for the merchant's first event; without gaps. */
  readonly position: number;
  readonly publishedAt: string;
  /** Of whoever carries out the running attempt. */
  readonly leaseId: string | null;
}

const text = { type: String, default: null };
const mixed = { type: Schema.Types.Mixed, default: null };

const eventSchema = new Schema(
  {
    _id: String,
    slot: String,
    merchantNo: String,
    position: Number,
    type: String,
    timestamp: String,
    orderId: String,
    data: mixed,
    publishedAt: String,
    state: String,
    attempts: Number,
    nextAttemptAt: text,
    leaseId: text,
    log: mixed,
  },
  { collection: 'events', strict: 'throw', minimize: false, versionKey: false },
);
eventSchema.index({ slot: 1 }, { unique: true });
eventSchema.index({ merchantNo: 1, nextAttemptAt: 1 });

export function eventModel(connection: Connection): Model<EventDocument> {
  return connection.model<EventDocument>('Event', eventSchema);
}

/** Spares whoever looks for the end of a merchant's feed the way from its beginning. */
export interface EventPositionDocument {
  /** The merchant's number. */
  readonly _id: string;
  /** Up to here every place is filled; often more are. */
  readonly last: number;
}

const positionSchema = new Schema<EventPositionDocument>(
  { _id: String, last: Number },
  { collection: 'event_positions', strict: 'throw', versionKey: false },
);

export function eventPositionModel(connection: Connection): Model<EventPositionDocument> {
  return connection.model<EventPositionDocument>('EventPosition', positionSchema);
}
