/** What the client needs of its surroundings; in a browser all of it is there. */

/** The part of a page's `document` or `window` that tells of events. */
export interface EventSource {
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

/** The part of a `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(message: unknown): void;
  close(): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Whatever is missing, the client does without: no channel, then each tab for itself. */
export interface PaymentClientEnvironment {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch ms. It has to go on while the device sleeps. */
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly document: (EventSource & { readonly visibilityState: string }) | null;
  readonly window: EventSource | null;
  readonly navigator: { readonly onLine: boolean } | null;
  readonly BroadcastChannel: (new (name: string) => Channel) | null;
  /** Origin of the page; the service's address when no other is given. */
  readonly origin: string;
}

/** Everything is looked up late, so that the module can be loaded where there is no browser. */
export function browserEnvironment(): PaymentClientEnvironment {
  const browser = globalThis as Partial<Window & typeof globalThis>;
  return {
    fetch: async (url, init) => await globalThis.fetch(url, init),
    now: () => Date.now(),
    setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
    clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
    random: () => Math.random(),
    document: browser.document ?? null,
    window: browser.window ?? null,
    navigator: browser.navigator ?? null,
    BroadcastChannel: browser.BroadcastChannel ?? null,
    origin: browser.location?.origin ?? '',
  };
}
