/** The till with a terminal of its own: whatever the terminal says, the service decides. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { QUESTIONS_A_MINUTE, stopPageTime } from './page-time.js';
import {
  fillCheckout,
  NO_SECOND_PAYMENT,
  type ShopStage,
  seeHeading,
  shownOrderNo,
  startShopStage,
  submitOrder,
} from './shop-stage.js';

describeInBrowser('paying at a till with its own terminal', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  const order = async () => {
    const visited = await stage.visit();
    await fillCheckout(visited.page, 'Till with its own terminal');
    await submitOrder(visited.page);
    await seeHeading(visited.page, 'Pay at the till');
    return visited;
  };

  const sell = async (page: Page, payer: string, report: string) => {
    await page.getByLabel('The customer').selectOption(payer);
    await page.getByLabel('The terminal tells the till').selectOption(report);
    await page.getByRole('button', { name: 'Start the sale' }).click();
  };

  it.each(['as_it_was', 'error', 'timeout', 'garbage', 'no_answer', 'canceled'])(
    'when the payer has paid and the terminal says %s, then the order is paid',
    async (report) => {
      const { page, errors, close } = await order();
      await sell(page, 'pays', report);
      await seeHeading(page, 'Payment received');
      expect(errors).toEqual([]);
      await close();
    },
  );

  it.each([
    ['cancels', 'as_it_was'],
    ['is_declined', 'as_it_was'],
    ['is_declined', 'success'],
  ])(
    'when the payer %s and the terminal says %s, then the service has made sure that paying again is safe',
    async (payer, report) => {
      const { page, errors, close } = await order();
      const merchantOrderNo = shownOrderNo(page);
      await sell(page, payer, report);
      await page.getByRole('button', { name: 'Pay for this order again' }).click();
      await sell(page, 'pays', 'as_it_was');
      await seeHeading(page, 'Payment received');
      expect(shownOrderNo(page)).toBe(merchantOrderNo);
      expect(errors).toEqual([]);
      await close();
    },
  );

  it('when the terminal says success and nobody has paid, then the page never says paid and warns in the end', async () => {
    const { page, errors, close } = await order();
    const time = await stopPageTime(page);
    await sell(page, 'nothing', 'success');
    const warning = page.getByRole('heading', { name: 'Please do not pay again' });
    for (let answers = 0; answers < QUESTIONS_A_MINUTE; answers += 1) {
      await page.locator('p.checking').waitFor();
      expect(await warning.count()).toBe(0);
      expect(await time.nextAnswer()).toMatchObject({ paid: false });
    }
    await warning.waitFor();
    await time.goOn();
    expect(await page.getByRole('article').first().textContent()).toMatch(NO_SECOND_PAYMENT);
    expect(await page.getByRole('button', { name: 'Start the sale' }).count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  it('when the page is reloaded after a sale was started, then it asks and offers no second sale', async () => {
    const { page, errors, close } = await order();
    await sell(page, 'nothing', 'timeout');
    await page.getByText('The terminal said').waitFor();
    await page.reload();
    await page.getByText('A sale was started for this order.').waitFor();
    expect(await page.getByRole('button', { name: 'Start the sale' }).count()).toBe(0);
    await stage.service.demo.control(`/orders/${shownOrderNo(page)}/pay`);
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });
});
