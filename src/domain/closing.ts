/** Closing an order, the dangerous moment: what to do after the gateway was asked. Pure. */
import { assertNever } from './assert.js';
import { type AuditDraft, applyDrafts } from './audit.js';
import { type Decision, decide } from './decide.js';
import { type DecisionContext, decidedAt } from './decision-context.js';
import { decisionEntry, type Outcome, reviewOutcome } from './decision-entry.js';
import type { CancelMethod, QueryAnswer, QueryEvidence } from './evidence.js';
import { cancelIntentEntry } from './evidence-entries.js';
import type { Order, OrderClosing } from './order.js';
import { closingAfterRound, growingPauseMs } from './schedule.js';

/** From this round on a closing that does not end is an anomaly. */
export const CLOSING_STUCK_ROUNDS = 5;

export type ClosingMove =
  | { readonly do: 'cancel'; readonly method: CancelMethod }
  /** Proven to have never been at the gateway: nobody can pay it there. */
  | { readonly do: 'close_unreached' }
  | { readonly do: 'wait'; readonly pauseMs: number }
  | { readonly do: 'give_up' };

/**
 * The next move while the order is still `canceling` after an answer. `unknown` never closes, `paying` waits, and only
 * a signed `open` lets a cancel be sent, because the revoke refunds what is paid.
 * @param isAfterCancel the answer came right after a cancel of this round: another round begins with a question
 */
export function closingMove(
  order: Order,
  result: QueryAnswer,
  options: { readonly nowMs: number; readonly isAfterCancel: boolean },
): ClosingMove {
  const closing = order.closing;
  const rounds = closing?.rounds ?? 0;
  const startedMs = Date.parse(closing?.startedAt ?? order.updatedAt);
  if (result.answer === 'open') {
    const method = cancelMethod(order);
    // A terminal order that the close left open may be revoked on this very answer.
    const isEscalation = order.channel === 'cloud' && closing?.cancelsSent === 1;
    if (!options.isAfterCancel || isEscalation) return { do: 'cancel', method };
  }
  if (result.answer === 'not_found' && isUnreached(order, options.nowMs)) {
    return { do: 'close_unreached' };
  }
  if (options.nowMs - startedMs >= order.policy.closeGiveUpMs) return { do: 'give_up' };
  return { do: 'wait', pauseMs: growingPauseMs(rounds) };
}

/** Nothing ever came from the gateway about the order, nothing but questions was sent, and it is past its expiry. */
function isUnreached(order: Order, nowMs: number): boolean {
  return (
    order.gatewayCreation !== 'created' &&
    order.gatewayTransNo === null &&
    order.callbackIds.length === 0 &&
    (order.closing?.cancelsSent ?? 0) === 0 &&
    nowMs >= Date.parse(order.expiresAt)
  );
}

function cancelMethod(order: Order): CancelMethod {
  return order.channel === 'cloud' && (order.closing?.cancelsSent ?? 0) === 0 ? 'close' : 'revoke';
}

/** Begins the closing. @param sequence the audit sequence this entry will get */
export function closingEntry(
  order: Order,
  requestedBy: OrderClosing['requestedBy'],
  actor: string | null,
  at: string,
): AuditDraft {
  const closing: OrderClosing = {
    startedAt: at,
    requestedBy,
    cancelsSent: 0,
    possibleRevokes: 0,
    isPaymentSeen: false,
    rounds: 0,
    nextAt: at,
  };
  return {
    kind: 'decision',
    event: 'order.canceling',
    at,
    summary:
      requestedBy === 'schedule'
        ? 'All checks are made and the order is not paid: closing begins.'
        : `Cancel was asked for by the ${requestedBy}: closing begins.`,
    data: { from: order.status, to: 'canceling', requestedBy, actor },
    changes: { status: 'canceling', closing, checks: { ...order.checks, nextAt: null } },
  };
}

/** Closed because it is proven that nobody could have paid: unknown at the gateway, and past its expiry. */
export function closeUnreachedEntry(order: Order, at: string, auditSequence: number): AuditDraft {
  return decisionEntry(
    order,
    {
      to: 'canceled',
      event: 'order.canceled',
      summary: 'The order never reached the gateway and can no longer be paid there.',
      proof: 'never_reached_gateway',
    },
    { source: 'query', at, auditSequence },
  );
}

/** Nobody could prove in time that the order is unpaid: a person decides, and the gateway is asked on. */
export function giveUpOutcome(): Outcome {
  return reviewOutcome('unclosable', {
    summary: 'The gateway gave no definite answer within the time limit for closing.',
  });
}

export interface ClosingDecision {
  readonly decision: Decision;
  /** `null` when the answer ended the closing. */
  readonly move: ClosingMove | null;
}

/**
 * Decides on an answer during closing, and what to do next, in one write: what ends the closing, the pause before the
 * next round, or the intent to send a cancel, which must be in the record before the cancel is sent.
 */
export function decideClosing(
  order: Order,
  evidence: QueryEvidence,
  options: DecisionContext & { readonly isAfterCancel: boolean },
): ClosingDecision {
  const { sequence } = options;
  const decision = decide(order, evidence, options);
  const after = applyDrafts(order, decision.drafts);
  if (after.status !== 'canceling' || after.closing === null) return { decision, move: null };
  const move = closingMove(after, evidence.result, options);
  const drafts = [...decision.drafts];
  const anomalies = [...decision.anomalies];
  const at = decidedAt(options);
  switch (move.do) {
    case 'cancel':
      drafts.push(cancelIntentEntry(after, move.method, at));
      break;
    case 'close_unreached':
      drafts.push(closeUnreachedEntry(after, at, sequence));
      break;
    case 'give_up': {
      const outcome = giveUpOutcome();
      drafts.push(decisionEntry(after, outcome, { source: 'query', at, auditSequence: sequence }));
      anomalies.push(...(outcome.anomalies ?? []).map((anomaly) => ({ ...anomaly, at })));
      break;
    }
    case 'wait': {
      const closing = closingAfterRound(after.closing, move.pauseMs, options.nowMs);
      drafts.push(...waitDrafts(drafts.pop(), closing));
      if (closing.rounds === CLOSING_STUCK_ROUNDS) {
        anomalies.push({
          kind: 'closing_stuck',
          at,
          detail: `no end after ${closing.rounds} rounds`,
        });
      }
      break;
    }
    default:
      return assertNever(move);
  }
  return { decision: { ...decision, drafts, anomalies }, move };
}

/** The pause belongs to the answer that made it necessary: no entry of its own. */
function waitDrafts(last: AuditDraft | undefined, closing: OrderClosing): readonly AuditDraft[] {
  return last === undefined ? [] : [{ ...last, changes: { ...last.changes, closing } }];
}
