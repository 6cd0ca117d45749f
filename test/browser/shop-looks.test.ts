/** Every page of the shop, on a phone and on a desk, in light and in dark: accessible, nothing wider than the screen. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DESKTOP, describeInBrowser, PHONE, seriousFindings } from '../support/browser.js';
import {
  fillCheckout,
  type ShopStage,
  seeHeading,
  startShopStage,
  submitOrder,
} from './shop-stage.js';

describeInBrowser('the pages of the shop', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  it.each([
    ['phone', PHONE, 'light'],
    ['phone', PHONE, 'dark'],
    ['desk', DESKTOP, 'light'],
    ['desk', DESKTOP, 'dark'],
  ] as const)(
    'when they are seen on a %s (%o, %s), then each is accessible and fits',
    async (_where, viewport, colorScheme) => {
      const { page, errors, close } = await stage.visit('/demo', {
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
      });
      await page.getByRole('button', { name: 'Add House beans' }).click();
      await fits(page, 'catalogue');
      await fillCheckout(page, 'Payment page', { scenario: 'never_paid' });
      await fits(page, 'checkout');
      await submitOrder(page);
      await seeHeading(page, 'Payment');
      await page.goBack();
      await seeHeading(page, 'Pay on the payment page');
      await fits(page, 'before the payment page');
      await page.goto(`${page.url()}/return`);
      await page.getByText('We are checking your payment').first().waitFor();
      await fits(page, 'after the payment page');
      await page.getByRole('button', { name: 'Payment completed' }).click();
      await page.getByRole('heading', { name: 'Please do not pay again' }).waitFor();
      await fits(page, 'not confirmed');

      await order(page, 'Terminal at the counter');
      await page.getByRole('progressbar').waitFor();
      await fits(page, 'terminal');
      await page.getByRole('button', { name: 'Press cancel' }).click();
      await page.getByRole('button', { name: 'Pay for this order again' }).waitFor();
      await fits(page, 'pay again');

      await order(page, 'Till with its own terminal');
      await seeHeading(page, 'Pay at the till');
      await fits(page, 'till');
      await page.getByRole('button', { name: 'Start the sale' }).click();
      await seeHeading(page, 'Payment received');
      await fits(page, 'receipt');

      await page.goto('/demo/orders');
      await page.getByText('Paid', { exact: true }).waitFor();
      await fits(page, 'orders');
      await page.goto('/demo/nothing/here');
      await seeHeading(page, 'There is nothing here');
      await fits(page, 'not found');
      expect(errors).toEqual([]);
      await close();
    },
  );
});

async function order(
  page: Page,
  way: 'Terminal at the counter' | 'Till with its own terminal',
): Promise<void> {
  await page.goto('/demo');
  await fillCheckout(page, way);
  await submitOrder(page);
}

async function fits(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect({ page: name, overflow, findings: await seriousFindings(page) }).toEqual({
    page: name,
    overflow: 0,
    findings: [],
  });
}
