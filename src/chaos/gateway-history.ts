/** What really happened at the simulated gateway: its journal, read as it grows. */
import { open } from 'node:fs/promises';
import type { CallbackAttempt, CallbackJob } from '../gateway/simulator/simulator-callbacks.js';
import { type JournaledRecord, journaledRecords } from '../gateway/simulator/simulator-journal.js';
import type { SimulatedOrder } from '../gateway/simulator/simulator-order.js';
import type { SimulatedRefund } from '../gateway/simulator/simulator-refund.js';

/** What the gateway did with one order. */
export interface GatewayOrder {
  readonly order: SimulatedOrder;
  /** When it was paid first, epoch ms; `null` when it never was. */
  readonly paidAtMs: number | null;
}

export interface GatewayRefund {
  readonly refund: SimulatedRefund;
  /** The gateway's own numbers for it: a second one would be a second refund. */
  readonly transNos: ReadonlySet<string>;
}

/** Follows the file. Whoever is interested in new attempts to deliver callbacks is told of each once. */
export class GatewayHistory {
  readonly orders = new Map<string, GatewayOrder>();
  readonly refunds = new Map<string, GatewayRefund>();
  readonly callbacks = new Map<string, CallbackJob>();
  readonly #onAttempt: (attempt: CallbackAttempt, job: CallbackJob) => void;
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    onAttempt: (attempt: CallbackAttempt, job: CallbackJob) => void = () => {},
  ) {
    this.#onAttempt = onAttempt;
  }

  /** Reads what was written since the last time. A file that is not there yet is empty. */
  async catchUp(): Promise<void> {
    const added = await readFrom(this.file, this.#position);
    this.#position += added.length;
    const bytes = Buffer.concat([this.#rest, added]);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#rest = bytes.subarray(end);
    for (const record of journaledRecords(bytes.toString('utf8', 0, end))) this.#take(record);
  }

  /** Callbacks that the gateway is still going to send. */
  undelivered(): readonly CallbackJob[] {
    return [...this.callbacks.values()].filter(({ nextAtMs }) => nextAtMs !== null);
  }

  #take(record: JournaledRecord): void {
    if ('order' in record) this.#takeOrder(record.order);
    else if ('refund' in record) this.#takeRefund(record.refund);
    else if ('callback' in record) this.#takeCallback(record.callback);
  }

  #takeOrder(order: SimulatedOrder): void {
    const before = this.orders.get(order.merchantOrderNo);
    const paidAtMs = before?.paidAtMs ?? order.payment?.endedAtMs ?? null;
    this.orders.set(order.merchantOrderNo, { order, paidAtMs });
  }

  #takeRefund(refund: SimulatedRefund): void {
    const before = this.refunds.get(refund.refundNo)?.transNos ?? [];
    const transNos = new Set([...before, refund.transNo]);
    this.refunds.set(refund.refundNo, { refund, transNos });
  }

  #takeCallback(job: CallbackJob): void {
    const known = this.callbacks.get(job.id)?.attempts.length ?? 0;
    this.callbacks.set(job.id, job);
    for (const attempt of job.attempts.slice(known)) this.#onAttempt(attempt, job);
  }
}

async function readFrom(file: string, position: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
