/** What is really so about one order number at the gateway, now and at any time before. Amounts in minor units. */
import type { PaymentFacts, PaymentState } from '../../domain/evidence.js';

export interface TruePayment {
  readonly transNo: string;
  readonly amount: number;
  readonly paidAtMs: number;
  /** A revoke gave it back. */
  readonly givenBackAtMs: number | null;
}

export type Phase = 'absent' | 'open' | 'paying' | 'closed';

export interface TrueState {
  readonly phase: Phase;
  readonly payments: readonly TruePayment[];
  /** Of the try that is running or was the last. */
  readonly transNo: string | null;
  readonly failureCode: string | null;
}

const ABSENT: TrueState = { phase: 'absent', payments: [], transNo: null, failureCode: null };

export interface OrderTerms {
  readonly merchantNo: string;
  readonly merchantOrderNo: string;
  readonly amount: number;
  readonly currency: string;
}

export class PaymentTruth {
  readonly terms: OrderTerms;
  readonly #states: { readonly sinceMs: number; readonly state: TrueState }[] = [];
  /** When it stops taking money, by the last creation (epoch ms). */
  expiresAtMs = Number.POSITIVE_INFINITY;

  constructor(terms: OrderTerms) {
    this.terms = terms;
  }

  get now(): TrueState {
    return this.#states.at(-1)?.state ?? ABSENT;
  }

  at(atMs: number): TrueState {
    return this.#states.findLast(({ sinceMs }) => sinceMs <= atMs)?.state ?? ABSENT;
  }

  change(atMs: number, changes: Partial<TrueState>): void {
    this.#states.push({ sinceMs: atMs, state: { ...this.now, ...changes } });
  }

  /** The money is there, as far as revokes go. */
  isPaidAt(atMs: number): boolean {
    return heldPayments(this.at(atMs)).length > 0;
  }
}

/** Payments that were not given back by a revoke. */
export function heldPayments(state: TrueState): readonly TruePayment[] {
  return state.payments.filter(({ givenBackAtMs }) => givenBackAtMs === null);
}

/** What an honest gateway calls it. */
export function answerWord(state: TrueState): PaymentState | 'not_found' {
  if (heldPayments(state).length > 0) return 'paid';
  return state.phase === 'absent' ? 'not_found' : state.phase;
}

/** The message that an honest gateway signs about a state. */
export function factsOf(terms: OrderTerms, state: TrueState): PaymentFacts {
  const word = answerWord(state);
  const payment = heldPayments(state).at(-1) ?? null;
  return {
    merchantNo: terms.merchantNo,
    merchantOrderNo: terms.merchantOrderNo,
    transactionKind: 'sale',
    state: word === 'not_found' ? 'closed' : word,
    currency: terms.currency,
    amount: terms.amount,
    transactionAmount: payment?.amount ?? null,
    paidAmount: payment?.amount ?? null,
    tipAmount: null,
    discountAmount: null,
    refundCapAmount: payment?.amount ?? null,
    gatewayTransNo: payment?.transNo ?? state.transNo,
    endedAt: payment === null ? null : new Date(payment.paidAtMs).toISOString(),
    hasPaymentTraces: state.payments.length > 0,
    failureCode: word === 'closed' ? state.failureCode : null,
  };
}

/** The message about a refund or void under its own number. */
export function refundFacts(
  terms: OrderTerms,
  number: string,
  { amount, state }: { readonly amount: number; readonly state: PaymentFacts['state'] },
): PaymentFacts {
  return {
    merchantNo: terms.merchantNo,
    merchantOrderNo: number,
    transactionKind: 'refund',
    state,
    currency: terms.currency,
    amount,
    transactionAmount: amount,
    paidAmount: null,
    tipAmount: null,
    discountAmount: null,
    refundCapAmount: null,
    gatewayTransNo: `R-${number}`,
    endedAt: null,
    hasPaymentTraces: true,
    failureCode: state === 'closed' ? 'refund_failed' : null,
  };
}
