/** The service as a merchant's shop calls it: two APIs in turn, every answer journaled before it is given on. */
import type { OrderEventMessage } from '../domain/events.js';
import type { FeedReader, Journal, StatusTold } from './journal.js';
import type { Observations, WatchedCall } from './observations.js';

/** A little more than the API takes for itself. */
const TIMEOUT_MS = 12_000;

/** Answers that a caller must expect while things are away, or because of what others have done to the order. */
const EXPECTED_STATUSES: ReadonlySet<number> = new Set([409, 429, 503]);

export interface ServiceAnswer {
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** What came of asking for a page of the event feed. */
export type FeedPage =
  | { readonly status: number | null; readonly events: null }
  | {
      readonly status: number | null;
      readonly events: readonly OrderEventMessage[];
      readonly hasMore: boolean;
    };

export interface ServiceClientOptions {
  readonly apiUrls: readonly string[];
  readonly apiKey: string;
  readonly journal: Journal;
  readonly observations: Observations;
}

export interface NewOrderCall {
  readonly merchantOrderNo: string;
  readonly channel: string;
  readonly amount: number;
  readonly story: string;
  readonly terminalSn: string | null;
  readonly schedule: readonly string[];
}

export class ServiceClient {
  readonly #options: ServiceClientOptions;
  #turn = 0;

  constructor(options: ServiceClientOptions) {
    this.#options = options;
  }

  async createOrder(order: NewOrderCall): Promise<ServiceAnswer> {
    const { merchantOrderNo, channel, amount, story, terminalSn, schedule } = order;
    const answer = await this.#call('create', merchantOrderNo, 'POST', '/v1/orders', {
      ...{ merchantOrderNo, channel, amount, currency: 'USD' },
      ...(terminalSn === null ? {} : { terminalSn }),
      checks: { strategy: 'progressive', schedule },
    });
    if (isAccepted(answer)) {
      const { sentAtMs, answeredAtMs } = answer;
      const exchange = { number: merchantOrderNo, sentAtMs, answeredAtMs };
      this.#options.journal.write({ kind: 'order_accepted', ...exchange, amount, channel, story });
    }
    return this.#told('read', merchantOrderNo, answer);
  }

  async verify(number: string): Promise<ServiceAnswer> {
    const answer = await this.#call('verify', number, 'GET', `${path(number)}/verify`);
    return this.#told('verify', number, answer);
  }

  async readOrder(number: string): Promise<ServiceAnswer> {
    return this.#told('read', number, await this.#call(null, number, 'GET', path(number)));
  }

  async payAgain(number: string): Promise<ServiceAnswer> {
    return this.#told(
      'read',
      number,
      await this.#call(null, number, 'POST', `${path(number)}/pay`),
    );
  }

  async posResult(number: string, body: object): Promise<ServiceAnswer> {
    const answer = await this.#call(null, number, 'POST', `${path(number)}/pos-result`, body);
    return this.#told('pos_result', number, answer);
  }

  async cancel(number: string): Promise<ServiceAnswer> {
    const answer = await this.#call(null, number, 'POST', `${path(number)}/cancel`);
    if (isAccepted(answer)) {
      const { sentAtMs, answeredAtMs } = answer;
      this.#options.journal.write({ kind: 'cancel_accepted', number, sentAtMs, answeredAtMs });
    }
    return answer;
  }

  async refund(number: string, refundNo: string, amount: number): Promise<ServiceAnswer> {
    const body = { refundNo, amount, reason: 'chaos run' };
    const answer = await this.#call(null, number, 'POST', `${path(number)}/refunds`, body);
    if (isAccepted(answer)) {
      const { sentAtMs, answeredAtMs } = answer;
      const exchange = { number, sentAtMs, answeredAtMs };
      this.#options.journal.write({ kind: 'refund_accepted', ...exchange, refundNo, amount });
    }
    return answer;
  }

  /** @param page.startingAfter `null`: from the feed's beginning */
  async listEvents(
    reader: FeedReader,
    page: { readonly startingAfter: string | null; readonly limit: number },
  ): Promise<FeedPage> {
    const { startingAfter, limit } = page;
    const after = startingAfter === null ? '' : `&startingAfter=${startingAfter}`;
    const answer = await this.#call(null, null, 'GET', `/v1/events?limit=${limit}${after}`);
    const { data, hasMore } = answer.body;
    const { status, sentAtMs, answeredAtMs } = answer;
    if (!isAccepted(answer) || !Array.isArray(data)) return { status, events: null };
    const events = data as readonly OrderEventMessage[];
    const exchange = { sentAtMs, answeredAtMs };
    this.#options.journal.write({
      kind: 'events_told',
      ...{ ...exchange, reader, startingAfter, events },
    });
    return { status, events, hasMore: hasMore === true };
  }

  #told(by: StatusTold['by'], number: string, answer: ServiceAnswer): ServiceAnswer {
    const { status, nextAction } = answer.body;
    if (!isAccepted(answer) || typeof status !== 'string') return answer;
    const { sentAtMs, answeredAtMs } = answer;
    this.#options.journal.write({
      kind: 'status_told',
      ...{ number, sentAtMs, answeredAtMs, by, status },
      nextAction: typeof nextAction === 'string' ? nextAction : null,
    });
    return answer;
  }

  async #call(
    watched: WatchedCall | null,
    number: string | null,
    method: string,
    pathname: string,
    body?: object,
  ): Promise<ServiceAnswer> {
    const { apiUrls, apiKey, observations, journal } = this.#options;
    this.#turn += 1;
    const url = `${apiUrls[this.#turn % apiUrls.length]}${pathname}`;
    const sentAtMs = Date.now();
    const { status, body: answered } = await exchange(url, method, apiKey, body);
    const answeredAtMs = Date.now();
    const answer = { status, body: answered, sentAtMs, answeredAtMs };
    if (watched !== null) {
      const isSuccess = isAccepted(answer);
      observations.add(watched, { startedAtMs: sentAtMs, endedAtMs: answeredAtMs, isSuccess });
    }
    if (status !== null && status >= 400 && !EXPECTED_STATUSES.has(status)) {
      const code = String(answered.code ?? '');
      const call = `${method} ${pathname}`;
      journal.write({ kind: 'answer_refused', number, sentAtMs, answeredAtMs, call, status, code });
    }
    return answer;
  }
}

export function isAccepted({ status }: Pick<ServiceAnswer, 'status'>): boolean {
  return status !== null && status < 300;
}

function path(number: string): string {
  return `/v1/orders/${encodeURIComponent(number)}`;
}

async function exchange(
  url: string,
  method: string,
  apiKey: string,
  body: object | undefined,
): Promise<Pick<ServiceAnswer, 'status' | 'body'>> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch {
    return { status: null, body: {} };
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
