/** Takes the place of src/domain/refund-rules.ts in the bundle. */
import * as real from '../../domain/refund-rules.js';
import { isActive } from './active-mutation.js';

export {
  findRefund,
  LATE_PAYMENT_POLICY,
  nextRefundCheck,
  type RefundRefusal,
  refundableAmount,
} from '../../domain/refund-rules.js';

export const refundRefusal: typeof real.refundRefusal = (order, request) => {
  const refusal = real.refundRefusal(order, request);
  return isActive('refund_cap_ignored') && refusal === 'exceeds_paid' ? null : refusal;
};
