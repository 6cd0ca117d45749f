import { useState } from 'preact/hooks';
import type { PaymentState } from '../../client/payment-client.js';
import type { Payment } from './use-payment.js';

/** Ends that asking again does not change. */
const SETTLED_REASONS: readonly string[] = ['closed', 'refunded'];

interface OutcomeProps {
  readonly payment: Payment;
  /** The page is that of the orders already. */
  readonly isInOrders?: boolean;
  /** The payment was asked for again. @param paymentUrl where to send the payer, `null` where there is no page */
  readonly onPayAgain: (paymentUrl: string | null) => void;
}

/**
 * How a payment came out, when it is not paid. Only the state `pay_again` offers a payment; all others warn against
 * one and lead to the orders.
 * Source: CodePay guide, 3.1 to 3.3.
 */
export function PaymentOutcome({ payment, isInOrders = false, onPayAgain }: OutcomeProps) {
  const { client, state } = payment;
  if (state.kind === 'pay_again') {
    return <PayAgain payment={payment} isInOrders={isInOrders} onPayAgain={onPayAgain} />;
  }
  if (state.kind !== 'do_not_pay_again') return null;
  return (
    <div class="notice notice-warning">
      <h2>{outcomeTitle(state.reason)}</h2>
      <p>{state.message}</p>
      <div class="actions">
        {!isInOrders && (
          <a class="button" href="/demo/orders">
            Go to your orders
          </a>
        )}
        {!SETTLED_REASONS.includes(state.reason) && (
          <button type="button" class="secondary outline" onClick={() => void client.checkNow()}>
            Check again
          </button>
        )}
      </div>
    </div>
  );
}

/** The one place of the shop that offers to pay an order again. */
function PayAgain({ payment: { client, state }, isInOrders, onPayAgain }: OutcomeProps) {
  const [isBusy, setIsBusy] = useState(false);
  const payAgain = async () => {
    if (isBusy) return;
    setIsBusy(true);
    try {
      onPayAgain((await client.payAgain()).paymentUrl);
    } catch {
      // Not allowed any more, or not known whether it was taken: the service says what to do.
      await client.checkNow();
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div class="notice notice-plain">
      <h2>This payment was not completed</h2>
      <p>{state.message}</p>
      <div class="actions">
        <button type="button" aria-busy={isBusy} onClick={payAgain}>
          Pay for this order again
        </button>
        {!isInOrders && <a href="/demo/orders">Your orders</a>}
      </div>
    </div>
  );
}

function outcomeTitle(
  reason: Extract<PaymentState, { kind: 'do_not_pay_again' }>['reason'],
): string {
  switch (reason) {
    case 'closed':
      return 'This order is closed';
    case 'refunded':
      return 'This payment was refunded';
    case 'in_review':
      return 'We are looking into this payment';
    default:
      return 'Please do not pay again';
  }
}
