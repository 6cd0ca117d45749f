import { Route, Router } from 'preact-iso';
import { AnomaliesPage } from './pages/anomalies-page.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { OrderPage } from './pages/order-page.js';
import { OrdersPage } from './pages/orders-page.js';
import { OverviewPage } from './pages/overview-page.js';

/** Which page an address is. */
export function ConsolePages() {
  return (
    <Router>
      <Route path="/console" component={OverviewPage} />
      <Route path="/console/orders" component={OrdersPage} />
      <Route path="/console/orders/:merchantOrderNo" component={OrderPage} />
      <Route path="/console/anomalies" component={AnomaliesPage} />
      <Route default component={NotFoundPage} />
    </Router>
  );
}
