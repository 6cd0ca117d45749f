import { describe, expect, it } from 'vitest';
import type { LastAnswer } from '../../src/domain/order.js';
import { PAGE_WORDS, PAYER_WORDS } from '../../src/domain/payer-words.js';
import { verifyAnswer } from '../../src/domain/verify-answer.js';
import { anOrder, CREATED_MS } from '../support/order-builder.js';

describe('what a payer is told', () => {
  const invitations = ['pay_again', 'canceled_at_terminal', 'ready_to_pay'];
  const words = Object.entries({ ...PAYER_WORDS, ...PAGE_WORDS });

  it.each(words.filter(([name]) => !invitations.includes(name)))(
    'when it is %s, then nobody is invited to pay',
    (_name, text) => {
      expect(text).not.toMatch(/can pay|pay now|try again/i);
    },
  );

  it.each([
    'check_later',
    'contact_support',
    'offline',
    'unreachable',
    'not_authorised',
    'unconfirmed_start',
  ])('when it is not known whether it is paid (%s), then the payer is warned', (name) => {
    expect(Object.fromEntries(words)[name]).toMatch(/do not pay again/i);
  });
});

describe('an answer of the gateway that the try is over', () => {
  const at = (ms: number) => new Date(CREATED_MS + ms).toISOString();
  const closed = (changes: Partial<LastAnswer>): LastAnswer => ({
    queryId: 'q',
    answer: 'closed',
    reason: 'verify',
    at: at(1_000),
    ...changes,
  });
  const told = (lastAnswer: LastAnswer, attemptStartedMs: number, nowMs: number) =>
    verifyAnswer(
      anOrder({ lastAnswer, attemptStartedAt: at(attemptStartedMs) }),
      CREATED_MS + nowMs,
    ).nextAction;

  it('when it is of this try and young, then the payer may pay again', () => {
    expect(told(closed({}), 0, 11_000)).toBe('pay_again');
    expect(told(closed({}), 0, 11_001)).toBe('check_later');
  });

  it.each([
    ['came before the try began', closed({}), 1_500],
    ['was asked for by paying again, on a clock that is ahead', closed({ reason: 'pay' }), 500],
  ])('when it %s, then the new try is waited for', (_what, lastAnswer, attemptStartedMs) => {
    expect(told(lastAnswer, attemptStartedMs, 2_000)).toBe('keep_polling');
    expect(told(lastAnswer, attemptStartedMs, 62_000)).toBe('check_later');
  });
});
