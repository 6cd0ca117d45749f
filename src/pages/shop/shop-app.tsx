import { useEffect, useState } from 'preact/hooks';
import { LocationProvider, Route, Router } from 'preact-iso';
import type { ShopAnswer } from '../../shop/shop-contract.js';
import { KeptFocus } from '../shared/kept-focus.js';
import { Announcer } from './announcer.js';
import { cartCount, useCart } from './cart.js';
import { CataloguePage } from './catalogue-page.js';
import { CheckoutPage } from './checkout-page.js';
import { OrderPage } from './order-page.js';
import { OrdersPage } from './orders-page.js';
import { PageHeading } from './page-heading.js';
import { loadShop, messageOf } from './shop-api.js';
import { ShopContext } from './shop-context.js';

export function ShopApp() {
  return (
    <LocationProvider scope="/demo">
      <Announcer>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <ShopHeader />
        <KeptFocus id="content" class="container">
          <ShopPages />
        </KeptFocus>
        <footer class="container shop-footer soft">
          A demo shop. Payments are simulated; no money moves.
        </footer>
      </Announcer>
    </LocationProvider>
  );
}

function ShopHeader() {
  const count = cartCount(useCart());
  return (
    <header class="container shop-header">
      <a class="shop-name" href="/demo">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <title>Coffee bar</title>
          <path d="M6 12h17v7a8 8 0 0 1-8 8h-1a8 8 0 0 1-8-8zM23 14h2a3.500 3.500 0 0 1 0 7h-2" />
          <path d="M11 8c-2-3 2-3 0-6M17 8c-2-3 2-3 0-6" />
        </svg>
        Coffee bar
      </a>
      <nav aria-label="Shop">
        <ul>
          <li>
            <a href="/demo/orders">Your orders</a>
          </li>
          <li>
            <a href="/demo/checkout">
              Cart<span class="visually-hidden">, items:</span>{' '}
              <span class="cart-count">{count}</span>
            </a>
          </li>
        </ul>
      </nav>
    </header>
  );
}

function ShopPages() {
  const [shop, setShop] = useState<ShopAnswer | { readonly failure: string } | null>(null);
  const load = () => {
    loadShop().then(setShop, (error: unknown) => setShop({ failure: messageOf(error) }));
  };
  useEffect(load, []);
  if (shop === null) return <p class="soft">The shop is opening.</p>;
  if ('failure' in shop) {
    return (
      <>
        <PageHeading title="The shop cannot be shown now" />
        <p>{shop.failure}</p>
        <button type="button" onClick={load}>
          Try again
        </button>
      </>
    );
  }
  return (
    <ShopContext.Provider value={shop}>
      <Router>
        <Route path="/demo" component={CataloguePage} />
        <Route path="/demo/checkout" component={CheckoutPage} />
        <Route path="/demo/orders" component={OrdersPage} />
        <Route path="/demo/orders/:merchantOrderNo" component={OrderPage} />
        <Route path="/demo/orders/:merchantOrderNo/return" component={OrderPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </ShopContext.Provider>
  );
}

function NotFoundPage() {
  return (
    <>
      <PageHeading title="There is nothing here" />
      <a class="button" href="/demo">
        To the shop
      </a>
    </>
  );
}
