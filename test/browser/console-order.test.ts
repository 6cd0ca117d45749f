/** One order: what is known of it, how, and what changes while somebody looks. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import {
  type ConsoleStage,
  createOrder,
  createPaidOrder,
  orderAddress,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

describeInBrowser("an order's page", () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await startConsoleStage();
  });
  afterAll(async () => await stage?.close());

  it('when a callback has proven the payment, then the page says so and shows each step', async () => {
    const no = await createPaidOrder(stage);
    const { page, errors, close } = await stage.enter(orderAddress(no));
    await page
      .getByText(/signed by the gateway; number, merchant, amount/)
      .first()
      .waitFor();
    expect(await page.locator('.headline').textContent()).toBe('Paid10.50 USD');
    const kinds = await page.locator('.entry-head strong').allTextContents();
    expect(kinds.at(0)).toBe('Created');
    // A check may have asked in the same seconds, before or after it.
    expect(kinds[kinds.indexOf('Callback') + 1]).toBe('Decision');
    const callback = page.locator('.entry', { hasText: 'Callback: paid.' });
    await callback.getByText('decided', { exact: true }).waitFor();
    await callback.getByText('Details').click();
    expect(await callback.locator('pre').textContent()).toContain('"callbackId"');
    await callback.getByText('The callback as it came').click();
    await callback.getByRole('rowheader', { name: 'merchant_order_no' }).waitFor();
    expect(unexpected(errors)).toEqual([]);
    await close();
  });

  it('when a payment happens while the page is open, then it appears without a reload', async () => {
    const no = await createOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.headline').getByText('Pending').waitFor();
    await page.evaluate(() => document.body.setAttribute('data-never-reloaded', 'yes'));
    await stage.service.demo.control(`/orders/${no}/pay`);
    await page.locator('.headline').getByText('Paid').waitFor();
    await expect.poll(() => page.getByRole('status').textContent()).toContain('Paid');
    expect(await page.locator('body').getAttribute('data-never-reloaded')).toBe('yes');
    await close();
  });

  it('when the stream of the order is refused, then the page polls', async () => {
    const no = await createOrder(stage);
    const { page, close } = await stage.enter();
    await page.route('**/console/live/**', (route) => route.fulfill({ status: 503 }));
    await page.goto(orderAddress(no));
    await page.getByText('Polling', { exact: true }).waitFor();
    await stage.service.demo.control(`/orders/${no}/pay`);
    await page.locator('.headline').getByText('Paid').waitFor();
    await close();
  });

  it('when there is no such order, then the page says so with code and request', async () => {
    const { page, close } = await stage.enter(orderAddress('C-never-created'));
    const alert = page.getByRole('alert');
    await alert.getByText('order_not_found').waitFor();
    expect(await alert.textContent()).toMatch(/request \S+/);
    // The service answered: that is not being offline.
    await page.getByText('Polling').waitFor();
    expect(await page.getByText('Offline since').count()).toBe(0);
    await close();
  });

  it('when the number holds reserved characters, then its page opens from the list', async () => {
    const no = `C|*@${Date.now()}`;
    await stage.service.demo.createOrder({
      merchantOrderNo: no,
      channel: 'hosted',
      amount: 700,
      currency: 'USD',
    });
    const { page, close } = await stage.enter('/console/orders');
    await page.getByRole('link', { name: no, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: `Order ${no}` }).waitFor();
    await page.locator('.headline').getByText('7.00 USD').waitFor();
    await page.reload();
    await page.locator('.headline').getByText('7.00 USD').waitFor();
    await close();
  });
});
