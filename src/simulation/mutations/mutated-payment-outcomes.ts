/** Takes the place of src/domain/payment-outcomes.ts in the bundle. */
import * as real from '../../domain/payment-outcomes.js';
import { isActive } from './active-mutation.js';

export {
  isPaymentKnown,
  isPaymentRevoked,
  isPaymentSeen,
  isSecondPayment,
  mismatchOutcome,
  paidOutcome,
  refundedByCancelOutcome,
  seenPaymentChanges,
  withSecondPayment,
} from '../../domain/payment-outcomes.js';

export const outcomeOfLateMoney: typeof real.outcomeOfLateMoney = (order, facts, context) =>
  isActive('late_money_ignored') ? {} : real.outcomeOfLateMoney(order, facts, context);
