/** Takes the place of src/domain/refund-decisions.ts in the bundle. */
import * as real from '../../domain/refund-decisions.js';
import { isActive } from './active-mutation.js';

export {
  isMismatch,
  isRefundRecorded,
  REFUND_STUCK_ROUNDS,
  type RefundDecision,
} from '../../domain/refund-decisions.js';

export const decideRefund: typeof real.decideRefund = (order, evidence, context) => {
  const decision = real.decideRefund(order, evidence, context);
  const isDoubtful = evidence.result.answer === 'unknown';
  return isActive('refund_told_on_doubt') && isDoubtful
    ? { ...decision, submitsAgain: true }
    : decision;
};
