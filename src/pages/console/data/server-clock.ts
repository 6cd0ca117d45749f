/**
 * The service's time as this browser knows it. Ages are told from the service's times, so a laptop with a wrong clock
 * must not make an order look older than it is.
 */

/** Smaller differences are the way of the answer and the header's whole seconds. */
const TOLERATED_MS = 5_000;

let offsetMs = 0;

/** @param dateHeader `Date` of an answer that has just come */
export function noteServerTime(dateHeader: string | null): void {
  const serverMs = Date.parse(dateHeader ?? '');
  if (Number.isNaN(serverMs)) return;
  const differenceMs = serverMs - Date.now();
  offsetMs = Math.abs(differenceMs) > TOLERATED_MS ? differenceMs : 0;
}

/** Milliseconds since 1970 by the service's clock. */
export function serverNowMs(): number {
  return Date.now() + offsetMs;
}
