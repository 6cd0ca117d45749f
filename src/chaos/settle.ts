/** After the last fault: waits until nothing is left to be done now. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { eventModel } from '../store/event.model.js';
import { orderModel } from '../store/order.model.js';
import { readBacklog } from './backlog.js';
import type { Findings } from './checks/findings.js';
import type { GatewayHistory } from './gateway-history.js';

const LOOK_MS = 500;
/** At rest this many looks in a row: what one look misses the next one sees. */
const QUIET_LOOKS = 4;
/** An order whose next step is further away than this waits for something else than the service. */
const SOON_MS = 60_000;

export interface SettleOptions {
  /** Tells what is still under way; empty when nothing is. */
  readonly look: () => Promise<string>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** How long it took; `null`, and what was still under way, when the limit was not enough. */
export interface Settled {
  readonly tookMs: number | null;
  readonly left: string;
}

export async function settle({ look, limitMs, signal }: SettleOptions): Promise<Settled> {
  const beganAtMs = Date.now();
  let quiet = 0;
  let left = '';
  while (Date.now() - beganAtMs < limitMs && !signal.aborted) {
    left = await look();
    quiet = left === '' ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS) return { tookMs: Date.now() - beganAtMs, left };
    await pause(LOOK_MS);
  }
  return { tookMs: null, left };
}

export function checkSettled({ tookMs, left }: Settled, findings: Findings): void {
  if (tookMs === null) findings.add('system_settles', null, left);
}

/** What the service, or the gateway, has still to do. */
export async function underWay(connection: Connection, gateway: GatewayHistory): Promise<string> {
  await gateway.catchUp();
  try {
    const nowMs = Date.now();
    const { orders, callbacks } = await readBacklog(connection, nowMs);
    const soon = new Date(nowMs + SOON_MS).toISOString();
    const unsettled = await orderModel(connection).countDocuments({
      status: { $in: ['pending', 'canceling'] },
      nextActionAt: { $ne: null, $lt: soon },
    });
    const counts = {
      'orders overdue': orders,
      'callbacks not processed': callbacks,
      'orders on their way': unsettled,
      // A crash between a decision and its event: the sweep brings it into the feed.
      'orders with events that wait': await orderModel(connection).countDocuments({
        unpublishedSince: { $exists: true },
      }),
      'events not delivered': await eventModel(connection).countDocuments({ state: 'waiting' }),
      'callbacks not delivered': gateway.undelivered().length,
    };
    return Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  } catch (error) {
    return `MongoDB: ${error instanceof Error ? error.message : String(error)}`;
  }
}
