/** What the payer's page is told. The words are the same everywhere, and only one of them invites a payment. */
import type { LastAnswer, Order, OrderStatus } from './order.js';
import { isFinal, isPaid } from './order-state.js';
import { type NextAction, PAYER_WORDS, REFUNDED_WORDS } from './payer-words.js';
import { POLL_FOR_MS } from './schedule.js';

/** How long a definite "this attempt is over, unpaid" may be acted on. */
const ATTEMPT_OVER_FRESH_MS = 10_000;

export interface VerifyAnswer {
  readonly merchantOrderNo: string;
  readonly status: OrderStatus;
  readonly paid: boolean;
  readonly final: boolean;
  readonly nextAction: NextAction;
  readonly pollAfterMs: number;
  readonly pollForMs: number;
  readonly message: string;
}

/** @param nowMs epoch ms; how young the try and the last answer are decides between polling and coming back later */
export function verifyAnswer(order: Order, nowMs: number): VerifyAnswer {
  const nextAction = nextActionOf(order, nowMs);
  return {
    merchantOrderNo: order.merchantOrderNo,
    status: order.status,
    paid: isPaid(order.status),
    final: isFinal(order.status),
    nextAction,
    pollAfterMs: 2_000,
    pollForMs: POLL_FOR_MS,
    message: order.status === 'refunded' ? REFUNDED_WORDS : PAYER_WORDS[nextAction],
  };
}

function nextActionOf(order: Order, nowMs: number): NextAction {
  if (isPaid(order.status)) return 'show_success';
  if (order.status === 'canceled' || order.status === 'refunded') return 'show_canceled';
  if (order.status === 'review') return 'contact_support';
  if (order.status === 'canceling' || order.lastAnswer === null) return 'check_later';
  const isYoung = nowMs - Date.parse(order.attemptStartedAt) < POLL_FOR_MS;
  const answerAgeMs = nowMs - Date.parse(order.lastAnswer.at);
  switch (order.lastAnswer.answer) {
    case 'closed':
      // Of the try before: right after payment was asked for again it says nothing about the new one.
      if (isOfTryBefore(order.lastAnswer, order.attemptStartedAt)) {
        return isYoung ? 'keep_polling' : 'check_later';
      }
      return answerAgeMs <= ATTEMPT_OVER_FRESH_MS ? 'pay_again' : 'check_later';
    case 'open':
    case 'paying':
      return isYoung ? 'keep_polling' : 'check_later';
    // A till may start its sale after the page began to ask.
    case 'not_found':
      return isYoung ? 'keep_polling' : 'check_later';
    default:
      return 'check_later';
  }
}

/** Asking for payment again begins with a question: its answer is of the try before, whatever the clocks say. */
function isOfTryBefore({ reason, at }: LastAnswer, attemptStartedAt: string): boolean {
  return reason === 'pay' || at < attemptStartedAt;
}
