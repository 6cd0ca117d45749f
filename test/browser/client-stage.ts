/** A merchant's own page on an origin of its own, which loads the client from the real API, in a real browser. */
import { createServer, type Server } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePort } from '../../src/chaos/addresses.js';
import type { PaymentClient, PaymentState } from '../../src/client/payment-client.js';
import { openBrowser } from '../support/browser.js';
import { uniqueOrderNo } from '../support/order-builder.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

/** What the page's script leaves for the test. */
export interface MerchantsPage {
  readonly client: PaymentClient;
  readonly states: readonly PaymentState[];
}

export interface PayersOrder {
  readonly merchantOrderNo: string;
  readonly verifyToken: string;
}

export interface ClientStage {
  readonly service: ServiceUnderTest;
  readonly browser: Browser;
  /** Listed in `CORS_ORIGINS`. */
  readonly shopOrigin: string;
  /** Not listed. */
  readonly otherOrigin: string;
  /** An order that the simulated gateway plays a scenario with. */
  createOrder(scenario: string, choices?: Readonly<Record<string, number>>): Promise<PayersOrder>;
  close(): Promise<void>;
}

export async function startClientStage(): Promise<ClientStage> {
  const ports = [await freePort(), await freePort()] as const;
  const [shopOrigin, otherOrigin] = ports.map((port) => `http://localhost:${port}`) as [
    string,
    string,
  ];
  const service = await startService({ environment: { CORS_ORIGINS: shopOrigin } });
  const servers = await Promise.all(
    ports.map(async (port) => await servePage(port, service.apiUrl)),
  );
  const browser = await openBrowser();
  return {
    service,
    browser,
    shopOrigin,
    otherOrigin,
    createOrder: async (scenario, choices = {}) => {
      const merchantOrderNo = uniqueOrderNo();
      await service.demo.control(`/orders/${merchantOrderNo}/scenario`, { scenario, ...choices });
      const order: object = await service.demo.createOrder({
        merchantOrderNo,
        channel: 'hosted',
        amount: 1_050,
        currency: 'USD',
      });
      if (!('verifyToken' in order)) throw new Error('an order without its token');
      return { merchantOrderNo, verifyToken: String(order.verifyToken) };
    },
    close: async () => {
      await browser.close();
      for (const server of servers) server.close();
      await service.close();
    },
  };
}

/** Opens the page and makes the client of the order; the token comes from the shop's back end, never by the address. */
export async function openMerchantsPage(
  context: BrowserContext,
  { origin, order, baseUrl }: { origin: string; order: PayersOrder; baseUrl: string },
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => 'begin' in globalThis);
  await page.evaluate(
    (options) => (globalThis as unknown as { begin(given: object): void }).begin(options),
    { ...order, baseUrl },
  );
  return page;
}

/** Runs one of the client's calls on the page and waits for its end. */
export async function call(
  page: Page,
  method: 'waitForPayment' | 'checkNow' | 'payAgain',
): Promise<unknown> {
  return await page.evaluate(
    async (name) => await (globalThis as unknown as MerchantsPage).client[name](),
    method,
  );
}

export async function statesOf(page: Page): Promise<readonly PaymentState[]> {
  return await page.evaluate(() => (globalThis as unknown as MerchantsPage).states);
}

async function servePage(port: number, apiUrl: string): Promise<Server> {
  const script = `
    import { createPaymentClient } from '${apiUrl}/client/payment-client.js';
    globalThis.begin = (options) => {
      globalThis.states = [];
      globalThis.client = createPaymentClient(options);
      globalThis.client.subscribe((state) => globalThis.states.push(state));
    };`;
  const html = `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <script type="module" src="/page.js"></script><h1>Shop</h1>`;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : html);
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return server;
}
