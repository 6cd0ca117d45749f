/** What the payer's page is told to do next: only a definite end of this very try invites a payment. */
import { describe, expect, it } from 'vitest';
import type { AnswerWord } from '../../src/domain/evidence.js';
import { verifyAnswer } from '../../src/domain/verify-answer.js';
import { anOrder } from '../support/order-builder.js';

const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');

function nextAction(
  answer: AnswerWord,
  ages: { answerMs: number; attemptMs: number },
  isCanceledAtTerminal = false,
) {
  const at = (ageMs: number) => new Date(NOW_MS - ageMs).toISOString();
  const order = anOrder({
    attemptStartedAt: at(ages.attemptMs),
    lastAnswer: { queryId: 'q', answer, reason: 'verify', at: at(ages.answerMs) },
  });
  return verifyAnswer(order, NOW_MS, { isCanceledAtTerminal }).nextAction;
}

describe('the next action of an unpaid order', () => {
  it('when the gateway has just said that this try is over unpaid, then it may be paid again', () => {
    expect(nextAction('closed', { answerMs: 500, attemptMs: 20_000 })).toBe('pay_again');
  });

  it('when that was said before payment was asked for again, then the page waits for the new try', () => {
    expect(nextAction('closed', { answerMs: 500, attemptMs: 100 })).toBe('keep_polling');
  });

  it('when it was said a while ago, then nobody is invited to pay', () => {
    expect(nextAction('closed', { answerMs: 11_000, attemptMs: 20_000 })).toBe('check_later');
  });

  it.each(['open', 'paying', 'not_found'] as const)(
    'when the gateway says %s, then a young try is polled and an old one is looked at later',
    (answer) => {
      expect(nextAction(answer, { answerMs: 500, attemptMs: 59_000 })).toBe('keep_polling');
      expect(nextAction(answer, { answerMs: 500, attemptMs: 61_000 })).toBe('check_later');
    },
  );

  it.each(['open', 'paying', 'not_found'] as const)(
    'when the gateway said %s a while ago and not since, then a young try is not known either',
    (answer) => {
      expect(nextAction(answer, { answerMs: 11_000, attemptMs: 30_000 })).toBe('check_later');
    },
  );

  it('when the terminal says canceled and the gateway that it is being paid, then it is not known', () => {
    expect(nextAction('paying', { answerMs: 500, attemptMs: 30_000 }, true)).toBe('check_later');
    expect(nextAction('open', { answerMs: 500, attemptMs: 30_000 }, true)).toBe('keep_polling');
  });

  it('when nobody could say, then nobody is invited to pay', () => {
    expect(nextAction('unknown', { answerMs: 500, attemptMs: 1_000 })).toBe('check_later');
  });
});
