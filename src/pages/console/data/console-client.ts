/** The one place that calls the service: adds the CSRF token, understands problem+json, notices an ended session. */
import { ConsoleProblem, problemOf } from './console-problem.js';
import { noteServerTime } from './server-clock.js';

/** Longer than the longest deadline of the service's own. */
const ANSWER_DEADLINE_MS = 20_000;

export interface ConsoleRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  readonly csrfToken?: string;
  /** The same key makes the same call only once. */
  readonly idempotencyKey?: string;
}

/**
 * @returns the answer's JSON, `null` when it has none
 * @throws {ConsoleProblem} when the answer is not a success or none came in 20 s
 */
export async function callConsole<T>(path: string, request: ConsoleRequest = {}): Promise<T> {
  const { method = 'GET', body, csrfToken, idempotencyKey } = request;
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(csrfToken === undefined ? {} : { 'X-CSRF-Token': csrfToken }),
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => null);
  if (response === null) throw unreachable();
  noteServerTime(response.headers.get('Date'));
  const answered: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    throw problemOf(response.status, answered, response.headers.get('X-Request-Id'));
  }
  return answered as T;
}

function unreachable(): ConsoleProblem {
  return new ConsoleProblem({
    detail: 'The service cannot be reached. What was asked for may have been done or not.',
    code: 'unreachable',
    status: 0,
    requestId: null,
  });
}
