/** What the gateway answers to a question about an order: mostly the truth of some instant, at times a lie. */
import type { QueryAnswer } from '../../domain/evidence.js';
import type { Faults } from '../kernel/faults.js';
import { answerWord, factsOf, type PaymentTruth } from './payment-truth.js';

const NOT_FOUND_CODE = 'E404';

export function isHonestlyPaid(truth: PaymentTruth | null, atMs: number): boolean {
  return truth?.isPaidAt(atMs) === true;
}

export function answered(
  truth: PaymentTruth | null,
  question: {
    readonly madeAtMs: number;
    readonly place: string;
    readonly faults: Faults;
    readonly evidence: string;
  },
): { readonly answer: QueryAnswer; readonly isLie: boolean } {
  const { madeAtMs, place, faults, evidence } = question;
  const reply = { evidence };
  const notFound: QueryAnswer = { answer: 'not_found', code: NOT_FOUND_CODE, reply };
  if (truth === null) return { answer: notFound, isLie: false };
  const state = truth.at(madeAtMs);
  const word = answerWord(state);
  const facts = factsOf(truth.terms, state);
  if (word !== 'not_found' && faults.strikes('gateway.lie_not_found', place)) {
    return { answer: notFound, isLie: true };
  }
  if (word === 'not_found') return { answer: notFound, isLie: false };
  if (word === 'paid' && faults.strikes('gateway.lie_amount', place)) {
    const wrong = { ...facts, amount: truth.terms.amount + 100 };
    return { answer: { answer: 'paid', facts: wrong, reply }, isLie: true };
  }
  if (word === 'paid' && faults.strikes('gateway.lie_closed', place)) {
    const wrong = { ...facts, state: 'closed' as const, paidAmount: null, hasPaymentTraces: false };
    return { answer: { answer: 'closed', facts: wrong, reply }, isLie: true };
  }
  if (word !== 'paid' && faults.strikes('gateway.lie_paid', place)) {
    const paidAmount = truth.terms.amount;
    const wrong = { ...facts, state: 'paid' as const, paidAmount, refundCapAmount: paidAmount };
    return { answer: { answer: 'paid', facts: wrong, reply }, isLie: true };
  }
  return { answer: { answer: word, facts, reply }, isLie: false };
}
