/** "Payment completed": one definite look. Source: CodePay guide, 3.3. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PAYER_WORDS } from '../../src/domain/payer-words.js';
import { answer, ORDER_NO, pass, script, Tab, useFakeClock } from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

it('when it is paid, then the look says so', async () => {
  const tab = new Tab(script(answer('show_success')));
  expect(await tab.client.checkNow()).toMatchObject({ kind: 'paid' });
});

it.each(['keep_polling', 'check_later'] as const)(
  'when the service says %s, then the payer is told at once not to pay again',
  async (action) => {
    const tab = new Tab(script(answer(action)));
    expect(await tab.client.checkNow()).toEqual({
      kind: 'do_not_pay_again',
      reason: 'not_confirmed',
      message: PAYER_WORDS.check_later,
      merchantOrderNo: ORDER_NO,
    });
    expect(tab.calls).toHaveLength(1);
  },
);

it('when nothing answers, then it is tried three times and not for a minute', async () => {
  const tab = new Tab(script('network error'), { random: () => 0.5 });
  const look = tab.client.checkNow();
  await pass(6_000);
  expect(await look).toMatchObject({ kind: 'do_not_pay_again', reason: 'unreachable' });
  expect(tab.calls).toHaveLength(3);
});

it('when the second try is answered, then that counts', async () => {
  const tab = new Tab(script('network error', answer('show_success')), { random: () => 0.5 });
  const look = tab.client.checkNow();
  await pass(2_000);
  expect(await look).toMatchObject({ kind: 'paid' });
});

it('when a wait runs, then the look makes it ask at once and end with that answer', async () => {
  const tab = new Tab(script(answer('keep_polling')));
  const waiting = tab.client.waitForPayment();
  await pass(500);
  const look = tab.client.checkNow();
  await pass(0);
  expect(await look).toMatchObject({ reason: 'not_confirmed' });
  expect(await waiting).toEqual(await look);
  expect(tab.calls).toHaveLength(2);
});

it('when it was not confirmed and is looked at again later, then a payment is still found', async () => {
  const tab = new Tab(script(answer('check_later'), answer('show_success')));
  await tab.client.checkNow();
  expect(await tab.client.checkNow()).toMatchObject({ kind: 'paid' });
  expect(tab.kinds).toEqual(['idle', 'checking', 'do_not_pay_again', 'checking', 'paid']);
});

it('when the button is pressed five times, then one question goes out', async () => {
  const tab = new Tab(script(answer('show_success')));
  await Promise.all(Array.from({ length: 5 }, () => tab.client.checkNow()));
  expect(tab.calls).toHaveLength(1);
});
