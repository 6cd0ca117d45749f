import type { ManagedProcess } from './managed-process.js';
import { TrialError } from './trial-error.js';

const POLL_MS = 100;
const HTTP_TIMEOUT_MS = 5_000;
const LINES_SHOWN = 15;

export interface ReadinessWait {
  /** The part's name as a person says it. */
  readonly name: string;
  readonly deadlineMs: number;
  readonly probe: () => Promise<boolean>;
  /** Aborted when nobody waits any more. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until a started process answers.
 * @throws {TrialError} `not_ready`, with the last lines of its output, when it ends or stays silent; `interrupted`
 */
export async function waitUntilReady(
  child: Pick<ManagedProcess, 'isRunning' | 'tail' | 'ended'>,
  { name, deadlineMs, probe, signal }: ReadinessWait,
): Promise<void> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    if (signal?.aborted)
      throw new TrialError('interrupted', `${name}: stopped before it was ready`);
    if (await probe()) return;
    const shown = () => child.tail().slice(-LINES_SHOWN).join('\n');
    if (!child.isRunning()) {
      const how = await child.ended;
      throw new TrialError('not_ready', `${name} ${how} before it was ready.\n${shown()}`);
    }
    if (Date.now() >= endMs) {
      throw new TrialError(
        'not_ready',
        `${name} is not ready after ${deadlineMs / 1_000} s.\n${shown()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Whether an address answers with a status below 400. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}
