/** Stands in for node:timers/promises in the bundle. */

/** @param delayMs in simulated time while a seed runs */
export async function setTimeout<T>(delayMs: number, value?: T): Promise<T | undefined> {
  await new Promise<void>((resolve) => {
    globalThis.setTimeout(resolve, delayMs);
  });
  return value;
}
