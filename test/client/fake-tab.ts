/** A tab of a browser over a scripted service, with vitest's clock. */
import { vi } from 'vitest';
import {
  type Channel,
  createPaymentClient,
  type PaymentClient,
  type PaymentClientEnvironment,
  type PaymentState,
} from '../../src/client/payment-client.js';
import { type NextAction, PAYER_WORDS } from '../../src/domain/payer-words.js';

export const ORDER_NO = 'A-1|x';

export interface Call {
  readonly action: 'verify' | 'pay' | 'pos-result';
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: unknown;
  readonly signal: AbortSignal;
  readonly atMs: number;
}

/** What the service, or something before it, does with a call. */
export type Reaction =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | 'network error'
  | 'hang';

export type Service = (call: Call) => Reaction;

/** A statement of the service that agrees with itself. */
export function answer(nextAction: NextAction, changes: Record<string, unknown> = {}): Reaction {
  const status = {
    show_success: 'paid',
    pay_again: 'pending',
    keep_polling: 'pending',
    check_later: 'pending',
    show_canceled: 'canceled',
    contact_support: 'review',
  }[nextAction];
  return {
    status: 200,
    body: {
      merchantOrderNo: ORDER_NO,
      status,
      paid: nextAction === 'show_success',
      final: ['paid', 'canceled'].includes(status),
      nextAction,
      pollAfterMs: 2_000,
      pollForMs: 60_000,
      message: PAYER_WORDS[nextAction],
      ...changes,
    },
  };
}

/** The order as `pay` answers with it. */
export function payable(paymentUrl: string | null = 'https://pay.example/p/1'): Reaction {
  return { status: 200, body: { merchantOrderNo: ORDER_NO, status: 'pending', paymentUrl } };
}

export function problem(status: number, code: string, retryAfter?: string): Reaction {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
  return { status, body: { code }, headers };
}

/** One reaction after another; the last one stays. */
export function script(...reactions: readonly Reaction[]): Service {
  let next = 0;
  return () => {
    const reaction = reactions[Math.min(next, reactions.length - 1)];
    next += 1;
    if (reaction === undefined) throw new Error('an empty script');
    return reaction;
  };
}

/** Joins the tabs of one browser. Messages arrive later, as in browsers. */
export class Browser {
  readonly channels = new Set<FakeChannel>();
}

class FakeChannel implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;

  constructor(
    readonly browser: Browser,
    readonly name: string,
  ) {
    browser.channels.add(this);
  }

  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message);
    for (const other of this.browser.channels) {
      if (other === this || other.name !== this.name) continue;
      setTimeout(() => {
        if (this.browser.channels.has(other)) other.onmessage?.({ data } as MessageEvent);
      }, 1);
    }
  }

  close(): void {
    this.browser.channels.delete(this);
  }
}

function channelOf(browser: Browser): new (name: string) => Channel {
  return class extends FakeChannel {
    constructor(name: string) {
      super(browser, name);
    }
  };
}

export class Tab {
  readonly calls: Call[] = [];
  readonly states: PaymentState[] = [];
  readonly window = new EventTarget();
  readonly page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly navigator = { onLine: true };
  readonly client: PaymentClient;
  service: Service;
  /** Requests get through although the browser calls itself offline. */
  isConnected = false;

  constructor(
    service: Service,
    { browser = new Browser(), random = Math.random, hasChannel = true } = {},
  ) {
    this.service = service;
    const environment: Partial<PaymentClientEnvironment> = {
      fetch: async (url, init) => await this.#fetch(url, init),
      random,
      document: this.page,
      window: this.window,
      navigator: this.navigator,
      BroadcastChannel: hasChannel ? channelOf(browser) : null,
      origin: 'https://shop.example',
    };
    this.client = createPaymentClient({
      merchantOrderNo: ORDER_NO,
      verifyToken: 'token',
      environment,
    });
    this.client.subscribe((state) => this.states.push(state));
  }

  get kinds(): readonly string[] {
    return this.states.map(({ kind }) => kind);
  }

  /** Calls of one kind. */
  callsOf(action: Call['action']): readonly Call[] {
    return this.calls.filter((call) => call.action === action);
  }

  goOffline(): void {
    this.navigator.onLine = false;
    this.window.dispatchEvent(new Event('offline'));
  }

  goOnline(): void {
    this.navigator.onLine = true;
    this.window.dispatchEvent(new Event('online'));
  }

  show(visibilityState: 'visible' | 'hidden'): void {
    this.page.visibilityState = visibilityState;
    this.page.dispatchEvent(new Event('visibilitychange'));
  }

  /** Into the back-forward cache and out of it again. */
  restore(sleptMs: number): void {
    this.window.dispatchEvent(new Event('pagehide'));
    sleep(sleptMs);
    this.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { signal } = init;
    if (!(signal instanceof AbortSignal)) throw new Error('a call without an end');
    const headers = new Headers(init.headers);
    const action = url.split('/').at(-1) as Call['action'];
    const call: Call = {
      action,
      method: init.method ?? 'GET',
      url,
      authorization: headers.get('Authorization'),
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      signal,
      atMs: Date.now(),
    };
    this.calls.push(call);
    if (!this.navigator.onLine && !this.isConnected) throw new TypeError('Failed to fetch');
    return await responseOf(this.service(call), signal);
  }
}

async function responseOf(reaction: Reaction, signal: AbortSignal): Promise<Response> {
  if (reaction === 'network error') throw new TypeError('Failed to fetch');
  if (reaction === 'hang') {
    return await new Promise<Response>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }
  const { status, body, headers = {} } = reaction;
  const isJson = typeof body !== 'string';
  return {
    status,
    headers: new Headers({ 'Content-Type': isJson ? 'application/json' : 'text/html', ...headers }),
    json: async () => body,
  } as unknown as Response;
}

/** Only what the client uses: promises of the platform must go on. */
export function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
}

/** Time goes by; everything that is due happens. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Time goes by for everybody but this device: no timer runs. */
export function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
