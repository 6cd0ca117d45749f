/** The browser client: placeholder until its state machine stands. */
export const PAYMENT_CLIENT_VERSION = 1;
