import type { PaymentFacts } from '../domain/evidence.js';

/**
 * The amount, in minor units, that all refunds of a payment together may not exceed: the one place that says which.
 * CodePay caps them by "the original amount" without saying whether that is the transaction's amount or what was
 * paid after discounts. The smaller of the two never gives back more than the payer gave; what was ordered is
 * the cap only when neither is known. Source: CodePay Open API, 3.3, order.refund.submit.
 */
export function refundCapMinor(
  facts: Pick<PaymentFacts, 'amount' | 'transactionAmount' | 'paidAmount'>,
): number {
  const known = [facts.paidAmount, facts.transactionAmount].filter((amount) => amount !== null);
  return known.length > 0 ? Math.min(...known) : (facts.amount ?? 0);
}
