/** Two tabs of one browser with the same order. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PaymentNotAllowed } from '../../src/client/payment-client.js';
import {
  answer,
  Browser,
  pass,
  payable,
  problem,
  type Service,
  Tab,
  useFakeClock,
} from './fake-tab.js';

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

function twoTabs(service: Service): readonly [Tab, Tab] {
  const browser = new Browser();
  return [new Tab(service, { browser }), new Tab(service, { browser })];
}

/** Two tabs that both offer to pay again. */
async function twoThatOffer(): Promise<readonly [Tab, Tab]> {
  const tabs = twoTabs(() => answer('pay_again'));
  await Promise.all(tabs.map(({ client }) => client.checkNow()));
  await pass(10);
  expect(tabs.map(({ client }) => client.state.kind)).toEqual(['pay_again', 'pay_again']);
  return tabs;
}

function payCalls(tabs: readonly Tab[]): number {
  return tabs.flatMap((tab) => tab.callsOf('pay')).length;
}

it.each(['show_success', 'contact_support', 'show_canceled'] as const)(
  'when one tab learns %s, then the other asks the service and shows the same',
  async (action) => {
    const [one, other] = twoTabs(() => answer(action));
    await one.client.checkNow();
    await pass(10);
    expect(other.client.state).toEqual(one.client.state);
    expect(other.callsOf('verify')).toHaveLength(1);
  },
);

it('when one tab learns the end, then the other, that waits, does not wait on', async () => {
  const [one, other] = twoTabs(() => answer('keep_polling'));
  const waiting = other.client.waitForPayment();
  await pass(300);
  one.service = () => answer('show_success');
  other.service = () => answer('show_success');
  await one.client.checkNow();
  await pass(10);
  expect(await waiting).toMatchObject({ kind: 'paid' });
});

it('when another tab says paid and the service does not, then this tab is not paid', async () => {
  const [one, other] = twoTabs(() => answer('show_success'));
  other.service = () => answer('keep_polling');
  await one.client.checkNow();
  await pass(10);
  expect(one.client.state.kind).toBe('paid');
  expect(other.client.state.kind).toBe('idle');
});

it('when two tabs learn different things, then they do not keep each other asking', async () => {
  const [one, other] = twoTabs(() => answer('pay_again'));
  other.service = () => answer('contact_support');
  await Promise.all([one.client.checkNow(), other.client.checkNow()]);
  await pass(5_000);
  expect(one.calls.length + other.calls.length).toBeLessThanOrEqual(4);
});

it('when both are clicked at the same moment, then one call goes out and both get its answer', async () => {
  const tabs = await twoThatOffer();
  for (const tab of tabs)
    tab.service = ({ action }) => (action === 'pay' ? payable() : answer('keep_polling'));
  const both = Promise.all(tabs.map(({ client }) => client.payAgain()));
  await pass(500);
  expect(await both).toEqual([
    { paymentUrl: 'https://pay.example/p/1' },
    { paymentUrl: 'https://pay.example/p/1' },
  ]);
  expect(payCalls(tabs)).toBe(1);
});

it('when one is clicked, then the other shows it, waits for the new try and offers no second one', async () => {
  const tabs = await twoThatOffer();
  const [one, other] = tabs;
  for (const tab of tabs)
    tab.service = ({ action }) => (action === 'pay' ? payable() : answer('keep_polling'));
  const paying = one.client.payAgain();
  await pass(10);
  expect(other.client.state.kind).toBe('paying_again');
  await pass(500);
  await paying;
  expect(other.client.state.kind).toBe('checking');
  expect(payCalls(tabs)).toBe(1);
  one.client.stop();
  other.client.stop();
});

it("when the other is clicked while the first one calls, then it gets the first one's answer", async () => {
  const tabs = await twoThatOffer();
  const [one, other] = tabs;
  one.service = ({ action }) => (action === 'pay' ? payable() : answer('keep_polling'));
  const first = one.client.payAgain();
  await pass(50);
  const second = other.client.payAgain();
  await pass(500);
  expect(await second).toEqual(await first);
  expect(payCalls(tabs)).toBe(1);
});

it('when a tab that is opened meanwhile claims too, then the one that calls keeps it', async () => {
  const browser = new Browser();
  const one = new Tab(() => answer('pay_again'), { browser, random: () => 0.9 });
  await one.client.checkNow();
  one.service = () => 'hang';
  const first = one.client.payAgain().catch((error: unknown) => error);
  await pass(1_000);
  const late = new Tab(({ action }) => (action === 'pay' ? payable() : answer('pay_again')), {
    browser,
    random: () => 0.1,
  });
  await late.client.checkNow();
  const second = late.client.payAgain().catch((error: unknown) => error);
  await pass(15_000);
  await first;
  expect(await second).toBeInstanceOf(PaymentNotAllowed);
  expect(payCalls([one, late])).toBe(1);
});

it('when the tab that pays again is refused, then the other asks what holds', async () => {
  const tabs = await twoThatOffer();
  const [one, other] = tabs;
  for (const tab of tabs) {
    tab.service = ({ action }) =>
      action === 'pay' ? problem(409, 'order_final') : answer('show_success');
  }
  const first = one.client.payAgain().catch((error: unknown) => error);
  await pass(500);
  expect(await first).toBeInstanceOf(PaymentNotAllowed);
  expect(tabs.map(({ client }) => client.state.kind)).toEqual(['paid', 'paid']);
  expect(other.callsOf('pay')).toHaveLength(0);
});

it('when the tab that pays again is gone, then the other looks after a while', async () => {
  const tabs = await twoThatOffer();
  const [one, other] = tabs;
  one.service = () => 'hang';
  other.service = () => answer('keep_polling');
  void one.client.payAgain().catch(() => undefined);
  await pass(200);
  one.client.stop();
  await pass(26_000);
  expect(other.client.state).toMatchObject({ reason: 'not_confirmed' });
});

it('when the orders differ or a channel brings nonsense, then nothing is asked', async () => {
  const browser = new Browser();
  const tab = new Tab(() => answer('pay_again'), { browser });
  await tab.client.checkNow();
  for (const message of [null, 1, 'paid', {}, { kind: 'ended' }, { kind: 'started', id: 'x' }]) {
    for (const channel of browser.channels) channel.onmessage?.({ data: message } as MessageEvent);
  }
  await pass(100);
  expect(tab.calls).toHaveLength(1);
  expect(tab.client.state.kind).toBe('pay_again');
});

it('when there is no channel, then each tab is alone and works', async () => {
  const tab = new Tab(({ action }) => (action === 'pay' ? payable() : answer('pay_again')), {
    hasChannel: false,
  });
  await tab.client.checkNow();
  expect(await tab.client.payAgain()).toMatchObject({ paymentUrl: expect.any(String) });
});
