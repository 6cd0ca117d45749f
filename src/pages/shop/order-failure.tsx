import type { ShopOrder } from '../../shop/shop-contract.js';
import { OrderSummary } from './order-summary.js';

export interface OrderLoadFailure {
  readonly failure: string;
  /** There is no such order, so that asking again is of no use. */
  readonly isUnknown: boolean;
}

/** The order cannot be shown. */
export function OrderFailure({
  failure,
  isUnknown,
  onAgain,
}: OrderLoadFailure & { readonly onAgain: () => void }) {
  return (
    <>
      <p>{failure}</p>
      <div class="actions">
        {!isUnknown && (
          <button type="button" onClick={onAgain}>
            Try again
          </button>
        )}
        <a href="/demo/orders">Your orders</a>
      </div>
    </>
  );
}

/** It can be sent again under its number: nobody can have paid what the service has never heard of. */
export function OrderNotPlaced({
  order,
  onSend,
}: {
  readonly order: ShopOrder;
  readonly onSend: () => void;
}) {
  return (
    <>
      <p>
        The payment service could not be reached when you ordered. Sending it again means the same
        order, <span class="number">{order.merchantOrderNo}</span>.
      </p>
      <div class="actions">
        <button type="button" onClick={onSend}>
          Send the order
        </button>
        <a href="/demo/orders">Your orders</a>
      </div>
      <article>
        <OrderSummary {...order} />
      </article>
    </>
  );
}
