/** From the cart to one order, however the customer clicks; and without a mouse. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ShopOrdersAnswer } from '../../src/shop/shop-contract.js';
import { describeInBrowser } from '../support/browser.js';
import {
  fillCheckout,
  type ShopStage,
  seeHeading,
  shownOrderNo,
  startShopStage,
  submitOrder,
} from './shop-stage.js';

describeInBrowser('ordering', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  const ordersOf = async (page: Page) => {
    const answer = await page.request.get('/demo/api/orders');
    return ((await answer.json()) as ShopOrdersAnswer).data;
  };

  it('when the button is clicked twice, then there is one order', async () => {
    const { page, errors, close } = await stage.visit();
    await fillCheckout(page, 'Terminal at the counter');
    await page.getByRole('button', { name: /Order and pay/ }).dblclick();
    await seeHeading(page, 'Pay at the terminal');
    expect(await ordersOf(page)).toHaveLength(1);
    expect(errors).toEqual([]);
    await close();
  });

  it('when two tabs send the same cart, then both are at the one order', async () => {
    const { page, close } = await stage.visit();
    await fillCheckout(page, 'Terminal at the counter');
    const other = await page.context().newPage();
    await other.goto('/demo/checkout');
    await other.getByRole('radio', { name: 'Till with its own terminal' }).check();
    await atTheSameTime(page.context(), 2);
    await Promise.all([submitOrder(page), submitOrder(other)]);
    await page.waitForURL(/\/demo\/orders\//);
    await other.waitForURL(/\/demo\/orders\//);
    expect(shownOrderNo(other)).toBe(shownOrderNo(page));
    expect(await ordersOf(page)).toHaveLength(1);
    await close();
  });

  it('when an order is placed, then the cart is empty everywhere, and going back orders nothing', async () => {
    const { page, close } = await stage.visit();
    await fillCheckout(page, 'Terminal at the counter');
    const other = await page.context().newPage();
    await other.goto('/demo/checkout');
    await seeHeading(other, 'Checkout');
    await submitOrder(page);
    await seeHeading(page, 'Pay at the terminal');
    await other.getByText('Your cart is empty.').waitFor();
    await page.goBack();
    await seeHeading(page, 'What would you like?');
    await page.getByText('Your cart is empty.').waitFor();
    expect(await ordersOf(page)).toHaveLength(1);
    await close();
  });

  it('when the shop is not reached at first, then trying again makes the one order', async () => {
    const { page, close } = await stage.visit();
    await fillCheckout(page, 'Terminal at the counter');
    // The order gets through, its answer does not.
    await page.route('**/demo/api/orders', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await submitOrder(page);
    await page.getByRole('alert').waitFor();
    await page.unroute('**/demo/api/orders');
    await submitOrder(page);
    await seeHeading(page, 'Pay at the terminal');
    expect(await ordersOf(page)).toHaveLength(1);
    await close();
  });

  it('when there is only a keyboard, then an order is placed with it and the focus is on each new heading', async () => {
    const { page, errors, close } = await stage.visit();
    await page.getByRole('button', { name: 'Add Espresso' }).waitFor();
    await tabTo(page, 'Add Espresso');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Go to checkout');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Checkout');
    expect(await focused(page)).toContain('Checkout');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Order and pay');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Pay at the terminal');
    expect(await focused(page)).toMatch(/Pay at the terminal|Your order/);
    await tabTo(page, 'Present a card');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });

  it('when somebody opens an order that is not theirs, then there is none', async () => {
    const owner = await stage.visit();
    await fillCheckout(owner.page, 'Terminal at the counter');
    await submitOrder(owner.page);
    await seeHeading(owner.page, 'Pay at the terminal');
    const stranger = await stage.visit(`/demo/orders/${shownOrderNo(owner.page)}`);
    await seeHeading(stranger.page, 'No such order');
    await owner.close();
    await stranger.close();
  });
});

/** Lets nobody's order through before all have sent theirs. */
async function atTheSameTime(context: BrowserContext, count: number): Promise<void> {
  let arrived = 0;
  let release = () => {};
  const all = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route('**/demo/api/orders', async (route) => {
    arrived += 1;
    if (arrived === count) release();
    await all;
    await route.continue();
  });
}

const TABS_MAX = 40;

/** Presses Tab until something of this name has the focus, which must be visible there. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(name)) {
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement ?? document.body);
        return `${style.outlineStyle} ${style.boxShadow}`;
      });
      expect(outline).not.toBe('none none');
      return;
    }
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const { activeElement } = document;
    return `${activeElement?.getAttribute('aria-label') ?? ''} ${activeElement?.textContent ?? ''}`;
  });
}
