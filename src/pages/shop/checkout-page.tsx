/** From the cart to an order: how to pay, once. */

import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type {
  Goods,
  OrderLine,
  PaymentWay,
  PlaceOrderBody,
  ShopOrder,
} from '../../shop/shop-contract.js';
import { type Cart, cartTotal, finishCart, useCart } from './cart.js';
import { type CheckoutChoice, CheckoutWays } from './checkout-ways.js';
import { OrderSummary } from './order-summary.js';
import { moneyText } from './order-words.js';
import { PageHeading } from './page-heading.js';
import { ScenarioPanel } from './scenario-panel.js';
import { messageOf, placeOrder } from './shop-api.js';
import { useShop } from './shop-context.js';

const FIRST_CHOICE: CheckoutChoice = {
  way: 'hosted',
  terminalSn: null,
  opensNewTab: false,
};

export function CheckoutPage() {
  const { goods, currency, terminals } = useShop();
  const cart = useCart();
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [scenario, setScenario] = useState('');
  const { isBusy, failure, order } = usePlacing();
  const amountMinor = cartTotal(cart, goods);
  if (cart.lines.length === 0 && !isBusy) return <EmptyCart />;
  const submit = () => {
    const terminalSn = choice.terminalSn ?? terminals[0];
    void order(cart, amountMinor, {
      ...wayOf(choice.way, terminalSn, choice.opensNewTab),
      ...(scenario === '' ? {} : { scenario }),
    });
  };
  return (
    <>
      <PageHeading title="Checkout" />
      <form
        class="columns"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <article>
          <CheckoutWays choice={choice} terminals={terminals} onChoose={setChoice} />
          <ScenarioPanel chosen={scenario} onChoose={setScenario} />
        </article>
        <article class="checkout-summary">
          <h2>Your order</h2>
          <OrderSummary
            lines={orderLines(cart, goods)}
            amountMinor={amountMinor}
            currency={currency}
          />
          {failure !== null && (
            <p class="failure" role="alert">
              {failure}
            </p>
          )}
          <button type="submit" aria-busy={isBusy}>
            Order and pay {moneyText(amountMinor, currency)}
          </button>
          <a href="/demo">Change the order</a>
        </article>
      </form>
    </>
  );
}

/** As the order will show them. */
function orderLines(cart: Cart, goods: readonly Goods[]): readonly OrderLine[] {
  return cart.lines.map(({ goodsId, quantity }) => {
    const one = goods.find(({ id }) => id === goodsId);
    const amountMinor = (one?.priceMinor ?? 0) * quantity;
    return { goodsId, name: one?.name ?? goodsId, quantity, amountMinor };
  });
}

type WayFields = Pick<PlaceOrderBody, 'way' | 'terminalSn' | 'opensNewTab'>;

function wayOf(way: PaymentWay, terminalSn: string | undefined, opensNewTab: boolean): WayFields {
  return way === 'hosted' ? { way, opensNewTab } : { way, terminalSn };
}

/** Places the order of the cart. A second click while the first one runs does nothing; a failed try may be repeated. */
function usePlacing() {
  const { route } = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const isPlacing = useRef(false);
  const order = async (
    { cartId, lines }: Cart,
    amountMinor: number,
    choice: Omit<PlaceOrderBody, 'cartId' | 'lines'>,
  ) => {
    if (isPlacing.current) return;
    isPlacing.current = true;
    setIsBusy(true);
    setFailure(null);
    try {
      const placed = await placeOrder({ cartId, lines, ...choice });
      finishCart(cartId);
      const isAsShown = placed.amountMinor === amountMinor && placed.way === choice.way;
      go(placed, isAsShown && choice.opensNewTab !== true, route);
    } catch (error) {
      isPlacing.current = false;
      setIsBusy(false);
      setFailure(messageOf(error));
    }
  };
  return { isBusy, failure, order };
}

/**
 * The order's page takes the place of the checkout in the history, so that "back" on the payment page leads to it. An
 * order that is another than the one on the screen, because a first try had got through, is shown before it is paid.
 */
function go(
  { merchantOrderNo, status, paymentUrl }: ShopOrder,
  mayRedirect: boolean,
  route: (url: string, replace?: boolean) => void,
): void {
  const orderUrl = `/demo/orders/${encodeURIComponent(merchantOrderNo)}`;
  if (mayRedirect && status === 'pending' && paymentUrl !== null) {
    history.replaceState(null, '', orderUrl);
    location.assign(paymentUrl);
  } else {
    route(orderUrl, true);
  }
}

function EmptyCart() {
  return (
    <>
      <PageHeading title="Checkout" />
      <p>Your cart is empty. If you have just ordered, your order is in your orders.</p>
      <div class="actions">
        <a class="button" href="/demo/orders">
          Your orders
        </a>
        <a href="/demo">Back to the shop</a>
      </div>
    </>
  );
}
