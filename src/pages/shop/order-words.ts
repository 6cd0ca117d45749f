/** Short words for what the messages say at length; the same on every page of the shop. */
import { formatMajor } from '../../domain/money.js';
import type { PaymentWay, ShopOrder } from '../../shop/shop-contract.js';

export type Tone = 'good' | 'waiting' | 'warning' | 'plain';

interface StatusWord {
  readonly label: string;
  readonly tone: Tone;
}

const STATUS_WORDS: Readonly<Record<ShopOrder['status'], StatusWord>> = {
  pending: { label: 'Not confirmed yet', tone: 'waiting' },
  canceling: { label: 'Not confirmed yet', tone: 'waiting' },
  unknown: { label: 'Not confirmed yet', tone: 'waiting' },
  not_placed: { label: 'Not sent yet', tone: 'plain' },
  review: { label: 'Being looked into', tone: 'warning' },
  paid: { label: 'Paid', tone: 'good' },
  partially_refunded: { label: 'Paid, partly refunded', tone: 'good' },
  refunded: { label: 'Refunded', tone: 'plain' },
  canceled: { label: 'Closed', tone: 'plain' },
};

export const WAY_WORDS: Readonly<Record<PaymentWay, string>> = {
  hosted: 'Payment page',
  cloud: 'Terminal at the counter',
  pos: 'Till with its own terminal',
};

export function statusWord(status: ShopOrder['status']): StatusWord {
  return STATUS_WORDS[status];
}

/** Whether the shop owes goods for it. */
export function isPaidStatus(status: ShopOrder['status']): boolean {
  return status === 'paid' || status === 'partially_refunded';
}

/** Such as `$10.50`. */
export function moneyText(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(formatMajor(amountMinor, currency) as Intl.StringNumericLiteral);
}

/** Such as `Nov 21, 2026, 3:04 PM`, in the customer's own time. @param at RFC 3339 */
export function timeText(at: string): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(at),
  );
}
