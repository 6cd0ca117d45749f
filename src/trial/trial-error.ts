/** What can go wrong while the trial mode is set up. */
export type TrialErrorCode =
  | 'component_unavailable'
  | 'port_in_use'
  | 'not_ready'
  | 'settings_invalid'
  | 'interrupted';

/**
 * Thrown when the trial mode cannot go on. Its message is one line for the person at the terminal: what is wrong and
 * what to do. It never holds a secret.
 */
export class TrialError extends Error {
  override readonly name = 'TrialError';

  constructor(
    readonly code: TrialErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
