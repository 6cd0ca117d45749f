import { useEffect } from 'preact/hooks';
import type { PaymentState } from '../../client/payment-client.js';
import type { ShopOrder } from '../../shop/shop-contract.js';
import { CheckingNotice } from './checking-notice.js';
import { HostedPayment } from './hosted-payment.js';
import { OrderSummary } from './order-summary.js';
import { isPaidStatus, WAY_WORDS } from './order-words.js';
import { PaymentOutcome } from './payment-outcome.js';
import { Receipt } from './receipt.js';
import { StatusBadge } from './status-badge.js';
import { TerminalPayment } from './terminal-payment.js';
import { TillPayment } from './till-payment.js';
import { type Payment, usePayment } from './use-payment.js';

interface KnownOrderProps {
  readonly order: ShopOrder;
  readonly verifyToken: string;
  /** The payer has come back from the payment page. */
  readonly isReturn: boolean;
  /** The shop's record of the order is to be read again. */
  readonly onChanged: () => void;
  /** What is known of the payment has changed. */
  readonly onState: (kind: PaymentState['kind']) => void;
  /** The order is to be sent again, because its payment address is still lacking. */
  readonly onSendAgain: () => void;
}

/** An order of which the payment service knows: its receipt, or the way it is paid. */
export function KnownOrder({ verifyToken, ...props }: KnownOrderProps) {
  const { order, onChanged, onState } = props;
  const payment = usePayment(order.merchantOrderNo, verifyToken);
  const { client, state } = payment;
  const isPending = order.status === 'pending';
  const isPaid = isPaidStatus(order.status);
  useEffect(() => {
    // The words for an order that has an end come from the service, too; who was paying has yet to hear them.
    const isToBeTold = !isPending && (!isPaid || props.isReturn);
    if (isToBeTold && client.state.kind === 'idle') void client.checkNow();
  }, [client, isPending, isPaid, props.isReturn]);
  useEffect(() => {
    if (state.kind === 'paid' && !isPaid) onChanged();
  }, [state.kind, isPaid, onChanged]);
  useEffect(() => onState(state.kind), [state.kind, onState]);
  if (isPaid) {
    return (
      <>
        <p class="lead">Thank you. We are preparing your order.</p>
        <Receipt order={order} />
      </>
    );
  }
  return (
    <>
      <p class="order-line">
        <span class="number">{order.merchantOrderNo}</span> <StatusBadge status={order.status} />
      </p>
      <div class="columns">
        <article class="pay" tabIndex={-1}>
          <PaymentOfOrder {...props} payment={payment} />
        </article>
        <article>
          <OrderSummary {...order} />
          <p class="soft">You chose: {WAY_WORDS[order.way]}</p>
        </article>
      </div>
    </>
  );
}

/** The way to pay that the customer chose; for an order that nobody can pay now, only how it stands. */
function PaymentOfOrder({
  order,
  payment,
  isReturn,
  onChanged,
  onSendAgain,
}: Omit<KnownOrderProps, 'verifyToken' | 'onState'> & { readonly payment: Payment }) {
  if (order.status !== 'pending') {
    return (
      <>
        <CheckingNotice state={payment.state} />
        <PaymentOutcome payment={payment} onPayAgain={onChanged} />
      </>
    );
  }
  switch (order.way) {
    case 'hosted':
      return (
        <HostedPayment
          order={order}
          payment={payment}
          isReturn={isReturn}
          onSendAgain={onSendAgain}
        />
      );
    case 'cloud':
      return <TerminalPayment order={order} payment={payment} />;
    case 'pos':
      return <TillPayment order={order} payment={payment} />;
  }
}
