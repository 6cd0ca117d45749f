/** Starting and stopping of the worker's process. */
import type { Logger } from 'pino';

const RETRY_MS = 1_000;

/** Set when the process was asked to stop. */
export interface StopRequest {
  isRequested: boolean;
}

/** Watches for the signals that end a process. */
export function onStopSignal(shutdown: () => void): StopRequest {
  const stop: StopRequest = { isRequested: false };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop.isRequested = true;
      shutdown();
    });
  }
  return stop;
}

/** Start-up waits for what it needs, and says what it waits for. */
export async function untilDone(
  part: string,
  logger: Logger,
  stop: StopRequest,
  step: () => Promise<void>,
): Promise<void> {
  while (!stop.isRequested) {
    try {
      await step();
      return;
    } catch (error) {
      logger.warn({ event: 'worker.waiting', err: error }, `waiting for ${part}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export async function isDown(ping: () => Promise<void>): Promise<boolean> {
  return await ping().then(
    () => false,
    () => true,
  );
}
