/** From an answer of the service to an end, or to none yet. */
import { PAGE_WORDS, PAYER_WORDS } from '../domain/payer-words.js';
import { doNotPayAgain, type EndState } from './payment-state.js';
import type { ServiceAnswer } from './service-answer.js';

export interface Circumstances {
  readonly merchantOrderNo: string;
  /**
   * The terminal said that its user canceled: an answer of the gateway that nobody has paid then ends the try.
   * Source: CodePay guide, 3.1.
   */
  readonly isCanceledAtTerminal: boolean;
  /** Payment was asked for again a moment ago: "over, unpaid" may still tell of the try before. */
  readonly isPayAgainOutdated: boolean;
}

/** @returns `null` when the answer decides nothing yet */
export function outcomeOf(
  { nextAction, status, message }: ServiceAnswer,
  { merchantOrderNo, isCanceledAtTerminal, isPayAgainOutdated }: Circumstances,
): EndState | null {
  const words = message ?? PAYER_WORDS[nextAction];
  const payAgain = (text: string): EndState => ({
    kind: 'pay_again',
    message: text,
    merchantOrderNo,
  });
  switch (nextAction) {
    case 'show_success':
      return { kind: 'paid', message: words, merchantOrderNo };
    case 'pay_again':
      if (isPayAgainOutdated) return null;
      return payAgain(isCanceledAtTerminal ? PAGE_WORDS.canceled_at_terminal : words);
    case 'keep_polling':
      return isCanceledAtTerminal ? payAgain(PAGE_WORDS.canceled_at_terminal) : null;
    case 'check_later':
      return null;
    case 'show_canceled':
      return doNotPayAgain(merchantOrderNo, status === 'refunded' ? 'refunded' : 'closed', words);
    case 'contact_support':
      return doNotPayAgain(merchantOrderNo, 'in_review', words);
  }
}
