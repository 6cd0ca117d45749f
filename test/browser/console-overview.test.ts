/** Is anything stuck, and what needs me? */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import {
  type ConsoleStage,
  createOrder,
  createPaidOrder,
  createReviewOrder,
  OPERATOR,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

describeInBrowser('the landing view', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await startConsoleStage();
  });
  afterAll(async () => await stage?.close());

  it('when there is nothing yet, then it says so and what will be there', async () => {
    const { page, errors, close } = await stage.enter();
    await page.locator('.verdict').getByText('Nothing needs you').waitFor();
    await page.getByText('No anomalies are open.').waitFor();
    await page.getByText('Orders per minute will be drawn here.').waitFor();
    expect(await page.title()).toContain('Overview');
    expect(unexpected(errors)).toEqual([]);
    await close();
  });

  it('when an order is created and paid while it is open, then counts change without a reload', async () => {
    const { page, close } = await stage.enter();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.evaluate(() => document.body.setAttribute('data-never-reloaded', 'yes'));
    await createPaidOrder(stage);
    const paid = page.locator('.status-counts li', { hasText: 'Paid' }).first();
    await expect.poll(() => paid.locator('strong').textContent(), { timeout: 15_000 }).toBe('1');
    expect(await page.locator('body').getAttribute('data-never-reloaded')).toBe('yes');
    await close();
  });

  it('when the stream is refused, then the page polls and still changes', async () => {
    const { page, close } = await stage.visit();
    await page.route('**/console/live', (route) => route.fulfill({ status: 503 }));
    await page.getByLabel('Ops token').fill(stage.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Polling', { exact: true }).waitFor();
    const pending = page.locator('.status-counts li', { hasText: 'Pending' }).locator('strong');
    const before = Number(await pending.textContent());
    await createOrder(stage);
    await expect
      .poll(async () => Number(await pending.textContent()), { timeout: 20_000 })
      .toBe(before + 1);
    await close();
  });

  it('when the service cannot be reached any more, then the verdict is withdrawn', async () => {
    const { page, close } = await stage.enter();
    await page.locator('.verdict').waitFor();
    await page.route('**/console/overview', (route) => route.abort());
    await page.route('**/console/live', (route) => route.abort());
    // Another page and back: the stream is opened anew, and fails.
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.locator('.verdict').getByText('Not up to date').waitFor();
    await page.getByText(/Offline since/).waitFor();
    await close();
  });

  it('when an anomaly is open, then it is the verdict, and acknowledging it is known by name', async () => {
    const no = await createReviewOrder(stage);
    const { page, errors, close } = await stage.enter();
    await page.locator('.verdict').getByText('1 thing needs you').waitFor();
    const anomaly = page.locator('.anomaly', { hasText: no });
    await anomaly.getByRole('heading', { name: 'Paid amount is not ours' }).waitFor();
    expect(await anomaly.getByRole('link', { name: /Runbook/ }).getAttribute('href')).toBe(
      '/docs/runbooks/amount-mismatch',
    );
    await anomaly.getByRole('button', { name: 'Acknowledge' }).click();
    await anomaly.getByText(`Seen by ${OPERATOR}`).waitFor();
    await page.locator('.verdict').getByText('Nothing new needs you').waitFor();
    await anomaly.getByRole('link', { name: no }).click();
    await page.getByRole('heading', { level: 1, name: no }).waitFor();
    expect(unexpected(errors)).toEqual([]);
    await close();
  });

  it('when a count is followed, then the list behind it opens', async () => {
    const { page, close } = await stage.enter();
    await page.locator('.status-counts a', { hasText: 'In review' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=review');
    await expect.poll(() => page.locator('table.cards tbody tr').count()).toBe(1);
    await close();
  });

  it('when the table of a chart is opened, then it holds every minute of the hour', async () => {
    const { page, close } = await stage.enter();
    const panel = page.locator('.panel', { hasText: 'Orders per minute' });
    await panel.getByText('Table').click();
    await expect.poll(() => panel.locator('.table-toggle tbody tr').count()).toBe(60);
    expect(await panel.locator('.table-toggle thead th').allTextContents()).toEqual([
      'Minute',
      'Created',
      'Paid',
      'Canceled',
    ]);
    await close();
  });
});
