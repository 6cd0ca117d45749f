/** The pause between two questions. */
import type { PaymentClientEnvironment } from './client-environment.js';

/** How long to wait until the next question, after so many that came to nothing one after another. */
const BACK_OFF_MS_MAX = 15_000;

/**
 * Growing and uneven, so that a service that comes back is not met by all pages at once.
 * @param failures questions in a row without an answer; 0 after an answer
 */
export function pauseMs(options: {
  readonly pollAfterMs: number;
  readonly failures: number;
  readonly random: number;
}): number {
  const { pollAfterMs, failures, random } = options;
  if (failures === 0) return pollAfterMs;
  const backOffMs = Math.min(pollAfterMs * 2 ** (failures - 1), BACK_OFF_MS_MAX);
  return backOffMs * (0.75 + random / 2);
}

export interface Pause {
  /** Resolves when the time is over, {@link Pause.end} is called, or the signal aborts. */
  wait(
    delayMs: number,
    options: { readonly isFixed: boolean; readonly signal: AbortSignal },
  ): Promise<void>;
  /** Something has changed: ends the pause that runs, unless it is fixed because the service asked for it. */
  end(): void;
}

export function createPause({ setTimeout, clearTimeout }: PaymentClientEnvironment): Pause {
  let wake: (() => void) | null = null;
  return {
    wait: async (delayMs, { isFixed, signal }) => {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          wake = null;
          resolve();
        };
        const timer = setTimeout(finish, delayMs);
        signal.addEventListener('abort', finish);
        if (!isFixed) wake = finish;
      });
    },
    end: () => wake?.(),
  };
}
