/** The order management page that all messages send people to. */
import { useEffect, useState } from 'preact/hooks';
import type { ShopOrder } from '../../shop/shop-contract.js';
import { OrderRow } from './order-row.js';
import { PageHeading } from './page-heading.js';
import { loadOrders, messageOf } from './shop-api.js';

type Loaded = readonly ShopOrder[] | 'loading' | { readonly failure: string };

export function OrdersPage() {
  const [orders, setOrders] = useState<Loaded>('loading');
  const load = () => {
    loadOrders().then(setOrders, (error: unknown) => setOrders({ failure: messageOf(error) }));
  };
  useEffect(load, []);
  return (
    <>
      <PageHeading title="Your orders" />
      <OrderList orders={orders} onReload={load} />
    </>
  );
}

function OrderList({
  orders,
  onReload,
}: {
  readonly orders: Loaded;
  readonly onReload: () => void;
}) {
  if (orders === 'loading') {
    return (
      <p class="checking">
        <span class="checking-mark" aria-hidden="true" />
        Loading your orders
      </p>
    );
  }
  if ('failure' in orders) {
    return (
      <>
        <p>{orders.failure}</p>
        <button type="button" onClick={onReload}>
          Try again
        </button>
      </>
    );
  }
  if (orders.length === 0) {
    return (
      <>
        <p>You have not ordered anything yet.</p>
        <a class="button" href="/demo">
          To the shop
        </a>
      </>
    );
  }
  return (
    <>
      <p class="lead">
        Not sure whether a payment went through? Check it here. Please do not pay a second time.
      </p>
      <ul class="orders">
        {orders.map((order) => (
          <OrderRow key={order.merchantOrderNo} order={order} onChanged={onReload} />
        ))}
      </ul>
    </>
  );
}
