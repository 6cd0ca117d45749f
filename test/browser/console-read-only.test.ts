/** An operator who may look and do nothing: is told so once, and is offered nothing that would be refused. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DESKTOP, describeInBrowser, PHONE, seriousFindings } from '../support/browser.js';
import {
  type ConsoleStage,
  createOrder,
  createPaidOrder,
  createReviewOrder,
  orderAddress,
  startConsoleStage,
  unexpected,
} from './console-stage.js';

const ACTIONS = [
  ...['Check now', 'Cancel', 'Refund', 'Resolve review'],
  ...['Deliver again', 'Acknowledge'],
];

describeInBrowser('a login that may only read', () => {
  let stage: ConsoleStage;
  let openNo: string;
  let paidNo: string;
  let reviewNo: string;

  beforeAll(async () => {
    stage = await startConsoleStage();
    openNo = await createOrder(stage);
    paidNo = await createPaidOrder(stage);
    reviewNo = await createReviewOrder(stage);
  });
  afterAll(async () => await stage?.close());

  /** Which of the actions the page offers. */
  const offered = async (page: Page) => {
    const names = await page.getByRole('button').allTextContents();
    return ACTIONS.filter((action) => names.includes(action));
  };

  const pages = [
    ['the overview', () => '/console', '.anomaly', ['Acknowledge']],
    ['the list of anomalies', () => '/console/anomalies', '.anomaly', ['Acknowledge']],
    ['an open order', () => orderAddress(openNo), '.timeline', ['Check now', 'Cancel']],
    [
      'a paid order',
      () => orderAddress(paidNo),
      '.timeline',
      ['Check now', 'Refund', 'Deliver again'],
    ],
    [
      'an order in review',
      () => orderAddress(reviewNo),
      '.timeline',
      ['Check now', 'Resolve review', 'Deliver again', 'Acknowledge'],
    ],
  ] as const;

  it.each(pages)(
    'when %s is shown, then without the actions that others have there, and says once why',
    async (_name, address, ready, actions) => {
      const operator = await stage.enter(address());
      await operator.page.locator(ready).first().waitFor();
      expect(await offered(operator.page)).toEqual(actions);
      expect(await operator.page.getByText('read-only').count()).toBe(0);
      await operator.close();
      for (const viewport of [PHONE, DESKTOP]) {
        const { page, errors, close } = await stage.enterToRead(address(), { viewport });
        await page.locator(ready).first().waitFor();
        expect(await offered(page)).toEqual([]);
        expect(await page.getByText('This login is read-only').count()).toBe(1);
        expect(await page.getByText('This login is read-only').isVisible()).toBe(true);
        expect(await page.getByRole('alert').count()).toBe(0);
        expect(await seriousFindings(page)).toEqual([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(viewport.width);
        expect(unexpected(errors)).toEqual([]);
        await close();
      }
    },
  );

  it('when it sends an action all the same, then the service refuses and nothing is done', async () => {
    const { page, close } = await stage.enterToRead(orderAddress(openNo));
    await page.locator('.timeline').waitFor();
    const status = await page.evaluate(async (path) => {
      const session = await (await fetch('/console/session')).json();
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrfToken };
      const answer = await fetch(path, { method: 'POST', headers, body: '{}' });
      return [session.scopes, answer.status];
    }, `/console/v1/orders/${openNo}/cancel`);
    expect(status).toEqual([['read'], 403]);
    expect((await stage.service.demo.order(openNo)).status).toBe('pending');
    await close();
  });

  it('when the callback behind an entry is opened, then it can be read', async () => {
    const { page, close } = await stage.enterToRead(orderAddress(paidNo));
    await page.getByText('The callback as it came').click();
    await page.getByRole('rowheader', { name: 'merchant_order_no' }).waitFor();
    await close();
  });
});
