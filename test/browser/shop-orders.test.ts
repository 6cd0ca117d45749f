/** The page of orders that every message leads to. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import {
  fillCheckout,
  NO_SECOND_PAYMENT,
  type ShopStage,
  seeHeading,
  shownOrderNo,
  startShopStage,
  submitOrder,
} from './shop-stage.js';

describeInBrowser('your orders', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  const orderAndLeave = async () => {
    const visited = await stage.visit();
    const { page } = visited;
    await fillCheckout(page, 'Payment page');
    await submitOrder(page);
    await seeHeading(page, 'Payment');
    await page.goBack();
    await seeHeading(page, 'Pay on the payment page');
    const merchantOrderNo = shownOrderNo(page);
    await page.getByRole('link', { name: 'Your orders' }).first().click();
    await seeHeading(page, 'Your orders');
    return { ...visited, merchantOrderNo };
  };

  it('when nothing has been ordered, then the page says so', async () => {
    const { page, errors, close } = await stage.visit('/demo/orders');
    await page.getByText('You have not ordered anything yet.').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('when an order is not confirmed and checked again, then the customer is warned against paying again', async () => {
    const { page, errors, merchantOrderNo, close } = await orderAndLeave();
    await page.getByRole('button', { name: `Check again: ${merchantOrderNo}` }).click();
    await page.getByRole('heading', { name: 'Please do not pay again' }).waitFor();
    expect(await page.locator('.order-row').textContent()).toMatch(NO_SECOND_PAYMENT);
    expect(errors).toEqual([]);
    await close();
  });

  it('when an order was paid meanwhile, then checking it shows that and its receipt', async () => {
    const { page, errors, merchantOrderNo, close } = await orderAndLeave();
    await stage.service.demo.control(`/orders/${merchantOrderNo}/pay`);
    const check = page.getByRole('button', { name: `Check again: ${merchantOrderNo}` });
    await check.click();
    await page.getByText('Paid', { exact: true }).waitFor();
    await page.getByRole('link', { name: `Receipt of ${merchantOrderNo}` }).click();
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });

  it('when the card was declined meanwhile, then the customer may pay again from there under the same number', async () => {
    const { page, errors, merchantOrderNo, close } = await orderAndLeave();
    await stage.service.demo.control(`/orders/${merchantOrderNo}/decline`);
    await page.getByRole('button', { name: `Check again: ${merchantOrderNo}` }).click();
    await page.getByRole('button', { name: 'Pay for this order again' }).click();
    await seeHeading(page, 'Payment');
    await page.getByText(merchantOrderNo).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('when the merchant closes the order, then its page says that it is closed and takes no payment', async () => {
    const { page, merchantOrderNo, close } = await orderAndLeave();
    await stage.service.demo.cancel(merchantOrderNo);
    await eventually('it is closed', async () => {
      return (await stage.service.demo.order(merchantOrderNo)).status === 'canceled';
    });
    await page.goto(`/demo/orders/${merchantOrderNo}`);
    await page.getByRole('heading', { name: 'This order is closed' }).waitFor();
    await page.getByText('Closed', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: /payment page/ }).count()).toBe(0);
    await close();
  });

  it('when a paid order is refunded, then the list and the page say so', async () => {
    const { page, merchantOrderNo, close } = await orderAndLeave();
    await stage.service.demo.control(`/orders/${merchantOrderNo}/pay`);
    await page.getByRole('button', { name: `Check again: ${merchantOrderNo}` }).click();
    await page.getByText('Paid', { exact: true }).waitFor();
    await stage.service.demo.refund(merchantOrderNo, {
      refundNo: `${merchantOrderNo}-R`,
      reason: 'cold',
    });
    await page.goto(`/demo/orders/${merchantOrderNo}`);
    await eventually('the refund is done', async () => {
      return (await stage.service.demo.order(merchantOrderNo)).status === 'refunded';
    });
    await page.reload();
    await page.getByRole('heading', { name: 'This payment was refunded' }).waitFor();
    await page.goto('/demo/orders');
    await page.getByText('Refunded', { exact: true }).waitFor();
    await close();
  });
});
