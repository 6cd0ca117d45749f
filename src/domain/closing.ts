/** Closing an order, the dangerous moment: what to do after the gateway was asked. Pure. */
import type { AuditDraft } from './audit.js';
import { decisionEntry, type Outcome, reviewOutcome } from './decision-entry.js';
import type { CancelMethod, QueryAnswer } from './evidence.js';
import type { Order, OrderClosing } from './order.js';
import { closingPauseMs } from './schedule.js';

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
  if (
    result.answer === 'not_found' &&
    order.gatewayCreation !== 'created' &&
    options.nowMs >= Date.parse(order.expiresAt)
  ) {
    return { do: 'close_unreached' };
  }
  if (options.nowMs - startedMs >= order.policy.closeGiveUpMs) return { do: 'give_up' };
  return { do: 'wait', pauseMs: closingPauseMs(rounds) };
}

function cancelMethod(order: Order): CancelMethod {
  return order.channel === 'cloud' && (order.closing?.cancelsSent ?? 0) === 0 ? 'close' : 'revoke';
}

/** Begins the closing. @param sequence the audit sequence this entry will get */
export function closingEntry(
  order: Order,
  requestedBy: OrderClosing['requestedBy'],
  at: string,
): AuditDraft {
  const closing: OrderClosing = {
    startedAt: at,
    requestedBy,
    cancelsSent: 0,
    mayHaveRevoked: false,
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
    data: { from: order.status, to: 'canceling', requestedBy },
    changes: { status: 'canceling', closing, checks: { ...order.checks, nextAt: null } },
  };
}

/** The closing after a round without an end: one round more, the next one after the pause. */
export function closingAfterRound(
  closing: OrderClosing,
  pauseMs: number,
  nowMs: number,
): OrderClosing {
  return {
    ...closing,
    rounds: closing.rounds + 1,
    nextAt: new Date(nowMs + pauseMs).toISOString(),
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
