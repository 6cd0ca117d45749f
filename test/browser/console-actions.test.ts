/** What operators do: each asks first, is told back, and is in the audit under the operator's name. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import {
  auditEntry,
  type ConsoleStage,
  createOrder,
  createPaidOrder,
  createReviewOrder,
  OPERATOR,
  orderAddress,
  startConsoleStage,
  untilStatus,
} from './console-stage.js';

describeInBrowser('actions on an order', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await startConsoleStage();
  });
  afterAll(async () => await stage?.close());

  const press = async (page: Page, name: string) =>
    await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name }).click();
  const confirm = async (page: Page, name: string) =>
    await page.getByRole('dialog').getByRole('button', { name }).click();
  const said = (page: Page) => expect.poll(() => page.getByRole('status').textContent());

  it('when the operator thinks again, then nothing is done', async () => {
    const no = await createOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Cancel');
    expect(await page.getByRole('dialog').textContent()).toContain('cannot be undone');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await stage.service.demo.order(no)).status).toBe('pending');
    await close();
  });

  it('when a check is asked for, then the gateway is asked and the page shows both', async () => {
    const no = await createOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Check now');
    await confirm(page, 'Ask now');
    await page.getByText(`${OPERATOR} asked for a check.`).waitFor();
    await page.getByText(/^Query \(check_due\)/).waitFor();
    await auditEntry(stage, no, 'check.requested');
    await close();
  });

  it('when it is canceled, then it is closed with proof before the reader’s eyes', async () => {
    const no = await createOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Cancel');
    await confirm(page, 'Cancel the order');
    await page.locator('.headline').getByText('Canceled').waitFor();
    const entry = await auditEntry(stage, no, 'order.canceling');
    expect(JSON.stringify(entry)).toContain(OPERATOR);
    await close();
  });

  it('when a part is refunded, then exactly that amount is, once', async () => {
    const no = await createPaidOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Refund');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Amount in USD').inputValue()).toBe('10.50');
    await dialog.getByLabel('Amount in USD').fill('4,00');
    await dialog.getByLabel('Reason').fill('One coffee was cold');
    await confirm(page, 'Refund');
    await dialog.getByText('The amount is no amount of USD.').waitFor();
    await dialog.getByLabel('Amount in USD').fill('4.00');
    await confirm(page, 'Refund');
    await said(page).toMatch(/4\.00 USD|Partly refunded/);
    await page.locator('.headline').getByText('Partly refunded').waitFor();
    const refunds = page.locator('table.cards tbody tr');
    await expect.poll(() => refunds.count()).toBe(1);
    expect(await refunds.textContent()).toContain('4.00 USD');
    expect(await refunds.textContent()).toContain(OPERATOR);
    await close();
  });

  it('when the service refuses, then the dialog stays and says why', async () => {
    const no = await createPaidOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Refund');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount in USD').fill('99.00');
    await dialog.getByLabel('Reason').fill('Too much');
    await confirm(page, 'Refund');
    await dialog.getByText('refund_exceeds_paid').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toMatch(/request \S+/);
    await close();
  });

  it('when a review is resolved, then to one of the legal ends, with the reason', async () => {
    const no = await createReviewOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await press(page, 'Resolve review');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('radio').count()).toBe(4);
    await dialog.getByRole('radio', { name: 'Refunded' }).check();
    await dialog.getByLabel('Reason').fill('Given back in the portal');
    await confirm(page, 'Resolve');
    await page.locator('.headline').getByText('Refunded').waitFor();
    const entry = await auditEntry(stage, no, 'review.resolved');
    expect(entry.summary).toBe(
      `${OPERATOR} resolved the review to refunded: Given back in the portal`,
    );
    await untilStatus(stage, no, 'refunded');
    await close();
  });

  it('when a callback is delivered again, then the order recognises it', async () => {
    const no = await createPaidOrder(stage);
    const before = (await stage.service.demo.audit(no)).length;
    const { page, close } = await stage.enter(orderAddress(no));
    await page.getByText('The callback as it came').click();
    await page.getByText(/^Received/).waitFor();
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await confirm(page, 'Deliver again');
    await said(page).toContain('delivered again');
    await page.getByText(`Delivered again by ${OPERATOR}`).waitFor();
    expect((await stage.service.demo.audit(no)).length).toBe(before);
    await close();
  });

  it('when an anomaly of the order is acknowledged on its page, then it says by whom', async () => {
    const no = await createReviewOrder(stage);
    const { page, close } = await stage.enter(orderAddress(no));
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(`Seen by ${OPERATOR}`).waitFor();
    await close();
  });

  it('when the button of an action goes away with what it did, then the focus stays beside it', async () => {
    const focused = (page: Page, selector: string) =>
      expect.poll(() => page.evaluate((one) => document.activeElement?.matches(one), selector));
    const reviewed = await createReviewOrder(stage);
    const { page, close } = await stage.enter(orderAddress(reviewed));
    await page.getByRole('button', { name: 'Acknowledge' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`Seen by ${OPERATOR}`).waitFor();
    await focused(page, 'li.anomaly').toBe(true);
    const no = await createOrder(stage);
    await page.goto(orderAddress(no));
    await press(page, 'Cancel');
    await confirm(page, 'Cancel the order');
    await page.locator('.headline').getByText('Canceled').waitFor();
    await focused(page, '[aria-label="Actions"]').toBe(true);
    await close();
  });
});
