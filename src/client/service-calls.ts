/** The three calls of the service, each with an end of its own, and what became of them. */
import type { PaymentClientEnvironment } from './client-environment.js';
import { problemCode, readAnswer, readPayable, type ServiceAnswer } from './service-answer.js';

/** The service answers within 3 s, and `pay` within 8 s; after these a call has hung. */
export const QUESTION_TIMEOUT_MS = 8_000;
const PAY_TIMEOUT_MS = 12_000;

/** Longer than this no page waits on a proxy's word. */
const RETRY_AFTER_MS_MAX = 60_000;

/** Problems of the service which mean that this token opens nothing. Source: docs/api.md, "Errors". */
const NO_ACCESS_CODES: readonly string[] = [
  'unauthenticated',
  'forbidden',
  'order_not_found',
  'not_found',
];

export type Reply =
  | { readonly kind: 'answer'; readonly answer: ServiceAnswer }
  | { readonly kind: 'not_authorised' }
  /** Nothing came back that says anything about the order. */
  | { readonly kind: 'no_answer'; readonly retryAfterMs: number | null };

export type PayReply =
  | { readonly kind: 'started'; readonly paymentUrl: string | null }
  /** The service says that this order takes no payment now. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'not_authorised' }
  /** It may have been taken, or not. */
  | { readonly kind: 'unknown' };

/** What goes to the service of a terminal's result. */
export interface TerminalReport {
  readonly responseCode: string;
  readonly responseMsg?: string;
}

export interface ServiceCalls {
  verify(signal: AbortSignal): Promise<Reply>;
  report(report: TerminalReport, signal: AbortSignal): Promise<Reply>;
  pay(signal: AbortSignal): Promise<PayReply>;
}

/** @param options.baseUrl without a slash at its end. None of the calls ever rejects */
export function createServiceCalls(
  options: {
    readonly merchantOrderNo: string;
    readonly verifyToken: string;
    readonly baseUrl: string;
  },
  environment: PaymentClientEnvironment,
): ServiceCalls {
  const { merchantOrderNo, verifyToken, baseUrl } = options;
  const call = async (
    action: 'verify' | 'pos-result' | 'pay',
    body: unknown,
    end: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<HttpAnswer | null> => {
    const url = `${baseUrl}/v1/orders/${encodeURIComponent(merchantOrderNo)}/${action}`;
    const init: RequestInit = {
      method: action === 'verify' ? 'GET' : 'POST',
      headers: {
        Authorization: `Bearer ${verifyToken}`,
        Accept: 'application/json',
        ...(action === 'verify' ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(action === 'verify' ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      // A network that wants a log-in first answers with a redirect: that is not the service.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    };
    return await withEnd(environment, end, async (signal) =>
      httpAnswer(await environment.fetch(url, { ...init, signal })),
    );
  };
  const ask = async (report: TerminalReport | null, signal: AbortSignal): Promise<Reply> => {
    const action = report === null ? 'verify' : 'pos-result';
    const http = await call(action, report, { timeoutMs: QUESTION_TIMEOUT_MS, signal });
    return replyOf(http, merchantOrderNo);
  };
  return {
    verify: async (signal) => await ask(null, signal),
    report: async (report, signal) => await ask(report, signal),
    pay: async (signal) => {
      const http = await call('pay', {}, { timeoutMs: PAY_TIMEOUT_MS, signal });
      return payReplyOf(http, merchantOrderNo);
    },
  };
}

interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

async function httpAnswer(response: Response): Promise<HttpAnswer> {
  const isJson = /json/i.test(response.headers.get('Content-Type') ?? '');
  return {
    status: response.status,
    body: isJson ? await response.json() : null,
    retryAfter: response.headers.get('Retry-After'),
  };
}

/**
 * Runs a call until it ends, the time is over or the client is stopped, even where the transport takes no abort.
 * @returns `null` when nothing came; also when it came so late that the device must have slept: it is of the past
 */
async function withEnd<Result>(
  { setTimeout, clearTimeout, now }: PaymentClientEnvironment,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | null> {
  if (signal.aborted) return null;
  const controller = new AbortController();
  const startedAtMs = now();
  let abort = () => {};
  const ended = new Promise<null>((resolve) => {
    abort = () => {
      controller.abort();
      resolve(null);
    };
  });
  signal.addEventListener('abort', abort);
  const timer = setTimeout(abort, timeoutMs);
  try {
    const result = await Promise.race([act(controller.signal), ended]);
    const tookMs = now() - startedAtMs;
    return tookMs < 0 || tookMs > timeoutMs ? null : result;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function replyOf(http: HttpAnswer | null, merchantOrderNo: string): Reply {
  if (http === null) return { kind: 'no_answer', retryAfterMs: null };
  if (isNoAccess(http)) return { kind: 'not_authorised' };
  const answer = http.status === 200 ? readAnswer(http.body, merchantOrderNo) : null;
  if (answer !== null) return { kind: 'answer', answer };
  return { kind: 'no_answer', retryAfterMs: retryAfterMs(http.retryAfter) };
}

function payReplyOf(http: HttpAnswer | null, merchantOrderNo: string): PayReply {
  if (http === null) return { kind: 'unknown' };
  if (isNoAccess(http)) return { kind: 'not_authorised' };
  if (http.status === 409 && problemCode(http.body) !== null) return { kind: 'refused' };
  const payable = http.status === 200 ? readPayable(http.body, merchantOrderNo) : null;
  return payable === null ? { kind: 'unknown' } : { kind: 'started', ...payable };
}

/** A refused credential needs no more words; "not found" is also what a proxy says while the service starts. */
function isNoAccess({ status, body }: HttpAnswer): boolean {
  if (status === 401 || status === 403) return true;
  return status === 404 && NO_ACCESS_CODES.includes(problemCode(body) ?? '');
}

/** Seconds; the date that RFC 9110 also allows needs a clock that is right, and pages have none. */
function retryAfterMs(header: string | null): number | null {
  if (header === null || !/^\d+$/.test(header.trim())) return null;
  return Math.min(Number(header) * 1_000, RETRY_AFTER_MS_MAX);
}
