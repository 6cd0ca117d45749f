/** What is no answer of the service about this order never ends anything. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answer, pass, type Reaction, script, Tab, useFakeClock } from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

it.each<[string, Reaction]>([
  ["a proxy's page", { status: 200, body: '<html>Sign in</html>' }],
  ["a proxy's page of an error", { status: 502, body: '<html>Bad gateway</html>' }],
  ["a proxy's not found", { status: 404, body: '<html>Not found</html>' }],
  ['an error of the service', { status: 500, body: { code: 'internal' } }],
  ['null', { status: 200, body: null }],
  ['a number', { status: 200, body: 1 }],
  ['an empty object', { status: 200, body: {} }],
  ['another order', answer('show_success', { merchantOrderNo: 'A-2' })],
  ['an action nobody knows', answer('show_success', { nextAction: 'celebrate' })],
  ['an action of the prototype', answer('show_success', { nextAction: 'constructor' })],
  ['paid, and keep polling', answer('keep_polling', { paid: true })],
  ['paid, and pay again', answer('pay_again', { paid: true, status: 'paid' })],
  ['success, and not paid', answer('show_success', { paid: false })],
  ['success, and pending', answer('show_success', { status: 'pending' })],
  ['success, and refunded', answer('show_success', { status: 'refunded' })],
  ['"true" for true', answer('show_success', { paid: 'true' })],
  ['pay again, and canceled', answer('pay_again', { status: 'canceled' })],
  ['pay again, and in review', answer('pay_again', { status: 'review' })],
  ['closed, and pending', answer('show_canceled', { status: 'pending' })],
  ['in review, and paid', answer('contact_support', { status: 'paid' })],
  ['no times', answer('pay_again', { pollAfterMs: undefined })],
  ['a time that is no number', answer('show_success', { pollForMs: 'soon' })],
  ['success as a created', { ...(answer('show_success') as { body: unknown }), status: 201 }],
])('when the service seems to say %s, then it goes on asking', async (_what, reaction) => {
  const tab = new Tab(script(reaction, answer('contact_support')));
  const waiting = tab.client.waitForPayment();
  await pass(3_000);
  expect(await waiting).toMatchObject({ reason: 'in_review' });
  expect(tab.kinds).toEqual(['idle', 'checking', 'do_not_pay_again']);
});

it('when the times are absurd, then the service is neither flooded nor asked for ever', async () => {
  const tab = new Tab(script(answer('keep_polling', { pollAfterMs: 0, pollForMs: 1e12 })));
  const waiting = tab.client.waitForPayment();
  await pass(10_000);
  expect(tab.calls.length).toBeLessThanOrEqual(21);
  await pass(600_000);
  expect(await waiting).toMatchObject({ reason: 'not_confirmed' });
});

it('when the message is no text, then the words of the action are shown', async () => {
  const tab = new Tab(script(answer('show_success', { message: { html: '<b>' } })));
  expect(await tab.client.waitForPayment()).toMatchObject({
    message: 'Payment received. Thank you.',
  });
});
