import type { OrderAnswer } from '../../../api/answer-schemas.js';
import { parseMajor } from '../../../domain/money.js';
import type { ConsoleApi } from '../data/console-api.js';
import { asConsoleProblem, ConsoleProblem } from '../data/console-problem.js';
import { refundKey, settleRefundKey } from './refund-key.js';

/**
 * Asks for a refund. The same wish again after a try without an answer is the same refund.
 * @param typed the amount in major units, as it stands in the form
 * @returns the amount in minor units
 * @throws {ConsoleProblem} when the amount is none, or the service refuses or does not answer
 */
export async function sendRefund(
  api: ConsoleApi,
  { merchantOrderNo, currency }: OrderAnswer,
  typed: { readonly amount: string; readonly reason: string },
): Promise<number> {
  const amountMinor = parseMajor(typed.amount, currency);
  if (amountMinor === null || amountMinor === 0) throw wrongAmount(currency);
  const wish = { amount: amountMinor, reason: typed.reason.trim() };
  try {
    await api.refund(merchantOrderNo, wish, refundKey(merchantOrderNo, wish));
    settleRefundKey(merchantOrderNo, wish);
  } catch (error) {
    if (!asConsoleProblem(error).isOutcomeUnknown) settleRefundKey(merchantOrderNo, wish);
    throw error;
  }
  return amountMinor;
}

function wrongAmount(currency: string): ConsoleProblem {
  return new ConsoleProblem({
    detail: `The amount is no amount of ${currency}.`,
    code: 'amount_invalid',
    status: 422,
    requestId: null,
  });
}
