/** The terminal that the shop drives (Cloud API). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { QUESTIONS_A_MINUTE, stopPageTime } from './page-time.js';
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

/** Two pauses between questions. The tests that let a page's time skip stand on what is seen here: it is as long as ours. */
const SHORT_WAIT_MS = 4_000;
/** The client counts whole milliseconds, the browser's own record of its requests has fractions. */
const ROUNDED_MS = 20;

describeInBrowser('paying at a terminal that the shop drives', () => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await startShopStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  const order = async (scenario?: string) => {
    const visited = await stage.visit();
    const options = scenario === undefined ? {} : { scenario };
    await fillCheckout(visited.page, 'Terminal at the counter', options);
    await submitOrder(visited.page);
    await seeHeading(visited.page, 'Pay at the terminal');
    return visited;
  };

  it('when the payer pays there, then the page notices by itself', async () => {
    const { page, errors, close } = await order();
    await page.getByRole('progressbar').waitFor();
    expect(await announced(page)).toBe('We are checking your payment. Please wait.');
    await page.getByRole('button', { name: 'Present a card' }).click();
    await seeHeading(page, 'Payment received');
    expect(errors).toEqual([]);
    await close();
  });

  it('when the page is reloaded while it waits, then it goes on waiting for the same order', async () => {
    const { page, errors, close } = await order();
    const merchantOrderNo = shownOrderNo(page);
    await page.getByRole('progressbar').waitFor();
    await page.reload();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Present a card' }).click();
    await seeHeading(page, 'Payment received');
    expect(shownOrderNo(page)).toBe(merchantOrderNo);
    expect(errors).toEqual([]);
    await close();
  });

  it('when the payer cancels there, then the same order is sent to the terminal again and paid', async () => {
    const { page, errors, close } = await order();
    const merchantOrderNo = shownOrderNo(page);
    await page.getByRole('button', { name: 'Press cancel' }).click();
    await page.getByRole('button', { name: 'Pay for this order again' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Present a card' }).click();
    await seeHeading(page, 'Payment received');
    expect(shownOrderNo(page)).toBe(merchantOrderNo);
    expect(errors).toEqual([]);
    await close();
  });

  it('when nobody pays within a minute, then the page says that time is over and warns against a second payment', async () => {
    const { page, errors, close } = await stage.visit();
    await fillCheckout(page, 'Terminal at the counter', { scenario: 'never_paid' });
    const time = await stopPageTime(page);
    await submitOrder(page);
    await time.untilFirstQuestion();
    const warning = page.getByRole('heading', { name: 'Please do not pay again' });
    for (let answers = 0; answers < QUESTIONS_A_MINUTE; answers += 1) {
      await page.getByRole('progressbar').waitFor();
      expect(await warning.count()).toBe(0);
      expect(await time.nextAnswer()).toMatchObject({ paid: false });
    }
    await warning.waitFor();
    await time.goOn();
    await seeHeading(page, 'Your order');
    expect(await page.locator('article.pay').textContent()).toMatch(NO_SECOND_PAYMENT);
    expect(await page.getByRole('link', { name: 'Go to your orders' }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Pay for this order again' }).count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  it('when the time that the service gives is over by the real clock, then the page warns, and not before', async () => {
    const { page, errors, close } = await stage.visit();
    await page.route('**/verify', async (route) => {
      const response = await route.fetch();
      const answer: object = await response.json();
      await route.fulfill({ response, json: { ...answer, pollForMs: SHORT_WAIT_MS } });
    });
    await fillCheckout(page, 'Terminal at the counter', { scenario: 'never_paid' });
    await submitOrder(page);
    await page.getByRole('heading', { name: 'Please do not pay again' }).waitFor();
    const askedAtMs = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/verify'))
        .map(({ startTime }) => startTime),
    );
    // Fewer when an answer takes long.
    expect(askedAtMs.length).toBeLessThanOrEqual(3);
    const waitedMs = (askedAtMs.at(-1) ?? 0) - (askedAtMs[0] ?? 0);
    expect(waitedMs).toBeGreaterThan(SHORT_WAIT_MS - ROUNDED_MS);
    expect(errors).toEqual([]);
    await close();
  });
});
