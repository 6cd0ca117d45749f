/**
 * What a payer is told: the same words at the till, on the shop's page and in the answers of the API. Only the words of
 * `pay_again` and of a sale that was canceled at the terminal invite a payment; all others that are no success warn
 * against a second one.
 * Source: CodePay guide, 3.1 to 3.3.
 */
export const NEXT_ACTIONS = [
  'show_success',
  'pay_again',
  'keep_polling',
  'check_later',
  'show_canceled',
  'contact_support',
] as const;

/** What the page does with a service's answer. */
export type NextAction = (typeof NEXT_ACTIONS)[number];

/** The message of an answer, by what is to be done next. */
export const PAYER_WORDS: Readonly<Record<NextAction, string>> = {
  show_success: 'Payment received. Thank you.',
  pay_again:
    'This payment was not completed and nothing was charged. You can pay again for the same order.',
  keep_polling: 'We are checking your payment. Please wait.',
  check_later:
    'We cannot confirm your payment yet. Please do not pay again; check this order later in your order list.',
  show_canceled: 'This order is closed. Please do not pay for it any more.',
  contact_support:
    'We are looking into this payment. Please do not pay again; contact the shop if you have questions.',
};

/** Instead of the words of `show_canceled` when the money was given back. */
export const REFUNDED_WORDS = 'This payment was refunded.';

/** What only a page can know: nothing was asked yet, or nothing came back. */
export const PAGE_WORDS = {
  not_asked: 'Your payment has not been checked yet.',
  offline:
    'You are offline. Please do not pay again; we go on checking as soon as you are connected.',
  unreachable:
    'We cannot be reached at the moment, so we cannot confirm your payment. Please do not pay again; check this order later in your order list.',
  not_authorised:
    'This page can no longer check your payment. Please do not pay again; open this order from your order list.',
  canceled_at_terminal:
    'The payment was canceled and not completed. Nothing was charged. You can pay again for the same order.',
  paying_again: 'We are preparing your payment. Please wait.',
  ready_to_pay: 'You can pay now. Please pay only once.',
  unconfirmed_start:
    'We do not know yet whether your new payment was started. Please do not pay again; check this order later in your order list.',
} as const;
