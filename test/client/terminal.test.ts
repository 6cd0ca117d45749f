/** A till and its own terminal. Source: CodePay guide, 3.1. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE_WORDS } from '../../src/domain/payer-words.js';
import { answer, pass, payable, problem, script, Tab, useFakeClock } from './fake-tab.js';

const CANCELED = { responseCode: '110', responseMsg: '[K026] Canceled by user' };

beforeEach(useFakeClock);
afterEach(() => {
  vi.useRealTimers();
});

describe('canceled by the user', () => {
  it.each(['pay_again', 'keep_polling'] as const)(
    'when the gateway says that nobody has paid (%s), then the same order may be paid again',
    async (action) => {
      const tab = new Tab(script(answer(action)));
      expect(await tab.client.reportPosResult(CANCELED)).toMatchObject({
        kind: 'pay_again',
        message: PAGE_WORDS.canceled_at_terminal,
      });
      expect(tab.calls.map(({ action: called }) => called)).toEqual(['pos-result']);
    },
  );

  it.each([
    [answer('show_success'), { kind: 'paid' }],
    [answer('check_later'), { kind: 'do_not_pay_again', reason: 'not_confirmed' }],
    [answer('show_canceled'), { kind: 'do_not_pay_again', reason: 'closed' }],
    [answer('contact_support'), { kind: 'do_not_pay_again', reason: 'in_review' }],
    [problem(503, 'unavailable'), { kind: 'do_not_pay_again', reason: 'unreachable' }],
    ['network error', { kind: 'do_not_pay_again', reason: 'unreachable' }],
    [problem(404, 'order_not_found'), { kind: 'do_not_pay_again', reason: 'not_authorised' }],
  ] as const)(
    'when the service answers %o, then the terminal is not believed: %o',
    async (reaction, end) => {
      const tab = new Tab(script(reaction));
      const reported = tab.client.reportPosResult(CANCELED);
      await pass(20_000);
      expect(await reported).toMatchObject(end);
      expect(tab.kinds).not.toContain('pay_again');
    },
  );

  it('when the sale is begun again after long, then the gateway is asked and "open" suffices', async () => {
    const tab = new Tab(({ action }) =>
      action === 'pay' ? payable(null) : answer('keep_polling'),
    );
    await tab.client.reportPosResult(CANCELED);
    await pass(60_000);
    const paying = tab.client.payAgain();
    await pass(200);
    expect(await paying).toEqual({ paymentUrl: null });
    expect(tab.calls.map(({ action }) => action)).toEqual(['pos-result', 'verify', 'pay']);
  });
});

it('when the report of a cancellation does not get through, then it is sent again: the service answers by it', async () => {
  const tab = new Tab(script('network error', answer('check_later')));
  const reported = tab.client.reportPosResult(CANCELED);
  await pass(5_000);
  expect(await reported).toMatchObject({ kind: 'do_not_pay_again', reason: 'not_confirmed' });
  expect(tab.calls.map(({ action }) => action)).toEqual(['pos-result', 'pos-result']);
});

describe('everything else', () => {
  it.each([
    ['success', { responseCode: '000', responseMsg: 'Success' }],
    ['an error', { responseCode: '110', responseMsg: 'Card declined' }],
    ['a timeout', { responseCode: '112', responseMsg: 'timeout' }],
    ['a code nobody knows', { responseCode: 'XYZ' }],
    ['a number for a code', { responseCode: 999 as unknown as string }],
  ])(
    'when the terminal says %s, then it is waited for what the service says',
    async (_what, result) => {
      const tab = new Tab(script(answer('keep_polling'), answer('show_success')));
      const reported = tab.client.reportPosResult(result);
      await pass(2_000);
      expect(await reported).toMatchObject({ kind: 'paid' });
      expect(tab.calls.map(({ action }) => action)).toEqual(['pos-result', 'verify']);
      expect(tab.calls[0]?.body).toMatchObject({ responseCode: String(result.responseCode) });
    },
  );

  it.each([
    ['nothing', null],
    ['no object', 'OK' as unknown as null],
    ['no code', {} as unknown as null],
  ])('when the terminal gives %s, then the service alone is asked', async (_what, result) => {
    const tab = new Tab(script(answer('show_success')));
    expect(await tab.client.reportPosResult(result)).toMatchObject({ kind: 'paid' });
    expect(tab.calls.map(({ action }) => action)).toEqual(['verify']);
  });

  it('when the terminal says success and the gateway does not, then it is never paid', async () => {
    const tab = new Tab(script(answer('keep_polling')));
    const reported = tab.client.reportPosResult({ responseCode: '000' });
    await pass(60_000);
    expect(await reported).toMatchObject({ reason: 'not_confirmed' });
    expect(tab.kinds).not.toContain('paid');
  });

  it('when the report does not get through, then the question does', async () => {
    const tab = new Tab(script('network error', answer('show_success')));
    const reported = tab.client.reportPosResult({ responseCode: '000' });
    await pass(3_000);
    expect(await reported).toMatchObject({ kind: 'paid' });
    expect(tab.calls.map(({ action }) => action)).toEqual(['pos-result', 'verify']);
  });
});

it("when the result holds the payer's data, then code and message go out, cut to what is taken", async () => {
  const tab = new Tab(script(answer('show_success')));
  await tab.client.reportPosResult({
    responseCode: '0'.repeat(100),
    responseMsg: 'x'.repeat(5_000),
    bizData: { cardNo: '4111111111111111' },
  });
  expect(tab.calls[0]).toMatchObject({ method: 'POST' });
  expect(tab.calls[0]?.body).toEqual({
    responseCode: '0'.repeat(64),
    responseMsg: 'x'.repeat(1_000),
  });
});

it('when a wait runs, then the report takes its place and both end alike', async () => {
  const tab = new Tab(script(answer('keep_polling')));
  const waiting = tab.client.waitForPayment();
  await pass(500);
  const reported = tab.client.reportPosResult(CANCELED);
  await pass(0);
  expect(await reported).toMatchObject({ kind: 'pay_again' });
  expect(await waiting).toEqual(await reported);
});
