/** The demo shop in a real browser over the real processes, and what its customers do there. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

export interface ShopStage {
  readonly service: ServiceUnderTest;
  readonly browser: Browser;
  /** A page of a new customer. */
  visit(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

export async function startShopStage(): Promise<ShopStage> {
  const service = await startService();
  const browser = await openBrowser();
  return {
    service,
    browser,
    visit: async (path = '/demo', options = {}) => {
      const visited = await openPage(browser, { baseURL: service.apiUrl, ...options });
      await visited.page.goto(path);
      return visited;
    },
    close: async () => {
      await browser.close();
      await service.close();
    },
  };
}

export type WayLabel = 'Payment page' | 'Terminal at the counter' | 'Till with its own terminal';

/** From the catalogue to the checkout with an espresso, the way to pay chosen. */
export async function fillCheckout(
  page: Page,
  way: WayLabel,
  options: { readonly scenario?: string; readonly opensNewTab?: boolean } = {},
): Promise<void> {
  await page.getByRole('button', { name: 'Add Espresso' }).click();
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await page.getByRole('radio', { name: way }).check();
  if (options.opensNewTab === true) await page.getByLabel('opens in a new tab').check();
  if (options.scenario !== undefined) {
    await page.getByText('For developers').click();
    await page.getByLabel('The simulated gateway').selectOption(options.scenario);
  }
}

export async function submitOrder(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Order and pay/ }).click();
}

/** Waits until the page has this heading. */
export async function seeHeading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** What has been announced last. */
export async function announced(page: Page): Promise<string> {
  return (await page.getByRole('status').textContent()) ?? '';
}

/** The number of the order whose page is shown. */
export function shownOrderNo(page: Page): string {
  const match = /\/demo\/orders\/([^/?]+)/.exec(page.url());
  if (match?.[1] === undefined) throw new Error(`no order's page: ${page.url()}`);
  return match[1];
}

/** The words that every message about an undecided payment must hold. */
export const NO_SECOND_PAYMENT = /do not pay again/i;
