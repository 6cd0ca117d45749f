/** What {@link PaymentClient.payAgain} rejects with. The messages are for the log; the payer reads the state's. */

/** There must be no payment now. */
export class PaymentNotAllowed extends Error {
  readonly code = 'payment_not_allowed';
  /** For the payer. */
  readonly safeMessage: string;

  constructor(safeMessage: string) {
    super('payAgain: the state is not pay_again, or the service does not allow it any more');
    this.name = 'PaymentNotAllowed';
    this.safeMessage = safeMessage;
  }
}

/** The service may have started a payment, or not: no other must be started before it has been asked. */
export class PaymentUnconfirmed extends Error {
  readonly code = 'payment_unconfirmed';
  /** For the payer. */
  readonly safeMessage: string;

  constructor(safeMessage: string) {
    super('payAgain: the call came to no answer');
    this.name = 'PaymentUnconfirmed';
    this.safeMessage = safeMessage;
  }
}

/** @param outcome `unknown` when the call may have been taken */
export function payFailure(outcome: 'unknown' | 'not_started', safeMessage: string): Error {
  return outcome === 'unknown'
    ? new PaymentUnconfirmed(safeMessage)
    : new PaymentNotAllowed(safeMessage);
}
