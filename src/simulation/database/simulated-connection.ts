/** Stands in for a mongoose connection: as much of it as the repositories use. */
import type { Connection, Schema } from 'mongoose';
import { hidesDuplicate } from '../mutations/mutated-ports.js';
import type { DatabaseSession } from './database-session.js';
import type { Filter, StoredDocument, Update } from './documents.js';
import type { SimulatedCollection, SimulatedDatabase } from './simulated-database.js';
import { SimulatedOperation, SimulatedQuery } from './simulated-query.js';

type UpdateOptions = { readonly upsert?: boolean };

interface UpdateResult {
  readonly matchedCount: number;
}

/** The driver's collection under a model. */
class RawCollection {
  readonly #session: DatabaseSession;
  readonly #collection: SimulatedCollection;

  constructor(session: DatabaseSession, collection: SimulatedCollection) {
    this.#session = session;
    this.#collection = collection;
  }

  insertOne(document: object): Promise<void> {
    const { name } = this.#collection;
    return this.#session.perform(`${name}.insertOne`, () => {
      const isHidden = hidesDuplicate(name) && this.#collection.byId(idOf(document)) !== undefined;
      if (!isHidden) this.#collection.insert(document);
    });
  }

  updateOne(filter: Filter, update: Update): Promise<UpdateResult> {
    return this.#session.perform(`${this.#collection.name}.updateOne`, () => ({
      matchedCount: this.#collection.update(filter, update).length,
    }));
  }
}

function idOf(document: object): string {
  return '_id' in document ? String(document._id) : '';
}

class SimulatedModel {
  readonly collection: RawCollection;
  readonly #session: DatabaseSession;
  readonly #stored: SimulatedCollection;
  readonly #defaults: readonly (readonly [string, unknown])[];

  constructor(session: DatabaseSession, stored: SimulatedCollection, schema: Schema) {
    this.collection = new RawCollection(session, stored);
    this.#session = session;
    this.#stored = stored;
    this.#defaults = defaultsOf(schema);
    for (const [fields, options] of schema.indexes()) {
      if (options.unique === true) stored.addUniqueKey(Object.keys(fields));
    }
  }

  find(filter: Filter = {}): SimulatedQuery<readonly StoredDocument[]> {
    return this.#query('find', filter, (documents) => documents);
  }

  findOne(filter: Filter): SimulatedQuery<StoredDocument | null> {
    return this.#query('findOne', filter, ([first]) => first ?? null);
  }

  findById(_id: string): SimulatedQuery<StoredDocument | null> {
    return this.#query('findById', { _id }, ([first]) => first ?? null);
  }

  exists(filter: Filter): SimulatedQuery<{ readonly _id: unknown } | null> {
    return this.#query<{ readonly _id: unknown } | null>('exists', filter, ([first]) =>
      first === undefined ? null : { _id: first._id },
    );
  }

  countDocuments(filter: Filter): SimulatedQuery<number> {
    return this.#query('countDocuments', filter, (documents) => documents.length);
  }

  estimatedDocumentCount(): Promise<number> {
    return this.#session.perform(`${this.#stored.name}.count`, () => this.#stored.size);
  }

  create(document: object): Promise<void> {
    const whole = { ...Object.fromEntries(this.#defaults), ...document };
    return this.collection.insertOne(whole);
  }

  updateOne(
    filter: Filter,
    update: Update,
    options: UpdateOptions = {},
  ): SimulatedOperation<UpdateResult> {
    return this.#update('updateOne', () => ({
      matchedCount: this.#stored.update(filter, update, { isUpsert: options.upsert === true })
        .length,
    }));
  }

  updateMany(filter: Filter, update: Update): SimulatedOperation<UpdateResult> {
    return this.#update('updateMany', () => ({
      matchedCount: this.#stored.update(filter, update, { isMany: true }).length,
    }));
  }

  findOneAndUpdate(
    filter: Filter,
    update: Update,
    options: { readonly returnDocument: 'after' },
  ): SimulatedOperation<StoredDocument | null> {
    if (options.returnDocument !== 'after') throw new Error('the simulation returns what is after');
    return this.#update(
      'findOneAndUpdate',
      () => this.#stored.update(filter, update).at(0) ?? null,
    );
  }

  async createIndexes(): Promise<void> {}

  #query<T>(
    operation: string,
    filter: Filter,
    result: (documents: readonly StoredDocument[]) => T,
  ): SimulatedQuery<T> {
    const place = `${this.#stored.name}.${operation}`;
    return new SimulatedQuery(
      (effect) => this.#session.perform(place, effect),
      () => this.#stored.select(filter),
      result,
    );
  }

  #update<T>(operation: string, effect: () => T): SimulatedOperation<T> {
    const place = `${this.#stored.name}.${operation}`;
    return new SimulatedOperation(() => this.#session.perform(place, effect));
  }
}

/** What mongoose fills in when a model creates a document. */
function defaultsOf(schema: Schema): readonly (readonly [string, unknown])[] {
  const known = defaultsBySchema.get(schema);
  if (known !== undefined) return known;
  const defaults = Object.entries(schema.paths).flatMap(([path, { options }]) => {
    const value = (options as { readonly default?: unknown }).default;
    return value === undefined || typeof value === 'function' ? [] : [[path, value] as const];
  });
  defaultsBySchema.set(schema, defaults);
  return defaults;
}

const defaultsBySchema = new WeakMap<Schema, readonly (readonly [string, unknown])[]>();

/** @returns a connection for repositories; anything else of mongoose's is missing and throws */
export function simulatedConnection(
  session: DatabaseSession,
  database: SimulatedDatabase,
): Connection {
  const models = new Map<string, SimulatedModel>();
  const connection = {
    model(name: string, schema: Schema) {
      let model = models.get(name);
      if (model === undefined) {
        const stored = database.collection(String(schema.get('collection')));
        model = new SimulatedModel(session, stored, schema);
        models.set(name, model);
      }
      return model;
    },
  };
  return connection as unknown as Connection;
}
