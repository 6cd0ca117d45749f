/** Finding orders: filters in the address, paging, CSV. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import {
  type ConsoleStage,
  createOrder,
  createPaidOrder,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

const PAGE_SIZE = 50;

describeInBrowser('the list of orders', () => {
  let stage: ConsoleStage;
  let paidNo: string;
  let yenNo: string;

  beforeAll(async () => {
    stage = await startConsoleStage();
    paidNo = await createPaidOrder(stage);
    yenNo = await createOrder(stage, { amount: 5_000, currency: 'JPY' });
    for (let created = 0; created < PAGE_SIZE; created += 1) await createOrder(stage);
  });
  afterAll(async () => await stage?.close());

  const rows = (page: Page) => page.locator('table.cards tbody tr');
  const search = async (page: Page) => await page.getByRole('button', { name: 'Search' }).click();

  it('when a filter is set, then it is in the address, and back undoes it', async () => {
    const { page, errors, close } = await stage.enter('/console/orders');
    await expect.poll(() => rows(page).count()).toBe(PAGE_SIZE);
    await page.getByLabel('Status').selectOption('paid');
    await search(page);
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?status=paid');
    await page.goBack();
    await expect.poll(() => rows(page).count()).toBe(PAGE_SIZE);
    expect(await page.getByLabel('Status').inputValue()).toBe('');
    expect(unexpected(errors)).toEqual([]);
    await close();
  });

  it('when a number is searched for, then that order alone is found', async () => {
    const { page, close } = await stage.enter('/console/orders');
    await page.getByLabel('Order number').fill(paidNo);
    await search(page);
    await expect.poll(() => rows(page).count()).toBe(1);
    const gatewayNo = (await rows(page).locator('td.number').textContent()) ?? '';
    await page.goto('/console/orders');
    await page.getByLabel('Gateway number').fill(gatewayNo);
    await search(page);
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(await rows(page).getByRole('link').textContent()).toBe(paidNo);
    await close();
  });

  it('when amounts are searched for, then in the currency that is named', async () => {
    const { page, close } = await stage.enter('/console/orders');
    await page.getByLabel('Amount from').fill('4000');
    await search(page);
    await page.getByText('Name the currency of the amount.').waitFor();
    await page.getByLabel('Currency').fill('jpy');
    await search(page);
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(await rows(page).getByRole('link').textContent()).toBe(yenNo);
    expect(new URL(page.url()).searchParams.get('amountFrom')).toBe('4000');
    await page.getByRole('link', { name: 'Clear' }).click();
    await page.getByLabel('Currency').fill('USD');
    await page.getByLabel('Amount to').fill('10.50');
    await search(page);
    await expect.poll(() => new URL(page.url()).searchParams.get('amountTo')).toBe('1050');
    await close();
  });

  it('when there are more than fit, then older ones are a page further', async () => {
    const { page, close } = await stage.enter('/console/orders');
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.getByRole('link', { name: 'Newest' }).click();
    await expect.poll(() => rows(page).count()).toBe(PAGE_SIZE);
    await close();
  });

  it('when the CSV is fetched, then it holds exactly what the filter shows', async () => {
    const { page, close } = await stage.enter('/console/orders?status=paid');
    await expect.poll(() => rows(page).count()).toBe(1);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV of this filter' }).click();
    const text = await readFile(await (await downloading).path(), 'utf8');
    const numbers = text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(numbers).toEqual([paidNo]);
    await close();
  });

  it('when an order appears, then the list shows it without a reload', async () => {
    const { page, close } = await stage.enter('/console/orders');
    await expect.poll(() => rows(page).count()).toBe(PAGE_SIZE);
    const no = await createOrder(stage);
    await page.getByRole('link', { name: no }).waitFor();
    await close();
  });
});
