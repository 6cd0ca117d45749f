const INTERVAL_MS = 20;

/**
 * Polls until the probe gives something other than null, undefined or false; replaces sleeping.
 * @throws {Error} with the promise that was not kept, after the deadline
 */
export async function eventually<T>(
  promise: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  deadlineMs = 15_000,
): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  let lastError: unknown;
  while (Date.now() < endMs) {
    try {
      const value = await probe();
      if (value !== null && value !== undefined && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  throw new Error(`not within ${deadlineMs} ms: ${promise}`, { cause: lastError });
}
