import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { ShopOrder } from '../../shop/shop-contract.js';
import { CheckingNotice } from './checking-notice.js';
import { isPaidStatus, moneyText, timeText, WAY_WORDS } from './order-words.js';
import { PaymentOutcome } from './payment-outcome.js';
import { StatusBadge } from './status-badge.js';
import { usePayment } from './use-payment.js';

export function OrderRow({
  order,
  onChanged,
}: {
  readonly order: ShopOrder;
  readonly onChanged: () => void;
}) {
  const { merchantOrderNo, lines, amountMinor, currency, status, verifyToken } = order;
  const isUndecided = !isPaidStatus(status) && status !== 'canceled' && status !== 'refunded';
  const orderUrl = orderUrlOf(order);
  return (
    <li class="order-row">
      <div class="order-row-head">
        <a href={orderUrl} class="number">
          {merchantOrderNo}
        </a>
        <StatusBadge status={status} />
      </div>
      <p class="order-row-goods">
        {lines.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}
      </p>
      <p class="order-row-facts soft">
        <strong>{moneyText(amountMinor, currency)}</strong> · {timeText(order.createdAt)} ·{' '}
        {WAY_WORDS[order.way]}
      </p>
      {isPaidStatus(status) && (
        <div class="actions">
          <a href={orderUrl} aria-label={`Receipt of ${merchantOrderNo}`}>
            Receipt
          </a>
        </div>
      )}
      {isUndecided && verifyToken !== null && (
        <UndecidedOrder order={order} verifyToken={verifyToken} onChanged={onChanged} />
      )}
      {isUndecided && verifyToken === null && (
        <div class="actions">
          <a href={orderUrl}>Show the order</a>
        </div>
      )}
    </li>
  );
}

/** Looks when the customer asks, and offers a payment only where the service says that it is safe. */
function UndecidedOrder({
  order,
  verifyToken,
  onChanged,
}: {
  readonly order: ShopOrder;
  readonly verifyToken: string;
  readonly onChanged: () => void;
}) {
  const payment = usePayment(order.merchantOrderNo, verifyToken);
  const { client, state } = payment;
  const { route } = useLocation();
  useEffect(() => {
    if (state.kind === 'paid') onChanged();
  }, [state.kind, onChanged]);
  const isSettled = state.kind === 'pay_again' || state.kind === 'do_not_pay_again';
  return (
    <>
      <CheckingNotice state={state} />
      <PaymentOutcome
        payment={payment}
        isInOrders
        onPayAgain={(paymentUrl) => {
          if (paymentUrl !== null && !order.opensNewTab) location.assign(paymentUrl);
          else route(orderUrlOf(order));
        }}
      />
      {!isSettled && (
        <div class="actions">
          <button
            type="button"
            class="secondary outline"
            aria-label={`Check again: ${order.merchantOrderNo}`}
            aria-busy={state.kind === 'checking'}
            onClick={() => void client.checkNow()}
          >
            Check again
          </button>
        </div>
      )}
    </>
  );
}

function orderUrlOf({ merchantOrderNo }: ShopOrder): string {
  return `/demo/orders/${encodeURIComponent(merchantOrderNo)}`;
}
