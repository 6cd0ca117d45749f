import type { ShopOrder } from '../../shop/shop-contract.js';
import { OrderSummary } from './order-summary.js';
import { moneyText, timeText, WAY_WORDS } from './order-words.js';
import { StatusBadge } from './status-badge.js';

/** A paid order. */
export function Receipt({ order }: { readonly order: ShopOrder }) {
  const { currency } = order;
  return (
    <article class="receipt">
      <header>
        <svg class="receipt-mark" viewBox="0 0 48 48" aria-hidden="true">
          <title>Paid</title>
          <circle cx="24" cy="24" r="22" />
          <path d="M14 25l7 7 13-15" />
        </svg>
        <p class="receipt-amount">{moneyText(order.paidAmountMinor, currency)}</p>
        <p>
          <StatusBadge status={order.status} />
        </p>
      </header>
      <OrderSummary {...order} />
      <Facts order={order} />
      <footer class="actions">
        <a class="button" href="/demo">
          Back to the shop
        </a>
        <a href="/demo/orders">Your orders</a>
      </footer>
    </article>
  );
}

function Facts({ order }: { readonly order: ShopOrder }) {
  const { paidAt, refundedAmountMinor, currency } = order;
  // The gateway may have charged more or less than was ordered: a tip, a discount.
  const isOtherAmount = order.paidAmountMinor !== order.amountMinor;
  return (
    <dl class="facts">
      <dt>Order</dt>
      <dd class="number">{order.merchantOrderNo}</dd>
      {paidAt !== null && (
        <>
          <dt>Paid</dt>
          <dd>{timeText(paidAt)}</dd>
        </>
      )}
      <dt>Paid by</dt>
      <dd>{WAY_WORDS[order.way]}</dd>
      {isOtherAmount && (
        <>
          <dt>Charged</dt>
          <dd>{moneyText(order.paidAmountMinor, currency)}</dd>
        </>
      )}
      {refundedAmountMinor > 0 && (
        <>
          <dt>Given back</dt>
          <dd>{moneyText(refundedAmountMinor, currency)}</dd>
        </>
      )}
      {order.gatewayTransNo !== null && (
        <>
          <dt>Payment number</dt>
          <dd class="number">{order.gatewayTransNo}</dd>
        </>
      )}
    </dl>
  );
}
