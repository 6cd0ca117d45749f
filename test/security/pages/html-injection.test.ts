/** Attack: texts that would run as script wherever a page took them for more than text. */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn } from '../../browser/console-stage.js';
import { describeInBrowser, openBrowser, openPage } from '../../support/browser.js';
import { eventually } from '../../support/eventually.js';
import { type ServiceUnderTest, startService } from '../../support/service-processes.js';
import { type AttackedPage, HOSTILE_TEXT, openAttacked, unfoldAll } from './hostile-pages.js';

const OPS_TOKEN = randomBytes(24).toString('base64url');
/** The worst that a number may hold. */
const merchantOrderNo = `-@|*${randomBytes(8).toString('hex')}`;

describeInBrowser('texts of strangers on pages', () => {
  let service: ServiceUnderTest;
  let browser: Browser;
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>>;

  beforeAll(async () => {
    service = await startService({ environment: { OPS_TOKENS: `ann:${OPS_TOKEN}` } });
    browser = await openBrowser();
    const { page, close } = await openPage(browser, { baseURL: service.apiUrl });
    await page.goto('/console');
    await logIn(page, OPS_TOKEN);
    await page.getByRole('navigation', { name: 'Console' }).waitFor();
    storageState = await page.context().storageState();
    await close();
    const { demo } = service;
    const scenario = { scenario: 'callback_wrong_amount', payAfterMs: 0 };
    await demo.control(`/orders/${encodeURIComponent(merchantOrderNo)}/scenario`, scenario);
    await demo.createOrder({
      ...{ merchantOrderNo, channel: 'hosted', amount: 1_050, currency: 'USD' },
      description: HOSTILE_TEXT,
      metadata: { note: HOSTILE_TEXT },
      redirectUrl: `https://shop.example.com/?x=${encodeURIComponent(HOSTILE_TEXT)}`,
    });
    await untilStatus('review');
    await review();
    await demo.refund(merchantOrderNo, { refundNo: '-@|*R', amount: 10, reason: HOSTILE_TEXT });
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  /** As an operator who is logged in. */
  const attack = async (baseURL = service.apiUrl) =>
    await openAttacked(browser, { baseURL, storageState });

  async function untilStatus(status: string): Promise<void> {
    await eventually(`the order is ${status}`, async () => {
      return (await service.demo.order(merchantOrderNo)).status === status;
    });
  }

  async function review(): Promise<void> {
    const path = `/v1/orders/${encodeURIComponent(merchantOrderNo)}/review`;
    const answer = await fetch(service.apiUrl + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${OPS_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ to: 'paid', reason: HOSTILE_TEXT }),
    });
    expect(answer.status).toBe(200);
  }

  async function expectHarmless(attacked: AttackedPage, where: string): Promise<void> {
    expect(await attacked.isHacked(), `${where} ran a text`).toBe(false);
    expect(
      await attacked.violations(),
      `${where} kept only its policy from running a text`,
    ).toEqual([]);
    const images = await attacked.page.locator('img[src="x"], iframe[srcdoc], svg[onload]').count();
    expect(images, where).toBe(0);
  }

  it('when a page would run such a text, then these checks see it: they can fail', async () => {
    const attacked = await attack();
    await attacked.page.goto('/console');
    await attacked.page.evaluate((text) => {
      document.body.insertAdjacentHTML('beforeend', text);
    }, HOSTILE_TEXT);
    await expect.poll(async () => (await attacked.violations()).length).toBeGreaterThan(0);
    await attacked.close();
  });

  it('when an operator looks at the order, its refunds and its audit, then they are texts', async () => {
    const attacked = await attack();
    const { page } = attacked;
    await page.goto(`/console/orders/${encodeURIComponent(merchantOrderNo)}`);
    await page
      .getByText(/resolved the review/)
      .first()
      .waitFor();
    await unfoldAll(page);
    for (const path of ['/console/orders', '/console/anomalies?state=all', '/console']) {
      await expectHarmless(attacked, page.url());
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await unfoldAll(page);
    }
    await expectHarmless(attacked, page.url());
    await attacked.close();
  });

  it('when the operator’s page shows the text, then literally, as it was sent', async () => {
    const attacked = await attack();
    const { page } = attacked;
    await page.goto(`/console/orders/${encodeURIComponent(merchantOrderNo)}`);
    await page
      .getByText(/resolved the review/)
      .first()
      .waitFor();
    expect(await page.locator('main').textContent()).toContain(HOSTILE_TEXT);
    await attacked.close();
  });

  const ADDRESSES = [
    '/console/orders/%3Cimg%20src=x%20onerror=hacked=1%3E',
    '/console/orders?status=%22%3E%3Cscript%3Ehacked=1%3C/script%3E',
    '/console/orders?merchantOrderNo=%3Csvg%20onload=hacked=1%3E#<img src=x onerror=hacked=1>',
    '/console/%3Cscript%3Ehacked=1%3C/script%3E',
    '/demo/orders/%3Cimg%20src=x%20onerror=hacked=1%3E',
    '/demo/checkout?x=%22%3E%3Cscript%3Ehacked=1%3C/script%3E#javascript:hacked=1',
    '/demo/%3Csvg%20onload=hacked=1%3E',
  ];

  it('when the address itself is such a text, then it stays one', async () => {
    const attacked = await attack();
    for (const address of ADDRESSES) {
      await attacked.page.goto(address);
      await attacked.page.getByRole('heading', { level: 1 }).first().waitFor();
      await expectHarmless(attacked, address);
    }
    await attacked.close();
  });

  it('when the simulator shows the order to payer and operator, then it is text there, too', async () => {
    const attacked = await attack(service.simulatorUrl);
    const { page } = attacked;
    const { paymentUrl } = await service.demo.order(merchantOrderNo);
    const order = `/orders/${encodeURIComponent(merchantOrderNo)}`;
    const strange = `/terminal/${encodeURIComponent('<img src=x onerror=hacked=1>')}`;
    for (const path of [paymentUrl ?? '', order, '/', '/terminal', strange]) {
      await page.goto(path);
      await page.locator('main').waitFor();
      await unfoldAll(page);
      await expectHarmless(attacked, path);
    }
    await page.goto(order);
    expect(await page.locator('main').textContent()).toContain(HOSTILE_TEXT);
    await attacked.close();
  });

  it('when a shopper buys with a browser that was filled with such texts, then the shop’s pages show texts', async () => {
    const attacked = await attack();
    const { page } = attacked;
    await page.goto('/demo');
    await page.evaluate((text) => {
      for (const name of ['cart', 'shop-cart', 'orders', 'payment-orders']) {
        localStorage.setItem(name, text);
        sessionStorage.setItem(name, text);
      }
    }, HOSTILE_TEXT);
    await page.goto('/demo');
    await page.getByRole('button', { name: 'Add Espresso' }).click();
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await page.getByRole('button', { name: /Order and pay/ }).waitFor();
    await expectHarmless(attacked, page.url());
    await page.goto('/demo/orders');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectHarmless(attacked, page.url());
    await attacked.close();
  });
});
