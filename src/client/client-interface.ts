/** What a page sees of the client. */
import type { PaymentClientEnvironment } from './client-environment.js';
import type { PaymentState } from './payment-state.js';

export interface PaymentClientOptions {
  readonly merchantOrderNo: string;
  /** Of this order alone; from the answer that created it. */
  readonly verifyToken: string;
  /** Address of the service; default the page's own origin. */
  readonly baseUrl?: string;
  /** For tests and special transports; default the browser's. */
  readonly environment?: Partial<PaymentClientEnvironment>;
}

/** What the terminal gave back to the till. Only the code and the message go to the service, never `bizData`. */
export interface PosResult {
  readonly responseCode: string;
  readonly responseMsg?: string | undefined;
  readonly bizData?: unknown;
}

export interface PaymentClient {
  readonly state: PaymentState;
  /** Called at once with the state as it is, then at each change. @returns how to end it */
  subscribe(listener: (state: PaymentState) => void): () => void;
  /**
   * After a payment was started, and after every return: asks every 2 s for up to 60 s, as the service says. A second
   * call joins the one that runs. Source: CodePay guide, 3.2.
   * @returns the end state; after {@link PaymentClient.stop} the state as it is. Never rejects, nor do the next two
   */
  waitForPayment(): Promise<PaymentState>;
  /**
   * "Payment completed": one definite look; what is not confirmed ends as `do_not_pay_again`. A wait that runs becomes
   * that look. Source: CodePay guide, 3.3.
   */
  checkNow(): Promise<PaymentState>;
  /**
   * Hands the terminal's result to the service; `null` when the terminal gave no answer. "Canceled by user", and the
   * gateway says that nobody has paid: `pay_again`. Everything else is waited for. Source: CodePay guide, 3.1.
   */
  reportPosResult(result: PosResult | null): Promise<PaymentState>;
  /**
   * Asks for payment again under the same number; only in the state `pay_again`. Double clicks and two tabs make one
   * call. Afterwards the state is `idle`: start the payment, then wait for it.
   * @returns where to send the payer, `null` where there is no page
   * @throws {PaymentNotAllowed} in any other state, or when the service does not allow it any more: the state says why
   * @throws {PaymentUnconfirmed} when it is not known whether the service has taken the call
   */
  payAgain(): Promise<{ readonly paymentUrl: string | null }>;
  /** Ends everything that runs; the state stays as it is. Any call begins again. */
  stop(): void;
}
