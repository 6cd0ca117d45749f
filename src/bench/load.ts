/** Load over HTTP, and what is measured of it. */
import autocannon from 'autocannon';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answers: number;
}

/** Sends all requests once, over so many connections at a time. @throws when any is not answered with 2xx */
export async function sendAll(
  url: string,
  requests: readonly LoadRequest[],
  connections: number,
): Promise<LoadResult> {
  let next = 0;
  const startedMs = performance.now();
  // Its own duration is rounded up to whole seconds.
  let lastAnswerMs = startedMs;
  const result = await autocannon({
    url,
    connections,
    amount: requests.length,
    requests: [
      {
        setupRequest: (request) => {
          const chosen = requests[next % requests.length];
          next += 1;
          return { ...request, ...chosen };
        },
        onResponse: () => {
          lastAnswerMs = performance.now();
        },
      },
    ],
  });
  const seconds = (lastAnswerMs - startedMs) / 1_000;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} answers were no success, ${result.errors} calls failed`);
  }
  return {
    perSecond: result['2xx'] / seconds,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    answers: result['2xx'],
  };
}

/** Begins one act after another at an even pace, whether or not the ones before have ended. */
export async function paced<T>(
  items: readonly T[],
  perSecond: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const startedMs = performance.now();
  await Promise.all(
    items.map(async (item, index) => {
      const dueMs = startedMs + (index / perSecond) * 1_000;
      await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
      await act(item);
    }),
  );
}

/** Does the same for every item, so many at a time. */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
