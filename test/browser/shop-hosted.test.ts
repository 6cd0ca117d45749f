/** The payment page of the gateway: before it, after it, and beside it in another tab. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import {
  announced,
  fillCheckout,
  NO_SECOND_PAYMENT,
  type ShopStage,
  seeHeading,
  shownOrderNo,
  startShopStage,
  submitOrder,
} from './shop-stage.js';

describeInBrowser('paying on the payment page', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  const toPaymentPage = async () => {
    const visited = await stage.visit();
    await fillCheckout(visited.page, 'Payment page');
    await submitOrder(visited.page);
    await seeHeading(visited.page, 'Payment');
    return visited;
  };

  it('when the payer pays and comes back, then the receipt is shown and announced once', async () => {
    const { page, errors, close } = await toPaymentPage();
    await page.getByRole('button', { name: /^Pay [0-9]/ }).click();
    await seeHeading(page, 'Payment received');
    await eventually('the payment is announced', async () => {
      return (await announced(page)) === 'Payment received. Thank you.';
    });
    await page.getByRole('article').getByText('$2.80').first().waitFor();
    await page.reload();
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });

  it('when the payer comes back without paying and says it is completed, then the shop warns against a second payment and leads to the orders', async () => {
    const { page, errors, close } = await toPaymentPage();
    await page.getByRole('button', { name: 'Pay later' }).click();
    await seeHeading(page, 'Did you complete the payment?');
    await page.getByRole('button', { name: 'Payment completed' }).click();
    await page.getByRole('heading', { name: 'Please do not pay again' }).waitFor();
    await seeHeading(page, 'Your order');
    const hasFocus = () =>
      page.evaluate(() => document.activeElement?.matches('article.pay') === true);
    await eventually('the focus is where the button was', hasFocus);
    expect(await page.locator('article.pay').textContent()).toMatch(NO_SECOND_PAYMENT);
    expect(await page.getByRole('button', { name: /pay for this order/i }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go to your orders' }).click();
    await seeHeading(page, 'Your orders');
    await page.getByText('Not confirmed yet').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('when the card is declined, then the payer may pay again under the same number and does', async () => {
    const { page, errors, close } = await toPaymentPage();
    await page.getByRole('button', { name: 'Let the card be declined' }).click();
    const again = page.getByRole('button', { name: 'Pay for this order again' });
    await again.waitFor();
    const merchantOrderNo = shownOrderNo(page);
    await again.dblclick();
    await seeHeading(page, 'Payment');
    await page.getByText(merchantOrderNo).waitFor();
    await page.getByRole('button', { name: /^Pay [0-9]/ }).click();
    await seeHeading(page, 'Payment received');
    expect(shownOrderNo(page)).toBe(merchantOrderNo);
    expect(errors).toEqual([]);
    await close();
  });

  it('when the payer goes back from the payment page, then the order is there and no other is made', async () => {
    const { page, errors, close } = await toPaymentPage();
    await page.goBack();
    await seeHeading(page, 'Pay on the payment page');
    const merchantOrderNo = shownOrderNo(page);
    await page.getByRole('link', { name: 'Go to the payment page' }).click();
    await page.getByText(merchantOrderNo).waitFor();
    await page.getByRole('button', { name: /^Pay [0-9]/ }).click();
    await seeHeading(page, 'Payment received');
    expect(shownOrderNo(page)).toBe(merchantOrderNo);
    expect(errors).toEqual([]);
    await close();
  });

  it('when the callback is lost, then the return page learns of the payment by asking', async () => {
    const { page, close } = await stage.visit();
    await fillCheckout(page, 'Payment page', { scenario: 'callback_lost' });
    await submitOrder(page);
    await page.getByRole('button', { name: /^Pay [0-9]/ }).waitFor();
    const back = page.url();
    await page.goBack();
    await page.goto(`/demo/orders/${shownOrderNo(page)}/return`);
    await seeHeading(page, 'Payment received');
    expect(back).toContain('/pay/');
    await close();
  });

  it('when an order of minutes ago is asked to be paid again in another tab, then its payment page can be opened', async () => {
    const { page, errors, close } = await stage.visit();
    await fillCheckout(page, 'Payment page', { opensNewTab: true });
    await submitOrder(page);
    const openPaymentPage = page.getByRole('link', { name: 'Open the payment page in a new tab' });
    const opened = page.waitForEvent('popup');
    await openPaymentPage.click();
    const tab = await opened;
    await tab.getByRole('button', { name: 'Let the card be declined' }).click();
    await page.addInitScript(() => {
      const { now } = Date;
      Date.now = () => now() + 120_000;
    });
    await page.reload();
    await page.getByRole('button', { name: 'Pay for this order again' }).click();
    await openPaymentPage.waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('when the payment page has a tab of its own, then the shop’s page stays and finds out', async () => {
    const { page, errors, close } = await stage.visit();
    await fillCheckout(page, 'Payment page', { opensNewTab: true });
    await submitOrder(page);
    await seeHeading(page, 'Pay on the payment page');
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the payment page in a new tab' }).click();
    const tab = await opened;
    await page.getByRole('button', { name: 'Payment completed' }).waitFor();
    await tab.getByRole('button', { name: /^Pay [0-9]/ }).click();
    await tab.getByText('The payment was successful.').waitFor();
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });
});
