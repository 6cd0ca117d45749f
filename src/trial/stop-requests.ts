/** How a person, or whatever started this, asks the trial service to stop. */

/** npm passes on the signal that the terminal has sent already, so a second one this soon is the same one. */
const SAME_REQUEST_MS = 700;
const PARENT_CHECK_MS = 1_000;

export interface StopRequests {
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** Ends the listening. */
  close(): void;
}

/**
 * Listens for Ctrl-C, SIGTERM and a closed terminal. Under npm, the end of npm counts as well: a shell between the two
 * may have kept a signal for itself.
 * @param onImpatience called when a person asks a second time
 */
export function listenForStop(onImpatience: () => void): StopRequests {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const request = () => {
    if (firstMs === null) {
      firstMs = Date.now();
      controller.abort();
    } else if (Date.now() - firstMs >= SAME_REQUEST_MS) onImpatience();
  };
  const hangup = () => {
    firstMs ??= Date.now();
    controller.abort();
  };
  process.on('SIGINT', request);
  process.on('SIGTERM', request);
  process.on('SIGHUP', hangup);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) hangup();
  }, PARENT_CHECK_MS).unref();
  return {
    signal: controller.signal,
    close: () => {
      clearInterval(timer);
      process.off('SIGINT', request);
      process.off('SIGTERM', request);
      process.off('SIGHUP', hangup);
    },
  };
}
