/** Every call of the console by its name. Paths and answers are those of the API below `/console`. */
import type { OrderAnswer } from '../../../api/answer-schemas.js';
import type {
  ConsoleSession,
  Overview,
  StoredCallback,
} from '../../../api/console/console-contract.js';
import type { AnomalyAnswer } from '../../../api/operator-schemas.js';
import type { RefundAnswer } from '../../../api/refund-answer-schemas.js';
import type { AuditEntry } from '../../../domain/audit.js';
import type { Explanation } from '../../../domain/explain.js';
import type { ReviewTarget } from '../../../domain/review.js';
import { type ConsoleRequest, callConsole } from './console-client.js';
import { ConsoleProblem } from './console-problem.js';

export interface OrderList {
  readonly data: readonly OrderAnswer[];
  readonly hasMore: boolean;
}

export interface RefundWish {
  /** Minor units. */
  readonly amount: number;
  readonly reason: string;
}

/** Which anomalies a list shows: open ones alone, or healed ones too. */
export type AnomalyState = 'open' | 'all';

/** The most that a list of anomalies gives at once. */
export const ANOMALIES_MAX = 100;

/** @returns `null` without a session */
export async function readSession(): Promise<ConsoleSession | null> {
  return await callConsole<ConsoleSession | null>('/console/session');
}

/** @throws {ConsoleProblem} `unauthenticated` for a wrong token, `rate_limited` after many */
export async function logIn(token: string): Promise<ConsoleSession> {
  await callConsole('/console/session', { method: 'POST', body: { token } });
  const session = await readSession();
  if (session !== null) return session;
  throw new ConsoleProblem({
    detail: 'The token is right, but the browser keeps no cookie of this page.',
    code: 'no_cookie',
    status: 0,
    requestId: null,
  });
}

export type ConsoleApi = ReturnType<typeof createConsoleApi>;

/**
 * The calls of one session. @param onSessionEnded told when the service no longer knows the session
 *
 * Over 50 lines because it lists every call that the pages make.
 */
export function createConsoleApi(session: ConsoleSession, onSessionEnded: () => void) {
  const call = async <T>(path: string, request: ConsoleRequest = {}): Promise<T> => {
    try {
      return await callConsole<T>(path, request);
    } catch (error) {
      if (error instanceof ConsoleProblem && error.status === 401) onSessionEnded();
      throw error;
    }
  };
  const change = async <T>(path: string, body: object = {}, idempotencyKey?: string) =>
    await call<T>(path, {
      method: 'POST',
      body,
      csrfToken: session.csrfToken,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  const listOf = async <T>(path: string) =>
    (await call<{ readonly data: readonly T[] }>(path)).data;
  return {
    overview: async () => await call<Overview>('/console/overview'),
    logOut: async () =>
      await call('/console/session', { method: 'DELETE', csrfToken: session.csrfToken }),

    orders: async (query: string) => await call<OrderList>(`/console/v1/orders?${query}`),
    order: async (no: string) => await call<OrderAnswer>(orderPath(no)),
    explanation: async (no: string) => await call<Explanation>(`${orderPath(no)}/explain`),
    audit: async (no: string) => await listOf<AuditEntry>(`${orderPath(no)}/audit`),
    refunds: async (no: string) => await listOf<RefundAnswer>(`${orderPath(no)}/refunds`),
    callback: async (id: string) =>
      await call<StoredCallback>(`/console/v1/callbacks/${encodeURIComponent(id)}`),
    anomalies: async (state: AnomalyState) =>
      await listOf<AnomalyAnswer>(`/console/v1/anomalies?state=${state}&limit=${ANOMALIES_MAX}`),
    openAnomaliesOf: async (no: string) =>
      await listOf<AnomalyAnswer>(
        `/console/v1/anomalies?merchantOrderNo=${encodeURIComponent(no)}&limit=${ANOMALIES_MAX}`,
      ),

    check: async (no: string) => await change(`${orderPath(no)}/check`),
    cancel: async (no: string) => await change(`${orderPath(no)}/cancel`),
    refund: async (no: string, wish: RefundWish, idempotencyKey: string) =>
      await change<RefundAnswer>(`${orderPath(no)}/refunds`, wish, idempotencyKey),
    resolveReview: async (no: string, to: ReviewTarget, reason: string) =>
      await change(`${orderPath(no)}/review`, { to, reason }),
    redeliver: async (id: string) =>
      await change<{ readonly outcome: string }>(
        `/console/v1/callbacks/${encodeURIComponent(id)}/redeliver`,
      ),
    acknowledge: async (id: string) =>
      await change<AnomalyAnswer>(`/console/v1/anomalies/${encodeURIComponent(id)}/acknowledge`),
  };
}

function orderPath(merchantOrderNo: string): string {
  return `/console/v1/orders/${encodeURIComponent(merchantOrderNo)}`;
}
