/**
 * The browser client: what a payer's page or a till shows of a payment. One state machine for the three ways to pay. It
 * never shows `paid` but by an answer of the service, offers a payment only where the service has just said that the
 * last try is over unpaid, and keeps nothing: a page that is loaded again asks again.
 */
import type { PaymentClient, PaymentClientOptions } from './client-interface.js';
import { PaymentFlow } from './payment-flow.js';

export type { Channel, EventSource, PaymentClientEnvironment } from './client-environment.js';
export type { PaymentClient, PaymentClientOptions, PosResult } from './client-interface.js';
export { PaymentNotAllowed, PaymentUnconfirmed } from './payment-errors.js';
export type { DoNotPayReason, EndState, PaymentState } from './payment-state.js';

/** Makes the client of one order. It asks nothing before it is told to. */
export function createPaymentClient(options: PaymentClientOptions): PaymentClient {
  return new PaymentFlow(options);
}
