/** Evidence as audit entries: what was learnt, in a sentence and in data, with what it changes besides the status. */
import type { AuditDraft, JsonValue } from './audit.js';
import { type DecisionContext, decidedAt, knows } from './decision-context.js';
import type { CallbackEvidence, CancelEvidence, PaymentFacts, QueryEvidence } from './evidence.js';
import { mayHaveRevoked, type Order, type OrderChanges } from './order.js';
import { isPaid } from './order-state.js';
import { isPaymentKnown, seenPaymentChanges } from './payment-outcomes.js';
import {
  closingAfterRound,
  growingPauseMs,
  lateWatchAfter,
  lateWatchUnanswered,
  nextCheck,
} from './schedule.js';

/** More different callbacks about one order than the gateway sends in its whole retry schedule. */
const CALLBACK_IDS_MAX = 50;

const ANSWER_SENTENCES = {
  paid: 'paid',
  open: 'open, nobody has paid',
  paying: 'payment in progress',
  closed: 'closed, unpaid',
  not_found: 'the order is not known there',
  unknown: 'no answer that can be trusted',
} as const;

/** The facts without what is empty. */
export function factsData(facts: PaymentFacts): { readonly [key: string]: JsonValue } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

export function callbackEntry(
  order: Order,
  evidence: CallbackEvidence,
  context: DecisionContext,
): AuditDraft {
  const { facts } = evidence;
  const said = facts === null ? 'nothing that we understand' : ANSWER_SENTENCES[facts.state];
  const isPaidAfterRevoke =
    facts?.state === 'paid' && facts.transactionKind === 'sale' && mayHaveRevoked(order);
  const changes: OrderChanges = {
    callbackIds: [...order.callbackIds, evidence.callbackId].slice(-CALLBACK_IDS_MAX),
    ...(isPaidAfterRevoke && !isPaymentKnown(order) ? seenPaymentChanges(order, facts) : {}),
    ...firstNamedPayment(order, facts, context),
  };
  return {
    kind: 'callback',
    event: 'callback.received',
    at: evidence.receivedAt,
    summary: `Callback: ${said}${evidence.isStale ? ' (old message, the gateway is asked)' : ''}.`,
    data: {
      callbackId: evidence.callbackId,
      isStale: evidence.isStale,
      facts: facts === null ? null : factsData(facts),
    },
    changes,
  };
}

/** An operator called the order paid before anybody had seen its payment: the first that is told is the one. */
function firstNamedPayment(
  order: Order,
  facts: PaymentFacts | null,
  context: DecisionContext,
): OrderChanges {
  if (facts?.state !== 'paid' || facts.transactionKind !== 'sale') return {};
  const { gatewayTransNo } = facts;
  if (gatewayTransNo === null || !isPaidWithoutNumber(order)) return {};
  return knows(context, 'operators-paid-names-no-payment') ? { gatewayTransNo } : {};
}

function isPaidWithoutNumber(order: Order): boolean {
  return order.gatewayTransNo === null && (isPaid(order.status) || order.status === 'refunded');
}

export function queryEntry(
  order: Order,
  evidence: QueryEvidence,
  context: DecisionContext,
): AuditDraft {
  const { result } = evidence;
  const data: Record<string, JsonValue> = {
    reason: evidence.reason,
    answer: result.answer,
    askedAt: evidence.askedAt,
    durationMs: Date.parse(evidence.answeredAt) - Date.parse(evidence.askedAt),
    reply: { ...result.reply },
  };
  if ('facts' in result) data.facts = factsData(result.facts);
  if (result.answer === 'unknown') {
    data.cause = result.cause;
    data.code = result.code;
    data.detail = result.detail;
  }
  if (result.answer === 'not_found') data.code = result.code;
  return {
    kind: 'query',
    event: 'query.answered',
    at: evidence.answeredAt,
    summary: `Query (${evidence.reason}): ${ANSWER_SENTENCES[result.answer]}.`,
    data,
    changes: queryChanges(order, evidence, context),
  };
}

/** What a query leaves in the record besides a decision. Only scheduled checks move the schedule on. */
function queryChanges(
  order: Order,
  evidence: QueryEvidence,
  context: DecisionContext,
): OrderChanges {
  const { nowMs } = context;
  const { result, reason, queryId } = evidence;
  const at = decidedAt(context);
  const changes: { -readonly [K in keyof OrderChanges]: OrderChanges[K] } = {
    lastAnswer: { queryId, answer: result.answer, reason, at },
  };
  if (reason === 'schedule') changes.checks = nextCheck(order.checks, nowMs);
  if (reason === 'late_watch') {
    changes.lateWatch = lateWatchAfter(order);
    if (order.status === 'review' && order.closing !== null) {
      const pauseMs = growingPauseMs(order.closing.rounds);
      changes.closing = closingAfterRound(order.closing, pauseMs, nowMs);
    }
  }
  if (result.answer === 'unknown' && (reason === 'callback' || reason === 'late_watch')) {
    const watch = order.status === 'canceled' ? (changes.lateWatch ?? order.lateWatch) : null;
    const longer = watch === null ? null : lateWatchUnanswered(watch, nowMs);
    if (longer !== null && knows(context, 'unanswered-is-asked-again')) changes.lateWatch = longer;
  }
  if ('facts' in result) {
    // The payment in the record may have been given back by a revoke; the gateway names the one that it holds now.
    const isHeldNow = result.answer === 'paid' && mayHaveRevoked(order);
    const isOfTry = result.answer !== 'paid' && isPaidWithoutNumber(order);
    const isNew =
      order.gatewayTransNo === null &&
      !(isOfTry && knows(context, 'operators-paid-names-no-payment'));
    if (isNew || isHeldNow) {
      changes.gatewayTransNo = result.facts.gatewayTransNo ?? order.gatewayTransNo;
    }
    // Also for the till's own sales: the gateway has been seen to know the order.
    changes.gatewayCreation = 'created';
    if (result.answer === 'closed') {
      const isExpired = nowMs >= Date.parse(order.expiresAt);
      changes.lastAttempt = {
        result: isExpired && result.facts.failureCode === null ? 'expired' : 'declined',
        code: result.facts.failureCode,
        at,
      };
    }
  }
  return changes;
}

/** Written before a revoke or close is sent: whoever goes on from the record must know that it may have happened. */
export function cancelIntentEntry(
  order: Order,
  method: CancelEvidence['method'],
  at: string,
): AuditDraft {
  const closing = order.closing;
  return {
    kind: 'cancel',
    event: 'cancel.sending',
    at,
    summary:
      method === 'revoke'
        ? 'Asking the gateway to revoke the order, which the last answer said was open.'
        : 'Asking the gateway to close the order on the terminal.',
    data: { method },
    changes:
      closing === null
        ? {}
        : {
            closing: {
              ...closing,
              cancelsSent: closing.cancelsSent + 1,
              possibleRevokes: closing.possibleRevokes + (method === 'revoke' ? 1 : 0),
            },
          },
  };
}

/**
 * Only a revoke that was never sent had surely no effect: an error code may hide that it was begun.
 * Source: design rule that every gateway code but "0" is unknown.
 */
export function cancelEntry(order: Order, evidence: CancelEvidence): AuditDraft {
  const sentences = {
    accepted: 'The gateway accepted the cancel.',
    refused:
      evidence.code === null
        ? `The cancel was not sent: ${evidence.detail}.`
        : 'The gateway answered the cancel with an error.',
    unknown: 'The outcome of the cancel is not known: it may have happened.',
  } as const;
  const isNeverSent = evidence.outcome === 'refused' && evidence.code === null;
  return {
    kind: 'cancel',
    event: 'cancel.answered',
    at: evidence.answeredAt,
    summary: sentences[evidence.outcome],
    data: {
      method: evidence.method,
      outcome: evidence.outcome,
      code: evidence.code,
      detail: evidence.detail,
      durationMs: Date.parse(evidence.answeredAt) - Date.parse(evidence.sentAt),
    },
    changes:
      isNeverSent && order.closing !== null
        ? {
            closing: {
              ...order.closing,
              cancelsSent: order.closing.cancelsSent - 1,
              possibleRevokes:
                order.closing.possibleRevokes - (evidence.method === 'revoke' ? 1 : 0),
            },
          }
        : {},
  };
}
