/** Asking for payment again: one call to the service, and only on a word of it that is fresh. */
import { PAGE_WORDS } from '../domain/payer-words.js';
import { type CheckedEnd, type CheckPorts, checkPlan, runChecks } from './check-run.js';
import { doNotPayAgain, payingAgain } from './payment-state.js';

/** So long "over, unpaid" may be acted on; the service itself gives it no longer. */
const EVIDENCE_MS_MAX = 10_000;

/** So long the record may still tell of the try before. */
const RECORD_AGE_MS = 2_500;

/** So long the service may still be at a call to pay that came to no answer. */
const UNKNOWN_PAY_MS = 10_000;

/** How long after a call to pay an answer "over, unpaid" says nothing about the new try. */
export function outdatedForMs(outcome: PayOutcome['kind']): number {
  if (outcome === 'not_started') return 0;
  return outcome === 'started' ? RECORD_AGE_MS : UNKNOWN_PAY_MS;
}

/** What the state `pay_again` stands on. It is used up by one call. */
export interface PayAgainEvidence {
  /** Epoch ms. */
  readonly askedAtMs: number;
  readonly isCanceledAtTerminal: boolean;
}

/** Where to send the payer; `null` where there is no page. */
export interface Started {
  readonly paymentUrl: string | null;
}

/** A call to pay that runs. */
export interface Paying {
  readonly promise: Promise<Started>;
  readonly controller: AbortController;
}

export type PayOutcome =
  | { readonly kind: 'started'; readonly paymentUrl: string | null }
  /** @see end what to show instead; `null` when the signal aborted it */
  | { readonly kind: 'not_started'; readonly end: CheckedEnd | null }
  /** The call may have been taken. */
  | { readonly kind: 'unknown'; readonly end: CheckedEnd };

/** Makes at most one call to pay, and never repeats it. */
export async function payOnce(
  evidence: PayAgainEvidence,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<PayOutcome> {
  const { merchantOrderNo, environment, calls } = ports;
  const look = async () =>
    await runChecks(checkPlan('look', evidence.isCanceledAtTerminal), quiet(ports), signal);
  const ageMs = environment.now() - evidence.askedAtMs;
  if (ageMs < 0 || ageMs > EVIDENCE_MS_MAX) {
    const checked = await look();
    if (checked?.end.kind !== 'pay_again') return { kind: 'not_started', end: checked };
  }
  if (signal.aborted) return { kind: 'not_started', end: null };
  const askedAtMs = environment.now();
  const reply = await calls.pay(signal);
  switch (reply.kind) {
    case 'started':
      return reply;
    case 'refused': {
      const checked = await look();
      // Refused, and yet "pay again": the two answers are of different moments.
      if (checked?.end.kind !== 'pay_again') return { kind: 'not_started', end: checked };
      const end = doNotPayAgain(merchantOrderNo, 'not_confirmed');
      return { kind: 'not_started', end: { end, askedAtMs } };
    }
    case 'not_authorised': {
      const end = doNotPayAgain(merchantOrderNo, 'not_authorised');
      return { kind: 'not_started', end: { end, askedAtMs } };
    }
    case 'unknown': {
      const end = doNotPayAgain(merchantOrderNo, 'unreachable', PAGE_WORDS.unconfirmed_start);
      return { kind: 'unknown', end: { end, askedAtMs } };
    }
  }
}

/** To the payer the look is part of paying again; only being offline has to be told. */
function quiet(ports: CheckPorts): CheckPorts {
  return {
    ...ports,
    show: (state) =>
      ports.show(state.kind === 'checking' && state.isOffline ? state : payingAgain()),
  };
}
