/** A look at the service while nothing runs: when the page comes back, or another tab has come to an end. */
import type { CheckedEnd, CheckPorts } from './check-run.js';
import { outcomeOf } from './outcome.js';
import { doNotPayAgain, type PaymentState } from './payment-state.js';

/**
 * Asks once. Nobody who waits for nothing is told to wait.
 * @returns what is to be shown instead; `null` when what is shown still holds, or nothing was answered
 */
export async function quietLook(
  now: { readonly shown: PaymentState; readonly isCanceledAtTerminal: boolean },
  { environment, calls, merchantOrderNo, isPayAgainOutdated }: CheckPorts,
  signal: AbortSignal,
): Promise<CheckedEnd | null> {
  const { shown, isCanceledAtTerminal } = now;
  const askedAtMs = environment.now();
  const reply = await calls.verify(signal);
  if (reply.kind !== 'answer') return null;
  const end = outcomeOf(reply.answer, {
    merchantOrderNo,
    isCanceledAtTerminal,
    isPayAgainOutdated: isPayAgainOutdated(askedAtMs),
  });
  // Before the first payment of a page there is nothing to pay again.
  if (shown.kind === 'idle' && end?.kind === 'pay_again') return null;
  if (end !== null) return { end, askedAtMs };
  if (shown.kind !== 'pay_again') return null;
  return { end: doNotPayAgain(merchantOrderNo, 'not_confirmed'), askedAtMs };
}
