import type { OrderStatus } from './order.js';

/**
 * Every change of status there can be. Anything else is a programmer's error, not an input error:
 * the decider never asks for it.
 */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['paid', 'canceling', 'review'],
  canceling: ['paid', 'canceled', 'review'],
  // An operator, or a definite answer for an order that could not be closed.
  review: ['paid', 'canceling', 'canceled', 'refunded'],
  paid: ['partially_refunded', 'refunded'],
  partially_refunded: ['partially_refunded', 'refunded'],
  refunded: [],
  // Late money only.
  canceled: ['review', 'paid', 'refunded'],
};

const FINAL: readonly OrderStatus[] = ['paid', 'partially_refunded', 'refunded', 'canceled'];

/** Final: the payer needs not wait any more. Late money and refunds may still follow. */
export function isFinal(status: OrderStatus): boolean {
  return FINAL.includes(status);
}

/** The order's money was proven to be ours and was not given back whole. */
export function isPaid(status: OrderStatus): boolean {
  return status === 'paid' || status === 'partially_refunded';
}

export function canTransition(from: OrderStatus, to: OrderStatus): boolean {
  return TRANSITIONS[from].includes(to);
}
