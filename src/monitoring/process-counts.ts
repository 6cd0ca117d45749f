/** Which happenings of a process are counted as what. */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { GatewayCallObserver } from '../activities/gateway.activities.js';
import type { TransitionObserver } from '../activities/order-store.activities.js';
import type { AuditDraft } from '../domain/audit.js';
import type { Order } from '../domain/order.js';
import { truthSourceOf } from '../domain/truth-source.js';
import type { MinuteRecorder } from './minute-recorder.js';

/** What became of a callback when it was taken; other results say why it was refused. */
const ACCEPTED = ['stored', 'repeated', 'carried'];
/** Refused before anybody could know who sent it. */
const SIGNATURE_REFUSALS = ['signature_missing', 'signature_invalid', 'app_unknown'];
/** Ours to blame, and sent again: neither accepted nor refused. */
const NOT_TAKEN = ['unavailable', 'internal'];

/** Tells processes apart, and the starts of one. */
export function newProcessId(): string {
  return `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}

/** Counts what orders became. */
export function countTransitions(recorder: MinuteRecorder): TransitionObserver {
  return ({ before, drafts }) => {
    if (before === null) recorder.orderCreated();
    if (drafts.some(({ changes }) => changes.status === 'canceled')) recorder.orderCanceled();
    const source = truthSourceOf(drafts);
    const decision = drafts.find(({ changes }) => changes.status === 'paid');
    if (source === null || decision === undefined) return;
    const { createdAt = decision.at } = before?.order ?? firstRecord(drafts);
    recorder.orderPaid(source, Date.parse(decision.at) - Date.parse(createdAt));
  };
}

/** What is told of a call beside these is not counted. */
type UndetailedCallObserver = (
  operation: Parameters<GatewayCallObserver>[0],
  outcome: string,
  durationMs: number,
  details?: unknown,
) => void;

/** Counts calls to the gateway. `unknown` is every end but a signed answer that was understood. */
export function countGatewayCalls(recorder: MinuteRecorder): UndetailedCallObserver {
  return (_operation, outcome, durationMs) =>
    recorder.gatewayCalled(outcome !== 'unknown', durationMs);
}

/** Counts callbacks. @returns told with the receipt, or with the code of the refusal */
export function countCallbacks(recorder: MinuteRecorder): (result: string) => void {
  return (result) => {
    if (ACCEPTED.includes(result)) recorder.callbackAccepted();
    else if (!NOT_TAKEN.includes(result)) {
      recorder.callbackRefused(SIGNATURE_REFUSALS.includes(result));
    }
  };
}

/** The changes of an order's first entry hold the whole order. */
function firstRecord([first]: readonly AuditDraft[]): Partial<Order> {
  return (first?.changes ?? {}) as Partial<Order>;
}
