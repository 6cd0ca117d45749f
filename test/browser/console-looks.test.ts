/** Every page for everybody: light and dark, phone and desktop, screen reader and keyboard. */
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DESKTOP, describeInBrowser, PHONE, seriousFindings } from '../support/browser.js';
import {
  type ConsoleStage,
  createPaidOrder,
  createReviewOrder,
  orderAddress,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

describeInBrowser('the look of the console', () => {
  let stage: ConsoleStage;
  let paidNo: string;
  let reviewNo: string;
  let session: BrowserContextOptions;

  beforeAll(async () => {
    stage = await startConsoleStage();
    paidNo = await createPaidOrder(stage);
    reviewNo = await createReviewOrder(stage);
    const { page, close } = await stage.enter();
    session = { storageState: await page.context().storageState() };
    await close();
  });
  afterAll(async () => await stage?.close());

  /** A page of a browser of its own, as an operator who has logged in before: logging in takes longer than looking. */
  const look = async (path: string, options: BrowserContextOptions) => {
    const visited = await stage.visit(path, { ...session, ...options });
    await visited.page.getByRole('navigation', { name: 'Console' }).waitFor();
    return visited;
  };

  const pages = [
    ['the overview', () => '/console', '.charts'],
    ['the orders', () => '/console/orders', 'table.cards'],
    ['the anomalies', () => '/console/anomalies', '.anomaly'],
    ['a paid order', () => orderAddress(paidNo), '.timeline'],
    ['an order in review', () => orderAddress(reviewNo), '.timeline'],
    ['no page', () => '/console/nothing/here', 'h1'],
  ] as const;

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(pages)(
      `when %s is shown ${colorScheme}, then axe finds nothing serious and nothing overflows`,
      async (_name, address, ready) => {
        for (const viewport of [PHONE, DESKTOP]) {
          const { page, errors, close } = await look(address(), { colorScheme, viewport });
          await page.locator(ready).first().waitFor();
          expect(await seriousFindings(page)).toEqual([]);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(width).toBeLessThanOrEqual(viewport.width);
          expect(unexpected(errors)).toEqual([]);
          await close();
        }
      },
    );

    it(`when login and dialog are shown ${colorScheme}, then axe finds nothing serious`, async () => {
      const visited = await stage.visit('/console', { colorScheme, viewport: PHONE });
      await visited.page.getByLabel('Ops token').waitFor();
      expect(await seriousFindings(visited.page)).toEqual([]);
      await visited.close();
      const { page, close } = await look(orderAddress(reviewNo), { colorScheme });
      await page.getByRole('button', { name: 'Resolve review' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await close();
    });
  }

  it('when the theme is switched, then it stays switched after a reload', async () => {
    const { page, close } = await stage.enter('/console', { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    const background = async () =>
      await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    await page.reload();
    await page.getByRole('button', { name: 'Switch to light colours' }).waitFor();
    expect(await background()).toBe(dark);
    await close();
  });

  it('when only the keyboard is used, then the skip link is first and navigation focuses the heading', async () => {
    const { page, close } = await stage.enter();
    await page.locator('.verdict').waitFor();
    await page.reload();
    await page.locator('.verdict').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'Skip to the content',
    );
    await page.getByRole('link', { name: 'Orders', exact: true }).press('Enter');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Orders');
    await close();
  });
});
