/** What the payer's page is told. The words are the same everywhere, and only one of them invites a payment. */
import type { LastAnswer, Order, OrderStatus } from './order.js';
import { isFinal, isPaid } from './order-state.js';
import { type NextAction, PAYER_WORDS, REFUNDED_WORDS } from './payer-words.js';
import { POLL_FOR_MS } from './schedule.js';

/** How long the gateway's last word may be acted on. An older one means that it has not answered since. */
const ANSWER_CURRENT_MS = 10_000;

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

/** What the till heard of its terminal: it decides nothing, but it may contradict the gateway. */
export interface TerminalHint {
  readonly isCanceledAtTerminal: boolean;
}

/** @param nowMs epoch ms; how young the try and the last answer are decides between polling and coming back later */
export function verifyAnswer(
  order: Order,
  nowMs: number,
  { isCanceledAtTerminal }: TerminalHint = { isCanceledAtTerminal: false },
): VerifyAnswer {
  const action = nextActionOf(order, nowMs);
  // A till takes "keep polling" after a cancellation for "nobody has paid". While somebody pays it is not known.
  const isContradicted =
    isCanceledAtTerminal && action === 'keep_polling' && order.lastAnswer?.answer === 'paying';
  const nextAction = isContradicted ? 'check_later' : action;
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
  const isCurrent = nowMs - Date.parse(order.lastAnswer.at) <= ANSWER_CURRENT_MS;
  if (!isCurrent) return 'check_later';
  const isYoung = nowMs - Date.parse(order.attemptStartedAt) < POLL_FOR_MS;
  const waiting = isYoung ? 'keep_polling' : 'check_later';
  switch (order.lastAnswer.answer) {
    case 'closed':
      // Of the try before: right after payment was asked for again it says nothing about the new one.
      return isOfTryBefore(order.lastAnswer, order.attemptStartedAt) ? waiting : 'pay_again';
    case 'open':
    case 'paying':
    // A till may start its sale after the page began to ask.
    case 'not_found':
      return waiting;
    default:
      return 'check_later';
  }
}

/** Asking for payment again begins with a question: its answer is of the try before, whatever the clocks say. */
function isOfTryBefore({ reason, at }: LastAnswer, attemptStartedAt: string): boolean {
  return reason === 'pay' || at < attemptStartedAt;
}
