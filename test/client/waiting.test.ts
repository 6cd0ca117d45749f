/** Waiting for a payment. Source: CodePay guide, 3.2. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PAYER_WORDS } from '../../src/domain/payer-words.js';
import { answer, ORDER_NO, pass, problem, script, Tab, useFakeClock } from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['show_success', {}, { kind: 'paid', message: PAYER_WORDS.show_success }],
  ['show_success', { status: 'partially_refunded' }, { kind: 'paid' }],
  ['pay_again', {}, { kind: 'pay_again', message: PAYER_WORDS.pay_again }],
  ['show_canceled', {}, { kind: 'do_not_pay_again', reason: 'closed' }],
  [
    'show_canceled',
    { status: 'refunded', message: 'This payment was refunded.' },
    { kind: 'do_not_pay_again', reason: 'refunded', message: 'This payment was refunded.' },
  ],
  ['contact_support', {}, { kind: 'do_not_pay_again', reason: 'in_review' }],
] as const)(
  'when the service says %s %o, then the wait ends as %o',
  async (action, changes, end) => {
    const tab = new Tab(script(answer('keep_polling'), answer(action, changes)));
    const waiting = tab.client.waitForPayment();
    await pass(2_000);
    expect(await waiting).toMatchObject({ ...end, merchantOrderNo: ORDER_NO });
    expect(tab.kinds).toEqual(['idle', 'checking', end.kind]);
    expect(tab.calls).toHaveLength(2);
  },
);

it('when the service has words of its own, then they are shown', async () => {
  const tab = new Tab(script(answer('show_success', { message: 'Danke.' })));
  expect(await tab.client.waitForPayment()).toMatchObject({ kind: 'paid', message: 'Danke.' });
});

it.each(['keep_polling', 'check_later'] as const)(
  'when the service says %s to the end, then it is asked every 2 s for 60 s and nothing is confirmed',
  async (action) => {
    const tab = new Tab(script(answer(action)));
    const startedAtMs = Date.now();
    const waiting = tab.client.waitForPayment();
    await pass(59_999);
    expect(tab.client.state).toEqual({
      kind: 'checking',
      message: PAYER_WORDS.keep_polling,
      isOffline: false,
      startedAtMs,
    });
    await pass(1);
    expect(await waiting).toEqual({
      kind: 'do_not_pay_again',
      reason: 'not_confirmed',
      message: PAYER_WORDS.check_later,
      merchantOrderNo: ORDER_NO,
    });
    expect(tab.calls.map(({ atMs }) => atMs - startedAtMs)).toEqual(
      Array.from({ length: 31 }, (_, index) => index * 2_000),
    );
    expect(tab.kinds).toEqual(['idle', 'checking', 'do_not_pay_again']);
  },
);

it('when the service names other times, then they count', async () => {
  const tab = new Tab(script(answer('keep_polling', { pollAfterMs: 5_000, pollForMs: 12_000 })));
  const waiting = tab.client.waitForPayment();
  await pass(12_000);
  expect(await waiting).toMatchObject({ reason: 'not_confirmed' });
  const first = tab.calls[0]?.atMs ?? 0;
  expect(tab.calls.map(({ atMs }) => atMs - first)).toEqual([0, 5_000, 10_000, 12_000]);
});

it('when the payment is learnt at the last question, then it is paid', async () => {
  const open = Array.from({ length: 30 }, () => answer('keep_polling'));
  const tab = new Tab(script(...open, answer('show_success')));
  const waiting = tab.client.waitForPayment();
  await pass(60_000);
  expect(await waiting).toMatchObject({ kind: 'paid' });
});

it('when nothing answers, then questions come further apart and the service counts as unreachable', async () => {
  const tab = new Tab(script('network error'), { random: () => 0.5 });
  const waiting = tab.client.waitForPayment();
  await pass(60_000);
  expect(await waiting).toMatchObject({ kind: 'do_not_pay_again', reason: 'unreachable' });
  const first = tab.calls[0]?.atMs ?? 0;
  expect(tab.calls.map(({ atMs }) => (atMs - first) / 1_000)).toEqual([
    0, 2, 6, 14, 29, 44, 59, 60,
  ]);
});

it('when two pages lose the service at once, then they do not come back at once', async () => {
  const tabs = [0, 0.99].map(
    (random) => new Tab(script('network error'), { random: () => random }),
  );
  for (const tab of tabs) void tab.client.waitForPayment();
  await pass(3_000);
  const [one, other] = tabs.map(({ calls }) => calls[1]?.atMs ?? 0);
  expect(Math.abs((one ?? 0) - (other ?? 0))).toBeGreaterThan(500);
  for (const { client } of tabs) client.stop();
});

it.each([429, 503])(
  'when %i names a time, then it is kept, also when the page comes back',
  async (status) => {
    const tab = new Tab(script(problem(status, 'unavailable', '7'), answer('show_success')));
    const waiting = tab.client.waitForPayment();
    await pass(3_000);
    tab.show('visible');
    await pass(3_999);
    expect(tab.calls).toHaveLength(1);
    await pass(1);
    expect(await waiting).toMatchObject({ kind: 'paid' });
  },
);

it('when a request hangs, then it is aborted after 8 s and asked again', async () => {
  const tab = new Tab(script('hang', answer('show_success')));
  const waiting = tab.client.waitForPayment();
  await pass(8_000);
  expect(tab.calls[0]?.signal.aborted).toBe(true);
  await pass(3_000);
  expect(await waiting).toMatchObject({ kind: 'paid' });
});

it.each([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'order_not_found'],
  [404, 'not_found'],
])('when the token opens nothing (%i %s), then the page cannot say', async (status, code) => {
  const tab = new Tab(script(problem(status, code)));
  const end = await tab.client.waitForPayment();
  expect(end).toMatchObject({ kind: 'do_not_pay_again', reason: 'not_authorised' });
  expect(end.message).not.toMatch(/you are not|wrong|invalid|denied|your fault/i);
});

it('when it is waited for twice, then one question goes out and both get the end', async () => {
  const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
  const both = [tab.client.waitForPayment(), tab.client.waitForPayment()];
  await pass(2_000);
  expect(await Promise.all(both)).toMatchObject([{ kind: 'paid' }, { kind: 'paid' }]);
  expect(tab.calls).toHaveLength(2);
});

it('when it is paid, then asking again asks nothing', async () => {
  const tab = new Tab(script(answer('show_success')));
  await tab.client.waitForPayment();
  expect(await tab.client.checkNow()).toMatchObject({ kind: 'paid' });
  expect(tab.calls).toHaveLength(1);
});

it('when the service is asked, then with the token, by the number, and with nothing in the address', async () => {
  const tab = new Tab(script(answer('show_success')));
  await tab.client.waitForPayment();
  expect(tab.calls[0]).toMatchObject({
    method: 'GET',
    url: 'https://shop.example/v1/orders/A-1%7Cx/verify',
    authorization: 'Bearer token',
  });
});

it('when a listener throws, then the others hear and the wait goes on', async () => {
  const tab = new Tab(script(answer('show_success')));
  tab.client.subscribe(() => {
    throw new Error('a fault of the page');
  });
  expect(await tab.client.waitForPayment()).toMatchObject({ kind: 'paid' });
  expect(() => vi.runAllTimers()).toThrow('a fault of the page');
});
