import { DomainError } from '../domain/errors.js';
import { eventMessage, isWholeEvent, type OrderEventMessage } from '../domain/events.js';
import type { EventDocument } from './event.model.js';
import type { EventAttempt, StoredEvent } from './event-store.js';
import { readableCount } from './readable-values.js';

/** @throws {DomainError} `unavailable` when it cannot be told: whoever goes on from it would pass over others */
export function positionOf({ _id, merchantNo, position, slot }: EventDocument): number {
  // The place is there twice; one of them is enough.
  const places = [position, Number(String(slot).slice(merchantNo.length + 1))];
  const place = places.find((one) => Number.isSafeInteger(one) && one > 0);
  if (place === undefined) throw damagedEvent(_id);
  return place;
}

/**
 * The messages before the first one that is damaged: the reader gets what can be told, and is stopped there.
 * @throws {DomainError} `unavailable` by the event's id when that is the first of them
 */
export function messagesBeforeDamage(
  documents: readonly EventDocument[],
): readonly OrderEventMessage[] {
  const messages = documents.map((document) => eventMessage(storedEvent(document).event));
  const damagedAt = messages.findIndex((message) => !isWholeEvent(message));
  if (damagedAt === 0) throw damagedEvent(messages[0]?.id ?? '');
  return damagedAt < 0 ? messages : messages.slice(0, damagedAt);
}

export function storedEvent(document: EventDocument): StoredEvent {
  const { _id, type, timestamp, merchantNo, orderId, data } = document;
  const { state, attempts, nextAttemptAt, log } = document;
  return {
    event: { id: _id, type, timestamp, merchantNo, orderId, data },
    delivery: { state, attempts: readableCount(attempts), nextAttemptAt, log: readableLog(log) },
  };
}

function readableLog(log: unknown): readonly EventAttempt[] {
  const attempts: readonly unknown[] = Array.isArray(log) ? log : [];
  return attempts.filter((one): one is EventAttempt => typeof one === 'object' && one !== null);
}

function damagedEvent(id: string): DomainError {
  return damagedFeed(`The record of event ${id} is damaged and cannot be shown.`);
}

/** @param position of the place in the feed that holds no event, and must have held one */
export function emptyPlace(position: number): DomainError {
  return damagedFeed(`The event at place ${position} of the feed is damaged or gone.`);
}

function damagedFeed(text: string): DomainError {
  return new DomainError('unavailable', text, { logMessage: text });
}
