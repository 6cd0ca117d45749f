/** Paying again, under the same number. Source: CodePay guide, 3.3. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PaymentNotAllowed, PaymentUnconfirmed } from '../../src/client/payment-client.js';
import { PAGE_WORDS } from '../../src/domain/payer-words.js';
import { answer, pass, payable, problem, type Reaction, Tab, useFakeClock } from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

/** A page that shows `pay_again`; `pay` is answered with the reaction, later questions with the last one. */
async function payAgainTab(pay: Reaction, later: Reaction = answer('pay_again')): Promise<Tab> {
  const tab = new Tab(answerPayAgain);
  await tab.client.checkNow();
  expect(tab.client.state.kind).toBe('pay_again');
  tab.service = ({ action }) => (action === 'pay' ? pay : later);
  return tab;
}

const answerPayAgain = () => answer('pay_again');

/** What became of it, with time enough for it. */
async function outcome(paying: Promise<unknown>, ms = 1_000): Promise<unknown> {
  const settled = paying.catch((error: unknown) => error);
  await pass(ms);
  return await settled;
}

describe('allowed', () => {
  it('when the payer clicks, then payment is asked for once and the payment page comes back', async () => {
    const tab = await payAgainTab(payable('https://pay.example/p/2'));
    expect(await outcome(tab.client.payAgain())).toEqual({ paymentUrl: 'https://pay.example/p/2' });
    expect(tab.callsOf('pay')).toMatchObject([{ method: 'POST', body: {} }]);
    expect(tab.kinds.slice(-3)).toEqual(['pay_again', 'paying_again', 'idle']);
    expect(tab.client.state.message).toBe(PAGE_WORDS.ready_to_pay);
  });

  it('when there is no payment page, then null comes back', async () => {
    const tab = await payAgainTab(payable(null));
    expect(await outcome(tab.client.payAgain())).toEqual({ paymentUrl: null });
  });

  it('when the payer clicks twice, then one call goes out and both get its answer', async () => {
    const tab = await payAgainTab(payable());
    const both = Promise.all([tab.client.payAgain(), tab.client.payAgain()]);
    expect(await outcome(both)).toMatchObject([{ paymentUrl: expect.any(String) }, {}]);
    expect(tab.callsOf('pay')).toHaveLength(1);
  });

  it('when it was used, then another payment needs another word of the service', async () => {
    const tab = await payAgainTab(payable());
    await outcome(tab.client.payAgain());
    await expect(tab.client.payAgain()).rejects.toBeInstanceOf(PaymentNotAllowed);
    expect(tab.callsOf('pay')).toHaveLength(1);
  });

  it('when the record still tells of the try before, then the new try is waited for', async () => {
    const tab = await payAgainTab(payable());
    await outcome(tab.client.payAgain(), 200);
    const waiting = tab.client.waitForPayment();
    await pass(2_000);
    expect(tab.client.state.kind).toBe('checking');
    await pass(2_000);
    expect(await waiting).toMatchObject({ kind: 'pay_again' });
  });
});

describe('old words', () => {
  it('when the word is older than 10 s and still holds, then it is asked for anew and the call made', async () => {
    const tab = await payAgainTab(payable());
    await pass(10_001);
    expect(await outcome(tab.client.payAgain())).toMatchObject({ paymentUrl: expect.any(String) });
    expect(tab.calls.map(({ action }) => action)).toEqual(['verify', 'verify', 'pay']);
  });

  it.each([
    [answer('show_success'), { kind: 'paid' }],
    [answer('keep_polling'), { kind: 'do_not_pay_again', reason: 'not_confirmed' }],
    [answer('check_later'), { kind: 'do_not_pay_again', reason: 'not_confirmed' }],
    [answer('contact_support'), { kind: 'do_not_pay_again', reason: 'in_review' }],
    [answer('show_canceled'), { kind: 'do_not_pay_again', reason: 'closed' }],
    ['network error', { kind: 'do_not_pay_again', reason: 'unreachable' }],
  ] as const)(
    'when it is old and the service now says %o, then there is no payment',
    async (later, state) => {
      const tab = await payAgainTab(payable(), later);
      await pass(10_001);
      expect(await outcome(tab.client.payAgain(), 20_000)).toBeInstanceOf(PaymentNotAllowed);
      expect(tab.client.state).toMatchObject(state);
      expect(tab.callsOf('pay')).toHaveLength(0);
    },
  );

  it('when the clock was set back, then the word counts as old', async () => {
    const tab = await payAgainTab(payable(), answer('show_success'));
    vi.setSystemTime(Date.now() - 60_000);
    expect(await outcome(tab.client.payAgain())).toBeInstanceOf(PaymentNotAllowed);
    expect(tab.client.state.kind).toBe('paid');
  });
});

describe('not allowed', () => {
  it.each([
    'show_success',
    'keep_polling',
    'check_later',
    'show_canceled',
    'contact_support',
  ] as const)('when the service said %s, then no call goes out', async (action) => {
    const tab = new Tab(() => answer(action));
    await tab.client.checkNow();
    await expect(tab.client.payAgain()).rejects.toMatchObject({
      code: 'payment_not_allowed',
      safeMessage: tab.client.state.message,
    });
    expect(tab.callsOf('pay')).toHaveLength(0);
  });

  it('when nothing was asked yet, then no call goes out', async () => {
    const tab = new Tab(answerPayAgain);
    await expect(tab.client.payAgain()).rejects.toBeInstanceOf(PaymentNotAllowed);
    expect(tab.calls).toHaveLength(0);
  });

  it.each([
    ['order_final', answer('show_success'), { kind: 'paid' }],
    ['order_not_payable', answer('keep_polling'), { reason: 'not_confirmed' }],
    ['order_not_payable', answer('pay_again'), { reason: 'not_confirmed' }],
    ['order_not_payable', answer('contact_support'), { reason: 'in_review' }],
  ] as const)(
    'when the service refuses with %s, then it is asked why: %o',
    async (code, later, state) => {
      const tab = await payAgainTab(problem(409, code), later);
      expect(await outcome(tab.client.payAgain())).toBeInstanceOf(PaymentNotAllowed);
      expect(tab.client.state).toMatchObject(state);
      expect(tab.callsOf('pay')).toHaveLength(1);
    },
  );

  it('when the token opens nothing any more, then the page cannot say', async () => {
    const tab = await payAgainTab(problem(401, 'unauthenticated'));
    expect(await outcome(tab.client.payAgain())).toBeInstanceOf(PaymentNotAllowed);
    expect(tab.client.state).toMatchObject({ reason: 'not_authorised' });
  });
});

describe('not known', () => {
  it.each<[string, Reaction]>([
    ['nothing', 'network error'],
    ['nothing in time', 'hang'],
    ['503', problem(503, 'unavailable', '2')],
    ['a page of a proxy', { status: 200, body: '<html></html>' }],
    ["another order's answer", { status: 200, body: { merchantOrderNo: 'A-2', paymentUrl: null } }],
    ['an address that is a script', payable('javascript:alert(1)')],
  ])(
    'when the call comes to %s, then it is not repeated and the payer must not pay',
    async (_what, pay) => {
      const tab = await payAgainTab(pay);
      expect(await outcome(tab.client.payAgain(), 13_000)).toBeInstanceOf(PaymentUnconfirmed);
      expect(tab.client.state).toMatchObject({
        kind: 'do_not_pay_again',
        reason: 'unreachable',
        message: PAGE_WORDS.unconfirmed_start,
      });
      expect(tab.callsOf('pay')).toHaveLength(1);
    },
  );

  it('when the service may still be at it, then "pay again" is not believed yet', async () => {
    const tab = await payAgainTab('network error');
    await outcome(tab.client.payAgain());
    expect(await tab.client.checkNow()).toMatchObject({ reason: 'not_confirmed' });
    await pass(10_000);
    expect(await tab.client.checkNow()).toMatchObject({ kind: 'pay_again' });
  });
});

it('when it is stopped while it pays again, then the call ends as not allowed and nothing follows', async () => {
  const tab = await payAgainTab('hang');
  const paying = outcome(tab.client.payAgain(), 500);
  await pass(300);
  tab.client.stop();
  expect(await paying).toBeInstanceOf(PaymentUnconfirmed);
  expect(tab.client.state.kind).toBe('paying_again');
  expect(vi.getTimerCount()).toBe(0);
});

it('when a wait was asked for behind it and it is stopped, then the wait does not begin', async () => {
  const tab = await payAgainTab('hang');
  const paying = outcome(tab.client.payAgain(), 500);
  const waiting = tab.client.waitForPayment();
  await pass(300);
  tab.client.stop();
  await paying;
  expect(await waiting).toMatchObject({ kind: 'paying_again' });
  expect(vi.getTimerCount()).toBe(0);
});
