/** One order at its one address, whatever its state: to be paid, being checked, paid, or not to be paid again. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { PaymentState } from '../../client/payment-client.js';
import type { ShopOrder } from '../../shop/shop-contract.js';
import { KnownOrder } from './known-order.js';
import { OrderFailure, type OrderLoadFailure, OrderNotPlaced } from './order-failure.js';
import { isPaidStatus } from './order-words.js';
import { PageHeading } from './page-heading.js';
import { loadOrder, messageOf, placeOrderAgain, ShopRequestError } from './shop-api.js';

type Loaded = ShopOrder | 'loading' | OrderLoadFailure;

/** The page says how the payment came out. */
const OUTCOMES: readonly PaymentState['kind'][] = ['pay_again', 'do_not_pay_again'];

const SERVICE_AWAY: OrderLoadFailure = {
  failure:
    'The payment service does not answer. Your order is kept; please do not pay or order again.',
  isUnknown: false,
};

/** The shop's record of an order, and the two ways to bring it up to date. */
function useShopOrder(merchantOrderNo: string) {
  const [order, setOrder] = useState<Loaded>('loading');
  const load = useCallback(
    (ask: (merchantOrderNo: string) => Promise<ShopOrder>) => {
      ask(merchantOrderNo).then(
        (loaded) => setOrder(withFailure(loaded)),
        (error: unknown) => {
          const isUnknown = error instanceof ShopRequestError && error.status === 404;
          setOrder({ failure: messageOf(error), isUnknown });
        },
      );
    },
    [merchantOrderNo],
  );
  const reload = useCallback(() => load(loadOrder), [load]);
  const sendAgain = useCallback(() => load(placeOrderAgain), [load]);
  useEffect(() => {
    setOrder('loading');
    reload();
  }, [reload]);
  return { order, reload, sendAgain };
}

export function OrderPage() {
  const { params, path } = useRoute();
  const isReturn = path.endsWith('/return');
  const { order, reload, sendAgain } = useShopOrder(params.merchantOrderNo ?? '');
  const [paymentKind, setPaymentKind] = useState<PaymentState['kind']>('idle');
  return (
    <>
      <PageHeading title={titleOf(order, isReturn, paymentKind)} />
      {order === 'loading' && (
        <p class="checking">
          <span class="checking-mark" aria-hidden="true" />
          Loading your order
        </p>
      )}
      {isFailure(order) && <OrderFailure {...order} onAgain={reload} />}
      {isOrder(order) && order.status === 'not_placed' && (
        <OrderNotPlaced order={order} onSend={sendAgain} />
      )}
      {isOrder(order) && order.status !== 'not_placed' && order.verifyToken !== null && (
        <KnownOrder
          key={order.merchantOrderNo}
          order={order}
          verifyToken={order.verifyToken}
          isReturn={isReturn}
          onChanged={reload}
          onState={setPaymentKind}
          onSendAgain={sendAgain}
        />
      )}
    </>
  );
}

function withFailure(order: ShopOrder): Loaded {
  return order.status === 'unknown' ? SERVICE_AWAY : order;
}

function isFailure(order: Loaded): order is OrderLoadFailure {
  return typeof order === 'object' && 'failure' in order;
}

function isOrder(order: Loaded): order is ShopOrder {
  return typeof order === 'object' && 'merchantOrderNo' in order;
}

function titleOf(order: Loaded, isReturn: boolean, paymentKind: PaymentState['kind']): string {
  if (order === 'loading') return 'Your order';
  if (isFailure(order)) return order.isUnknown ? 'No such order' : 'We cannot show this order now';
  if (isPaidStatus(order.status)) return 'Payment received';
  if (order.status === 'not_placed') return 'Your order has not been sent yet';
  // A heading that says "pay" must not stand over words that say not to.
  if (order.status !== 'pending' || OUTCOMES.includes(paymentKind)) return 'Your order';
  if (isReturn) return 'Did you complete the payment?';
  return {
    hosted: 'Pay on the payment page',
    cloud: 'Pay at the terminal',
    pos: 'Pay at the till',
  }[order.way];
}
