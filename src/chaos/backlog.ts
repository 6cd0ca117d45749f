/** Work that the service should have done by now, as its database says. */
import type { Connection } from 'mongoose';
import { callbackModel } from '../store/callback.model.js';
import { orderModel } from '../store/order.model.js';

/** A worker takes a timer and the gateway an answer: later than this is behind. */
const BEHIND_MS = 5_000;

export interface Backlog {
  /** Orders whose next step should have been done. */
  readonly orders: number;
  /** Callbacks that were stored and have not reached their order. */
  readonly callbacks: number;
}

/** @throws when MongoDB does not answer */
export async function readBacklog(connection: Connection, nowMs: number): Promise<Backlog> {
  const behindSince = new Date(nowMs - BEHIND_MS).toISOString();
  const [orders, callbacks] = await Promise.all([
    orderModel(connection).countDocuments({ nextActionAt: { $ne: null, $lt: behindSince } }),
    callbackModel(connection).countDocuments({
      processedAt: null,
      receivedAt: { $lt: behindSince },
    }),
  ]);
  return { orders, callbacks };
}
