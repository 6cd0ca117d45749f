/** How long everything took to work again after a fault was over. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { readBacklog } from './backlog.js';
import { type Observations, WATCHED_CALLS, type WatchedCall } from './observations.js';

const LOOK_MS = 250;

/** Milliseconds from the fault's end; `null` when it had not happened within the limit. */
export type Recovery = Readonly<Record<WatchedCall | 'backlog', number | null>>;

export interface RecoverySources {
  readonly observations: Observations;
  readonly connection: Connection;
  /** Brings the observations of callbacks up to date. */
  readonly catchUp: () => Promise<void>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

export interface MeasuredRecovery {
  readonly recovery: Recovery;
  /** What was behind at the last look; empty when nothing was. */
  readonly behind: string;
}

/** Returns when all of it works again, or the limit is over. */
export async function measureRecovery(
  endedAtMs: number,
  { observations, connection, catchUp, limitMs, signal }: RecoverySources,
): Promise<MeasuredRecovery> {
  let backlogMs: number | null = null;
  let behind = '';
  for (;;) {
    await catchUp();
    if (backlogMs === null) {
      const nowMs = Date.now();
      behind = await behindText(connection, nowMs);
      if (behind === '') backlogMs = nowMs - endedAtMs;
    }
    const recovery = { ...callsRecovered(observations, endedAtMs), backlog: backlogMs };
    const isOver = Object.values(recovery).every((afterMs) => afterMs !== null);
    if (isOver || signal.aborted || Date.now() - endedAtMs > limitMs) {
      return { recovery, behind };
    }
    await pause(LOOK_MS);
  }
}

function callsRecovered(
  observations: Observations,
  sinceMs: number,
): Readonly<Record<WatchedCall, number | null>> {
  const entries = WATCHED_CALLS.map((call) => [call, observations.recoveredAfterMs(call, sinceMs)]);
  return Object.fromEntries(entries) as Readonly<Record<WatchedCall, number | null>>;
}

async function behindText(connection: Connection, nowMs: number): Promise<string> {
  const backlog = await readBacklog(connection, nowMs).catch(() => null);
  if (backlog === null) return 'MongoDB does not answer';
  const { orders, callbacks } = backlog;
  return orders + callbacks === 0 ? '' : `${orders} orders and ${callbacks} callbacks`;
}
