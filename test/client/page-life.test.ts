/** Pages sleep, hide, lose the network and are left and come back to. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE_WORDS, PAYER_WORDS } from '../../src/domain/payer-words.js';
import { answer, pass, script, sleep, Tab, useFakeClock } from './fake-tab.js';

const MINUTES = 60_000;

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

describe('offline', () => {
  it('when the browser is offline, then the page says so, and asks at once when it is back', async () => {
    const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
    const waiting = tab.client.waitForPayment();
    await pass(500);
    tab.goOffline();
    await pass(0);
    expect(tab.client.state).toMatchObject({
      kind: 'checking',
      isOffline: true,
      message: PAGE_WORDS.offline,
    });
    await pass(10 * MINUTES);
    tab.goOnline();
    await pass(0);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  });

  it('when the browser was offline for long, then the rest of the time is still waited for', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    const waiting = tab.client.waitForPayment();
    await pass(10_000);
    tab.goOffline();
    await pass(10 * MINUTES);
    tab.goOnline();
    await pass(0);
    const { state } = tab.client;
    expect(state).toMatchObject({ kind: 'checking', isOffline: false });
    if (state.kind === 'checking') expect(Date.now() - state.startedAtMs).toBe(10_000);
    await pass(49_999);
    expect(tab.client.state.kind).toBe('checking');
    await pass(1);
    expect(await waiting).toMatchObject({ reason: 'not_confirmed' });
  });

  it('when the browser is wrong about being offline, then the service is found all the same', async () => {
    const tab = new Tab(script(answer('show_success')));
    tab.navigator.onLine = false;
    tab.isConnected = true;
    const waiting = tab.client.waitForPayment();
    await pass(14_999);
    expect(tab.calls).toHaveLength(0);
    await pass(1);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  });
});

describe('sleep', () => {
  it('when the device slept for minutes, then it asks before anything is final, and waits on', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    const waiting = tab.client.waitForPayment();
    await pass(10_000);
    sleep(30 * MINUTES);
    tab.show('visible');
    await pass(0);
    expect(tab.calls.at(-1)?.atMs).toBe(Date.now());
    expect(tab.client.state).toMatchObject({ kind: 'checking', startedAtMs: Date.now() - 12_000 });
    tab.service = script(answer('show_success'));
    await pass(2_000);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  });

  it('when an answer comes out of a sleep, then it is of the past and does not count', async () => {
    const tab = new Tab(script(answer('pay_again'), answer('show_success')));
    const { service } = tab;
    tab.service = (call) => {
      if (tab.calls.length === 1) sleep(5 * MINUTES);
      return service(call);
    };
    expect(await tab.client.waitForPayment()).toMatchObject({ kind: 'paid' });
    expect(tab.kinds).not.toContain('pay_again');
  });

  it('when the clock is set back, then the wait still ends', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    const waiting = tab.client.waitForPayment();
    await pass(10_500);
    sleep(-24 * 60 * MINUTES);
    await pass(61_500);
    expect(await waiting).toMatchObject({ reason: 'not_confirmed' });
  });
});

describe('coming back', () => {
  it('when a hidden page is visible again, then it asks at once', async () => {
    const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
    const waiting = tab.client.waitForPayment();
    tab.show('hidden');
    await pass(700);
    tab.show('visible');
    await pass(0);
    expect(await waiting).toMatchObject({ kind: 'paid' });
    expect(tab.calls).toHaveLength(2);
  });

  it.each([
    ['not confirmed', answer('keep_polling'), answer('show_success'), 'paid'],
    ['to be paid again', answer('pay_again'), answer('show_success'), 'paid'],
    ['to be paid again', answer('pay_again'), answer('keep_polling'), 'do_not_pay_again'],
    ['in review', answer('contact_support'), answer('show_canceled'), 'do_not_pay_again'],
  ] as const)(
    'when a page that showed %s is visible again after a while, then it looks anew',
    async (_shown, first, then, end) => {
      const tab = new Tab(script(first, then));
      await tab.client.checkNow();
      tab.show('hidden');
      await pass(11_000);
      tab.show('visible');
      await pass(0);
      expect(tab.calls).toHaveLength(2);
      expect(tab.client.state.kind).toBe(end);
      expect(tab.kinds.filter((kind) => kind === 'checking')).toHaveLength(1);
    },
  );

  it('when it comes back soon, then nothing is asked', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    await tab.client.checkNow();
    await pass(9_000);
    tab.show('visible');
    await pass(0);
    expect(tab.calls).toHaveLength(1);
  });

  it('when the payer goes back to a page of the back-forward cache, then it asks anew', async () => {
    const tab = new Tab(script(answer('pay_again'), answer('show_success')));
    await tab.client.checkNow();
    tab.restore(5 * MINUTES);
    await pass(0);
    expect(tab.client.state.kind).toBe('paid');
  });

  it('when such a page was waiting, then it goes on at once', async () => {
    const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
    const waiting = tab.client.waitForPayment();
    await pass(500);
    tab.restore(5 * MINUTES);
    await pass(0);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  });

  it.each([
    [answer('show_success'), 'paid'],
    [answer('pay_again'), 'idle'],
    [answer('keep_polling'), 'idle'],
    ['network error', 'idle'],
  ] as const)(
    'when nothing was waited for yet and the answer is %o, then the page shows %s',
    async (reaction, kind) => {
      const tab = new Tab(script(reaction));
      tab.restore(1_000);
      await pass(0);
      expect(tab.client.state.kind).toBe(kind);
    },
  );

  it('when a page is loaded anew, then nothing is known until the service is asked', async () => {
    const before = new Tab(script(answer('pay_again')));
    await before.client.checkNow();
    const after = new Tab(script(answer('show_success')));
    expect(after.client.state.kind).toBe('idle');
    expect(await after.client.waitForPayment()).toMatchObject({ kind: 'paid' });
  });
});

describe('stop', () => {
  it('when it is stopped, then the request is aborted, nothing more is asked and the state stays', async () => {
    const tab = new Tab(script('hang'));
    const waiting = tab.client.waitForPayment();
    await pass(100);
    tab.client.stop();
    expect(await waiting).toMatchObject({ kind: 'checking', message: PAYER_WORDS.keep_polling });
    expect(tab.calls[0]?.signal.aborted).toBe(true);
    tab.show('visible');
    tab.goOnline();
    await pass(10 * MINUTES);
    expect(tab.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('when it is stopped in a pause, then it ends at once', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    const waiting = tab.client.waitForPayment();
    await pass(500);
    tab.client.stop();
    expect(await waiting).toMatchObject({ kind: 'checking' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('when it is used after a stop, then it begins again', async () => {
    const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
    void tab.client.waitForPayment();
    await pass(100);
    tab.client.stop();
    expect(await tab.client.waitForPayment()).toMatchObject({ kind: 'paid' });
  });
});
