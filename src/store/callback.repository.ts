import type { Connection, Model } from 'mongoose';
import type { CallbackEvidence } from '../domain/evidence.js';
import {
  type CallbackDocument,
  callbackModel,
  type RejectedCallbackDocument,
  rejectedCallbackModel,
} from './callback.model.js';
import {
  type CallbackStore,
  type InboxEntry,
  type InboxOutcome,
  inboxEvidence,
  type NewInboxEntry,
  type RejectedCallback,
} from './callback-store.js';
import { isDuplicateKey, isTypeMismatch } from './mongo-errors.js';
import { inboxEntry } from './readable-callback.js';

/** The most rejected callbacks that are kept: an attacker fills nothing. */
const REJECTED_MAX = 10_000;

export class CallbackRepository implements CallbackStore {
  readonly #callbacks: Model<CallbackDocument>;
  readonly #rejected: Model<RejectedCallbackDocument>;

  constructor(connection: Connection) {
    this.#callbacks = callbackModel(connection);
    this.#rejected = rejectedCallbackModel(connection);
  }

  async createIndexes(): Promise<void> {
    await this.#callbacks.createIndexes();
    await this.#rejected.createIndexes();
  }

  async insert({ callbackId, ...entry }: NewInboxEntry) {
    const document: CallbackDocument = {
      ...entry,
      _id: callbackId,
      lastReceivedAt: entry.receivedAt,
      count: 1,
      deliveredAt: null,
      processedAt: null,
      outcome: null,
    };
    try {
      await this.#callbacks.collection.insertOne(document as never);
      return { isNew: true, entry: inboxEntry(document) };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const again = await this.#countAgain(callbackId, entry.receivedAt);
    return { isNew: false, entry: inboxEntry(again ?? document) };
  }

  /** One whose count is damaged is counted anew: what the gateway sends again must not be refused for it. */
  async #countAgain(_id: string, lastReceivedAt: string): Promise<CallbackDocument | null> {
    const after = { returnDocument: 'after' } as const;
    try {
      return await this.#callbacks
        .findOneAndUpdate({ _id }, { $inc: { count: 1 }, $set: { lastReceivedAt } }, after)
        .lean<CallbackDocument>();
    } catch (error) {
      if (!isTypeMismatch(error)) throw error;
    }
    return await this.#callbacks
      .findOneAndUpdate({ _id }, { $set: { count: 2, lastReceivedAt } }, after)
      .lean<CallbackDocument>();
  }

  async find(callbackId: string): Promise<InboxEntry | null> {
    const document = await this.#callbacks.findById(callbackId).lean<CallbackDocument>();
    return document === null ? null : inboxEntry(document);
  }

  async markDelivered(callbackId: string, at: string): Promise<void> {
    await this.#callbacks.updateOne({ _id: callbackId }, { $set: { deliveredAt: at } });
  }

  async markRedelivered(callbackId: string, actor: string, at: string): Promise<void> {
    await this.#callbacks.updateOne(
      { _id: callbackId },
      { $set: { redeliveredBy: actor, redeliveredAt: at } },
    );
  }

  async markProcessed(
    callbackIds: readonly string[],
    outcome: InboxOutcome,
    at: string,
  ): Promise<void> {
    for (const _id of callbackIds) {
      await this.#callbacks.updateOne({ _id }, { $set: { processedAt: at, outcome } });
    }
  }

  async waitingForOrder(
    merchantNo: string,
    merchantOrderNo: string,
  ): Promise<readonly CallbackEvidence[]> {
    const documents = await this.#callbacks
      // Also those that counted as unknown meanwhile: the order may appear late.
      .find({
        merchantOrderNo,
        merchantNo,
        subject: 'order',
        $or: [{ processedAt: null }, { outcome: 'not_an_order' }],
      })
      .sort({ receivedAt: 1 })
      .lean<CallbackDocument[]>();
    return documents.map((document) => inboxEvidence(inboxEntry(document)));
  }

  async unprocessed(receivedBefore: string, limit: number): Promise<readonly InboxEntry[]> {
    const documents = await this.#callbacks
      .find({ processedAt: null, lastReceivedAt: { $lt: receivedBefore } })
      .sort({ receivedAt: 1 })
      .limit(limit)
      .lean<CallbackDocument[]>();
    return documents.map(inboxEntry);
  }

  async *salesSince(since: string): AsyncIterable<InboxEntry> {
    const cursor = this.#callbacks
      .find({ subject: 'order', receivedAt: { $gte: since } })
      .sort({ receivedAt: 1 })
      .lean<CallbackDocument[]>()
      .cursor();
    for await (const document of cursor) yield inboxEntry(document as CallbackDocument);
  }

  async sampleRejected(rejected: RejectedCallback): Promise<void> {
    if ((await this.#rejected.estimatedDocumentCount()) >= REJECTED_MAX) return;
    await this.#rejected.create(rejected);
  }
}
