import type { PaymentClientEnvironment } from './client-environment.js';
import { idle, type PaymentState } from './payment-state.js';

/** The state that the page shows, and who wants to hear of its changes. */
export class ShownState {
  readonly #environment: Pick<PaymentClientEnvironment, 'setTimeout'>;
  readonly #listeners = new Set<(state: PaymentState) => void>();
  #state: PaymentState = idle();

  constructor(environment: Pick<PaymentClientEnvironment, 'setTimeout'>) {
    this.#environment = environment;
  }

  get state(): PaymentState {
    return this.#state;
  }

  subscribe(listener: (state: PaymentState) => void): () => void {
    const own = (state: PaymentState) => listener(state);
    this.#listeners.add(own);
    this.#tell(own, this.#state);
    return () => this.#listeners.delete(own);
  }

  /** Tells of a state that differs. Paid is proven: nothing that comes later on this page takes it back. */
  show(state: PaymentState): void {
    if (this.#state.kind === 'paid' || isSame(this.#state, state)) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) this.#tell(listener, state);
  }

  /** An error of the page must not stop the checks; it is thrown where the browser reports it. */
  #tell(listener: (state: PaymentState) => void, state: PaymentState): void {
    try {
      listener(state);
    } catch (error) {
      this.#environment.setTimeout(() => {
        throw error;
      }, 0);
    }
  }
}

function isSame(one: PaymentState, other: PaymentState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
