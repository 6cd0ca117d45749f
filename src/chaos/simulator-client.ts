/** Tells the simulator what payers and tills do. It may be away: then the order goes on as its amount says. */

const TIMEOUT_MS = 2_000;

/** @returns whether it was taken, or had been taken before */
export type TellSimulator = (path: string, body: object) => Promise<boolean>;

export function tellSimulatorAt(url: string): TellSimulator {
  return async (path, body) => {
    try {
      const response = await fetch(`${url}/control${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      return response.ok || response.status === 409;
    } catch {
      return false;
    }
  };
}
