/**
 * What the tabs of one browser tell each other about an order. A word of another tab is never an end: it is a reason to
 * ask the service, or to leave paying again to the other one.
 */
import type { Channel, PaymentClientEnvironment } from './client-environment.js';
import { isRecord, isWebAddress } from './service-answer.js';

/** So long a claim waits for one that was made in another tab at the same moment. */
const CLAIM_MS = 150;

/** After this the other tab is taken for gone: it calls at most twice, verify and pay. */
const OTHER_TAB_MS_MAX = 25_000;

/**
 * What a tab has to say. `claimed` to `not_started` are about one attempt to pay again, by its id. A claim that is held
 * stands against any other: its tab is calling the service.
 */
export type TabMessage =
  | { readonly kind: 'ended'; readonly end: string }
  | { readonly kind: 'claimed'; readonly id: string; readonly isHeld: boolean }
  | { readonly kind: 'started'; readonly id: string; readonly paymentUrl: string | null }
  | { readonly kind: 'not_started'; readonly id: string };

/** What became of the attempt of another tab. */
export type OtherAttempt =
  | { readonly kind: 'started'; readonly paymentUrl: string | null }
  | { readonly kind: 'not_started' }
  /** Nothing more was heard of it. */
  | { readonly kind: 'unknown' };

export interface TabListeners {
  /** Another tab has come to an end: its state's kind. */
  readonly onEnded: (end: string) => void;
  /** Another tab is paying again; resolves with what became of it. */
  readonly onOtherAttempt: (attempt: Promise<OtherAttempt>) => void;
}

/** The tabs of one order. Without a channel each tab is alone. */
export class Tabs {
  readonly #environment: PaymentClientEnvironment;
  readonly #name: string;
  readonly #listeners: TabListeners;
  #channel: Channel | null = null;
  /** The attempt of this tab that is being claimed, or made when it is held. */
  #own: { readonly id: string; readonly isHeld: boolean } | null = null;
  #other: { readonly id: string; readonly settle: (attempt: OtherAttempt) => void } | null = null;

  constructor(name: string, environment: PaymentClientEnvironment, listeners: TabListeners) {
    this.#name = name;
    this.#environment = environment;
    this.#listeners = listeners;
  }

  open(): void {
    const { BroadcastChannel } = this.#environment;
    if (this.#channel !== null || BroadcastChannel === null) return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** A page in the back-forward cache must hold no channel. */
  close(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#other?.settle({ kind: 'unknown' });
  }

  tellEnd(end: string): void {
    this.#tell({ kind: 'ended', end });
  }

  /** @returns whether this tab is the one that pays again */
  async claim(): Promise<boolean> {
    if (this.#channel === null) return true;
    const id = `${this.#environment.random()}`.slice(2);
    this.#claim({ id, isHeld: false });
    await new Promise<void>((resolve) => this.#environment.setTimeout(resolve, CLAIM_MS));
    if (this.#own?.id !== id) return false;
    this.#own = { id, isHeld: true };
    return true;
  }

  /** How the attempt of this tab went. @param started `null` when nothing was started */
  settle(started: { readonly paymentUrl: string | null } | null): void {
    const id = this.#own?.id ?? null;
    this.#own = null;
    if (id === null) return;
    this.#tell(
      started === null ? { kind: 'not_started', id } : { kind: 'started', id, ...started },
    );
  }

  #claim(own: { readonly id: string; readonly isHeld: boolean }): void {
    this.#own = own;
    this.#tell({ kind: 'claimed', ...own });
  }

  #tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  #hear(data: unknown): void {
    const message = readMessage(data);
    if (message === null) return;
    if (message.kind === 'ended') this.#listeners.onEnded(message.end);
    else if (message.kind === 'claimed') this.#hearClaim(message);
    else if (message.id === this.#other?.id) this.#other.settle(message);
  }

  /** Of two claims at the same moment the smaller id has it. Whoever keeps it says so to a tab that came later. */
  #hearClaim({ id, isHeld }: { readonly id: string; readonly isHeld: boolean }): void {
    const own = this.#own;
    // Both are calling: neither gives way, and answers would go to and fro. The service takes both for one attempt.
    if (own?.isHeld === true && isHeld) return;
    if (own !== null && (own.isHeld || (!isHeld && own.id < id))) {
      this.#claim(own);
      return;
    }
    this.#own = null;
    if (this.#other?.id === id) return;
    const attempt = new Promise<OtherAttempt>((resolve) => {
      const { setTimeout, clearTimeout } = this.#environment;
      const timer = setTimeout(() => settle({ kind: 'unknown' }), OTHER_TAB_MS_MAX);
      const settle = (outcome: OtherAttempt) => {
        clearTimeout(timer);
        if (this.#other?.id === id) this.#other = null;
        resolve(outcome);
      };
      this.#other = { id, settle };
    });
    this.#listeners.onOtherAttempt(attempt);
  }
}

/** Other versions of the client may run in other tabs. */
function readMessage(data: unknown): TabMessage | null {
  if (!isRecord(data)) return null;
  const { kind, end, id, isHeld, paymentUrl } = data;
  if (kind === 'ended') return typeof end === 'string' ? { kind, end } : null;
  if (typeof id !== 'string') return null;
  if (kind === 'claimed') return { kind, id, isHeld: isHeld === true };
  if (kind === 'not_started') return { kind, id };
  if (kind !== 'started' || (paymentUrl !== null && !isWebAddress(paymentUrl))) return null;
  return { kind, id, paymentUrl };
}
