/** Who may see the console, and what happens when a session ends. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import {
  type ConsoleStage,
  createOrder,
  logIn,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

describeInBrowser('sessions of the console', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await startConsoleStage();
  });
  afterAll(async () => await stage?.close());

  it('when the token is wrong, then the page says so and shows nothing else', async () => {
    const { page, close } = await stage.visit();
    await logIn(page, 'not-the-token-of-anybody');
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/no ops token/);
    expect(await page.getByRole('navigation').count()).toBe(0);
    await close();
  });

  it('when the token is right, then the page of the address appears, and the browser has no error to tell', async () => {
    const { page, errors, close } = await stage.visit('/console/anomalies?state=all');
    await logIn(page, stage.token);
    await page.getByRole('heading', { level: 1, name: 'Anomalies' }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=all');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Anomalies' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('when the session has ended, then the login leads back to the same address', async () => {
    const { page, close } = await stage.enter('/console/orders?status=pending');
    await page.getByText('No order is like that.').waitFor();
    await page.context().clearCookies();
    // The list asks again because something has changed.
    const no = await createOrder(stage);
    await page.getByText('Your session has ended').waitFor();
    await logIn(page, stage.token);
    await page.getByRole('link', { name: no }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=pending');
    expect(await page.getByLabel('Status').inputValue()).toBe('pending');
    await close();
  });

  it('when the operator logs out, then a reload shows the login', async () => {
    const { page, close } = await stage.enter();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Ops token').waitFor();
    await page.reload();
    await page.getByLabel('Ops token').waitFor();
    await close();
  });

  it('when the operator logs out, then a page that copied the cookie loses its view before it is reloaded', async () => {
    const victim = await stage.enter();
    const thief = await stage.visit('/console', {
      storageState: await victim.page.context().storageState(),
    });
    await thief.page.locator('.verdict').waitFor();
    await victim.page.getByRole('button', { name: 'Log out' }).click();
    await thief.page.getByText('Your session has ended').waitFor();
    expect(await thief.page.locator('.verdict').count()).toBe(0);
    await thief.page.reload();
    await thief.page.getByLabel('Ops token').waitFor();
    expect(unexpected(thief.errors)).toEqual([]);
    await thief.close();
    await victim.close();
  });
});
