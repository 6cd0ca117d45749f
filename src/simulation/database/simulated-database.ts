/** What is stored, shared by all processes. Each operation happens at one instant. */
import { mongo } from 'mongoose';
import {
  type Filter,
  matches,
  type StoredDocument,
  storedCopy,
  type Update,
  updated,
} from './documents.js';

export interface WrittenDocument {
  readonly collection: string;
  readonly before: StoredDocument | null;
  readonly after: StoredDocument;
}

/** The server's error for a unique key that is taken. */
function duplicateKey(collection: string): Error {
  return new mongo.MongoServerError({ message: `duplicate key in ${collection}`, code: 11_000 });
}

export class SimulatedCollection {
  readonly name: string;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #uniqueFields: (readonly string[])[] = [];
  readonly #uniqueKeys = new Set<string>();
  readonly #onWrite: (written: WrittenDocument) => void;

  constructor(name: string, onWrite: (written: WrittenDocument) => void) {
    this.name = name;
    this.#onWrite = onWrite;
  }

  /** Fields that are never updated: an entry's place, an event's slot. */
  addUniqueKey(fields: readonly string[]): void {
    if (!this.#uniqueFields.some((known) => known.join() === fields.join())) {
      this.#uniqueFields.push(fields);
    }
  }

  get documents(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  get size(): number {
    return this.#documents.size;
  }

  byId(id: string): StoredDocument | undefined {
    return this.#documents.get(id);
  }

  /** @throws a duplicate key error, as the server's */
  insert(document: object): void {
    const copy = storedCopy(document) as StoredDocument;
    const id = copy._id ?? `generated-${this.#documents.size}`;
    const keys = this.#uniqueFields.map((fields) =>
      fields.map((field) => `${field}=${String(copy[field])}`).join('&'),
    );
    const isTaken =
      this.#documents.has(String(id)) || keys.some((key) => this.#uniqueKeys.has(key));
    if (isTaken) throw duplicateKey(this.name);
    for (const key of keys) this.#uniqueKeys.add(key);
    this.#documents.set(String(id), copy);
    this.#onWrite({ collection: this.name, before: null, after: copy });
  }

  select(filter: Filter): readonly StoredDocument[] {
    if (typeof filter._id === 'string') {
      const document = this.#documents.get(filter._id);
      return document !== undefined && matches(document, filter) ? [document] : [];
    }
    const selected: StoredDocument[] = [];
    for (const document of this.#documents.values()) {
      if (matches(document, filter)) selected.push(document);
    }
    return selected;
  }

  /** @returns the documents as they are now */
  update(
    filter: Filter,
    update: Update,
    options: { readonly isMany?: boolean; readonly isUpsert?: boolean } = {},
  ): readonly StoredDocument[] {
    const selected = this.select(filter);
    if (selected.length === 0 && options.isUpsert === true) {
      const inserted = updated({ _id: filter._id as string }, update, true);
      this.insert(inserted);
      return [];
    }
    return (options.isMany === true ? selected : selected.slice(0, 1)).map((before) => {
      const after = updated(before, update);
      this.#documents.set(String(before._id), after);
      this.#onWrite({ collection: this.name, before, after });
      return after;
    });
  }
}

export class SimulatedDatabase {
  readonly #collections = new Map<string, SimulatedCollection>();
  /** Told of every write at the instant at which it happens. */
  onWrite: (written: WrittenDocument) => void = () => {};

  collection(name: string): SimulatedCollection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new SimulatedCollection(name, (written) => this.onWrite(written));
      this.#collections.set(name, collection);
    }
    return collection;
  }
}
