/** Operations as mongoose makes them: described first, carried out when somebody waits for them. */
import { type StoredDocument, sorted } from './documents.js';

type Perform<T> = (effect: () => T) => Promise<T>;

/** Carried out once, when it is first awaited. */
abstract class AwaitedOperation<T> implements PromiseLike<T> {
  #running: Promise<T> | null = null;

  protected abstract start(): Promise<T>;

  lean(): this {
    return this;
  }

  // biome-ignore lint/suspicious/noThenProperty: mongoose's queries are awaited by it
  then<R = T, E = never>(
    resolved?: ((value: T) => R | PromiseLike<R>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#run().then(resolved, rejected);
  }

  catch<E = never>(rejected: (reason: unknown) => E | PromiseLike<E>): Promise<T | E> {
    return this.#run().catch(rejected);
  }

  #run(): Promise<T> {
    this.#running ??= this.start();
    return this.#running;
  }
}

export class SimulatedOperation<T> extends AwaitedOperation<T> {
  protected readonly start: () => Promise<T>;

  constructor(start: () => Promise<T>) {
    super();
    this.start = start;
  }
}

/** A read. What it gives is as it was at one instant. */
export class SimulatedQuery<T> extends AwaitedOperation<T> {
  readonly #perform: Perform<T>;
  readonly #select: () => readonly StoredDocument[];
  readonly #result: (documents: readonly StoredDocument[]) => T;
  #sort: Readonly<Record<string, number>> | null = null;
  #skip = 0;
  #limit = Number.POSITIVE_INFINITY;

  constructor(
    perform: Perform<T>,
    select: () => readonly StoredDocument[],
    result: (documents: readonly StoredDocument[]) => T,
  ) {
    super();
    this.#perform = perform;
    this.#select = select;
    this.#result = result;
  }

  protected start(): Promise<T> {
    return this.#perform(() => {
      const selected = this.#select();
      const ordered = this.#sort === null ? selected : sorted(selected, this.#sort);
      return this.#result(ordered.slice(this.#skip, this.#skip + this.#limit));
    });
  }

  sort(sort: Readonly<Record<string, number>>): this {
    this.#sort = sort;
    return this;
  }

  skip(count: number): this {
    this.#skip = count;
    return this;
  }

  limit(count: number): this {
    this.#limit = count;
    return this;
  }
}
