/** Idempotency keys of refunds, so that a try without an answer and its repetition are one refund. */
import type { RefundWish } from '../data/console-api.js';

const KEY_BYTES = 16;

/** Keys of wishes whose end is not known, by order and content. They outlive the dialog, not the page. */
const unsettled = new Map<string, string>();

/** @returns the same key for the same wish until it is settled */
export function refundKey(merchantOrderNo: string, wish: RefundWish): string {
  const name = nameOf(merchantOrderNo, wish);
  const key = unsettled.get(name) ?? randomKey();
  unsettled.set(name, key);
  return key;
}

/** The wish was accepted or refused: the same again is another refund. */
export function settleRefundKey(merchantOrderNo: string, wish: RefundWish): void {
  unsettled.delete(nameOf(merchantOrderNo, wish));
}

function nameOf(merchantOrderNo: string, { amount, reason }: RefundWish): string {
  return JSON.stringify([merchantOrderNo, amount, reason]);
}

/** Not `crypto.randomUUID`: browsers have it on https alone. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return `console-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
