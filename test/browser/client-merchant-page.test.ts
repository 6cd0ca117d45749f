/** The browser client on a merchant's own page: module, token and order from three places, in a real browser. */
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import {
  type ClientStage,
  call,
  openMerchantsPage,
  type PayersOrder,
  startClientStage,
  statesOf,
} from './client-stage.js';

describeInBrowser("the browser client on a merchant's page", () => {
  let stage: ClientStage;
  let context: BrowserContext;

  beforeAll(async () => {
    stage = await startClientStage();
  });

  afterAll(async () => {
    await stage.close();
  });

  beforeEach(async () => {
    context = await stage.browser.newContext();
  });

  afterEach(async () => {
    await context.close();
  });

  const open = async (order: PayersOrder, origin = stage.shopOrigin) =>
    await openMerchantsPage(context, { origin, order, baseUrl: stage.service.apiUrl });

  const payRequests = async ({ merchantOrderNo }: PayersOrder) =>
    (await stage.service.demo.audit(merchantOrderNo)).filter(
      ({ event }) => event === 'pay.requested',
    ).length;

  it('when the payer pays, then the page of another origin sees it, and the browser keeps nothing', async () => {
    const page = await open(await stage.createOrder('paid_after', { payAfterMs: 3_000 }));
    expect(await call(page, 'waitForPayment')).toMatchObject({ kind: 'paid' });
    expect((await statesOf(page)).map(({ kind }) => kind)).toEqual(['idle', 'checking', 'paid']);
    const kept = await page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      document.cookie,
      (await indexedDB.databases()).length,
    ]);
    expect(kept).toEqual([0, 0, '', 0]);
  });

  it('when the card is declined, then the payer pays again under the same number and is seen paying', async () => {
    const order = await stage.createOrder('declined_then_paid', { payAfterMs: 1_000 });
    const page = await open(order);
    expect(await call(page, 'waitForPayment')).toMatchObject({
      kind: 'pay_again',
      merchantOrderNo: order.merchantOrderNo,
    });
    expect(await call(page, 'payAgain')).toEqual({ paymentUrl: expect.stringMatching(/^http/) });
    expect(await call(page, 'waitForPayment')).toMatchObject({ kind: 'paid' });
    expect(await payRequests(order)).toBe(1);
  });

  it('when two tabs are clicked at once, then payment is asked for once and both get the address', async () => {
    const order = await stage.createOrder('declined', { payAfterMs: 500 });
    const tabs = [await open(order), await open(order)];
    for (const tab of tabs) {
      expect(await call(tab, 'waitForPayment')).toMatchObject({ kind: 'pay_again' });
    }
    const [one, other] = await Promise.all(tabs.map(async (tab) => await call(tab, 'payAgain')));
    expect(one).toEqual({ paymentUrl: expect.stringMatching(/^http/) });
    expect(other).toEqual(one);
    expect(await payRequests(order)).toBe(1);
  });

  it('when one tab sees the payment, then the other shows it by itself', async () => {
    const order = await stage.createOrder('paid_after', { payAfterMs: 1_500 });
    const [one, other] = [await open(order), await open(order)];
    expect(await call(one, 'waitForPayment')).toMatchObject({ kind: 'paid' });
    await eventually(
      'the other tab shows it',
      async () => (await statesOf(other)).at(-1)?.kind === 'paid',
    );
  });

  it('when the browser goes offline and comes back, then the page says so and then sees the payment', async () => {
    const page = await open(await stage.createOrder('paid_after', { payAfterMs: 1_000 }));
    await context.setOffline(true);
    const waiting = call(page, 'waitForPayment');
    await eventually('the page says that it is offline', async () => {
      const state = (await statesOf(page)).at(-1);
      return state?.kind === 'checking' && state.isOffline;
    });
    await context.setOffline(false);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  });

  it('when the page is loaded anew, then it knows nothing until it has asked', async () => {
    const order = await stage.createOrder('paid_after', { payAfterMs: 500 });
    const page = await open(order);
    expect(await call(page, 'waitForPayment')).toMatchObject({ kind: 'paid' });
    await page.close();
    const again = await open(order);
    expect(await statesOf(again)).toMatchObject([{ kind: 'idle' }]);
    expect(await call(again, 'checkNow')).toMatchObject({ kind: 'paid' });
  });

  it('when the page of an origin that is not listed asks, then the payer is told not to pay again', async () => {
    const page = await open(await stage.createOrder('waits'), stage.otherOrigin);
    expect(await call(page, 'checkNow')).toMatchObject({
      kind: 'do_not_pay_again',
      reason: 'unreachable',
    });
  });

  it('when the token is of another order, then the page cannot say', async () => {
    const [order, other] = [await stage.createOrder('waits'), await stage.createOrder('waits')];
    const page = await open({ ...order, verifyToken: other.verifyToken });
    expect(await call(page, 'checkNow')).toMatchObject({ reason: 'not_authorised' });
  });

  it('when the service is away, then nobody is told to pay again, and later the payment is found', async () => {
    const page = await open(await stage.createOrder('paid_after', { payAfterMs: 1_000 }));
    await stage.service.api.kill();
    expect(await call(page, 'checkNow')).toMatchObject({ reason: 'unreachable' });
    await stage.service.api.start();
    expect(await call(page, 'waitForPayment')).toMatchObject({ kind: 'paid' });
    expect((await statesOf(page)).map(({ kind }) => kind)).not.toContain('pay_again');
  });
});
