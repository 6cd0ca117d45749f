/** What the shop itself remembers of its orders: who ordered what. Whether it is paid is asked of the service. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OrderLine, PaymentWay } from './shop-contract.js';

export interface BookedOrder {
  readonly merchantOrderNo: string;
  /** Hash of the customer's cookie. */
  readonly customerTag: string;
  readonly way: PaymentWay;
  readonly lines: readonly OrderLine[];
  readonly amountMinor: number;
  readonly currency: string;
  readonly terminalSn: string | null;
  readonly redirectUrl: string | null;
  readonly opensNewTab: boolean;
  readonly createdAt: string;
  readonly saleStartedAt: string | null;
}

/**
 * Orders are written down before the service hears of them, so that no payment can be for an order the shop does not
 * know. One JSON line for each change; the last one of a number counts.
 */
export class OrderBook {
  readonly #orders = new Map<string, BookedOrder>();
  readonly #file: string | null;
  #loaded: Promise<void> | null = null;
  /** Lines are written one after another. */
  #written: Promise<void> = Promise.resolve();

  /** @param file where it survives a restart; `null` keeps it in memory */
  constructor(file: string | null) {
    this.#file = file;
  }

  async find(merchantOrderNo: string): Promise<BookedOrder | null> {
    await this.#load();
    return this.#orders.get(merchantOrderNo) ?? null;
  }

  /** Newest first. */
  async listOf(customerTag: string, limit: number): Promise<readonly BookedOrder[]> {
    await this.#load();
    return [...this.#orders.values()]
      .filter((order) => order.customerTag === customerTag)
      .reverse()
      .slice(0, limit);
  }

  /** Books an order once. @returns the one that is in the book, with its first content */
  async book(
    order: BookedOrder,
  ): Promise<{ readonly order: BookedOrder; readonly isNew: boolean }> {
    await this.#load();
    const booked = this.#orders.get(order.merchantOrderNo);
    if (booked !== undefined) {
      await this.#written;
      return { order: booked, isNew: false };
    }
    this.#orders.set(order.merchantOrderNo, order);
    try {
      await this.#append(order);
    } catch (error) {
      this.#orders.delete(order.merchantOrderNo);
      throw error;
    }
    return { order, isNew: true };
  }

  /** @param at RFC 3339 */
  async markSaleStarted(order: BookedOrder, at: string): Promise<void> {
    const changed = { ...order, saleStartedAt: at };
    this.#orders.set(order.merchantOrderNo, changed);
    await this.#append(changed);
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  async #read(): Promise<void> {
    if (this.#file === null) return;
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch {
      // The first start: nothing has been ordered yet.
      return;
    }
    for (const line of text.split('\n')) {
      const order = parseLine(line);
      if (order !== null) this.#orders.set(order.merchantOrderNo, order);
    }
  }

  #append(order: BookedOrder): Promise<void> {
    this.#written = this.#written.catch(() => undefined).then(() => this.#write(order));
    return this.#written;
  }

  async #write(order: BookedOrder): Promise<void> {
    if (this.#file === null) return;
    await mkdir(dirname(this.#file), { recursive: true });
    await appendFile(this.#file, `${JSON.stringify(order)}\n`);
  }
}

/** @returns `null` for a line that a kill has cut off */
function parseLine(line: string): BookedOrder | null {
  try {
    return JSON.parse(line) as BookedOrder;
  } catch {
    return null;
  }
}
