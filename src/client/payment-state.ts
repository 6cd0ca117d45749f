/** The states of a payment on a page. There are six; only the last three are ends. */
import { PAGE_WORDS, PAYER_WORDS, REFUNDED_WORDS } from '../domain/payer-words.js';

/** Why there must be no second payment. */
export type DoNotPayReason =
  | 'not_confirmed'
  | 'closed'
  | 'refunded'
  | 'in_review'
  | 'unreachable'
  | 'not_authorised';

/**
 * What the page shows. `message` is plain text for the payer. While `checking` goes on it is told once: the message does
 * not change from poll to poll. `startedAtMs` (epoch ms) moves on by the time in which nothing could be asked, so that
 * now less `startedAtMs` is the part of the waiting time that is over.
 */
export type PaymentState =
  | { readonly kind: 'idle'; readonly message: string }
  | {
      readonly kind: 'checking';
      readonly message: string;
      readonly isOffline: boolean;
      readonly startedAtMs: number;
    }
  | { readonly kind: 'paying_again'; readonly message: string }
  | { readonly kind: 'paid'; readonly message: string; readonly merchantOrderNo: string }
  | { readonly kind: 'pay_again'; readonly message: string; readonly merchantOrderNo: string }
  | {
      readonly kind: 'do_not_pay_again';
      readonly message: string;
      readonly merchantOrderNo: string;
      readonly reason: DoNotPayReason;
    };

/** The three ends. */
export type EndState = Extract<PaymentState, { readonly merchantOrderNo: string }>;

const DO_NOT_PAY_WORDS: Readonly<Record<DoNotPayReason, string>> = {
  not_confirmed: PAYER_WORDS.check_later,
  closed: PAYER_WORDS.show_canceled,
  refunded: REFUNDED_WORDS,
  in_review: PAYER_WORDS.contact_support,
  unreachable: PAGE_WORDS.unreachable,
  not_authorised: PAGE_WORDS.not_authorised,
};

/** Nothing is being asked. */
export function idle(message: string = PAGE_WORDS.not_asked): PaymentState {
  return { kind: 'idle', message };
}

/** @param startedAtMs epoch ms */
export function checking(isOffline: boolean, startedAtMs: number): PaymentState {
  const message = isOffline ? PAGE_WORDS.offline : PAYER_WORDS.keep_polling;
  return { kind: 'checking', message, isOffline, startedAtMs };
}

/** Payment is being asked for again. */
export function payingAgain(): PaymentState {
  return { kind: 'paying_again', message: PAGE_WORDS.paying_again };
}

/** The end without a payment that is known of. @param message in place of the words of the reason */
export function doNotPayAgain(
  merchantOrderNo: string,
  reason: DoNotPayReason,
  message: string = DO_NOT_PAY_WORDS[reason],
): EndState {
  return { kind: 'do_not_pay_again', message, merchantOrderNo, reason };
}
