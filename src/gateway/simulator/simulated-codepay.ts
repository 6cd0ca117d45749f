/**
 * The simulated gateway itself: its orders, what is planned for them, and the callbacks it sends. Spoken to over the
 * wire (simulator-methods.ts), by people (the pages) and by tests and demos (the control API).
 */
import { SimulatedRefunds } from './simulated-refunds.js';
import { CallbackSender } from './simulator-callbacks.js';
import { ScenarioChoices } from './simulator-choices.js';
import {
  type CallbackPlan,
  callbackOfSecondPayment,
  callbacksOfFailure,
  callbacksOfPayment,
  falseCallback,
} from './simulator-notifications.js';
import { notify } from './simulator-notifier.js';
import * as transition from './simulator-order.js';
import { type NewSale, OrderRefusal, type SimulatedOrder, statusWord } from './simulator-order.js';
import { plannedActions, SimulatorPlanner } from './simulator-planner.js';
import { requireNoRefund, requireReusable } from './simulator-reused-number.js';
import type { ScenarioChoice } from './simulator-scenarios.js';
import {
  DEFAULT_POLICIES,
  NO_FAULTS,
  type SimulatedCodePayOptions,
  type SimulatorFaults,
  type SimulatorPolicies,
} from './simulator-settings.js';
import { keptState, type SimulatorState } from './simulator-state-file.js';

export class SimulatedCodePay {
  readonly options: SimulatedCodePayOptions;
  readonly callbacks: CallbackSender;
  readonly choices = new ScenarioChoices();
  readonly refunds: SimulatedRefunds;
  policies: SimulatorPolicies = DEFAULT_POLICIES;
  faults: SimulatorFaults = NO_FAULTS;
  readonly #orders = new Map<string, SimulatedOrder>();
  readonly #planner: SimulatorPlanner;
  #lastNotifyUrl: string | null = null;

  constructor(options: SimulatedCodePayOptions) {
    this.options = options;
    const { now, logger, onChange, onRecord, callbackTimeScale: timeScale } = options;
    this.callbacks = new CallbackSender({ now, logger, timeScale, onChange, onRecord });
    this.refunds = new SimulatedRefunds(this, now);
    this.#planner = new SimulatorPlanner(now, (merchantOrderNo) => this.#act(merchantOrderNo));
  }

  /** Newest first. */
  list(): readonly SimulatedOrder[] {
    return [...this.#orders.values()].reverse();
  }

  find(merchantOrderNo: string): SimulatedOrder | null {
    return this.#orders.get(merchantOrderNo) ?? null;
  }

  /** @throws {OrderRefusal} when there is none */
  get(merchantOrderNo: string): SimulatedOrder {
    const order = this.find(merchantOrderNo);
    if (order === null) throw new OrderRefusal('ORDER_NOT_FOUND', 'no such order');
    return order;
  }

  /** Chooses what happens with an order, also before it exists; what was planned for it is planned anew. */
  choose(merchantOrderNo: string, choice: ScenarioChoice): void {
    this.choices.set(merchantOrderNo, choice);
    this.options.onRecord({ choice: [merchantOrderNo, choice] });
    const order = this.find(merchantOrderNo);
    if (order !== null && statusWord(order) === 'open') this.#open(order);
    this.refunds.replan(merchantOrderNo);
    this.options.onChange();
  }

  /**
   * A sale. The same number again is what the policy for its state makes of it.
   * @throws {OrderRefusal} when the number is taken
   */
  sell(sale: NewSale): SimulatedOrder {
    requireNoRefund(sale.merchantOrderNo, this.refunds);
    this.choices.setByAmount(sale.merchantOrderNo, sale.amountMinor);
    this.#lastNotifyUrl = sale.notifyUrl ?? this.#lastNotifyUrl;
    const existing = this.find(sale.merchantOrderNo);
    if (existing !== null) return this.#sellAgain(existing, sale);
    const { merchantNo, now } = this.options;
    return this.#open(transition.newOrder(sale, merchantNo, now()));
  }

  /** @throws {OrderRefusal} when its status does not allow it, as all the changes below */
  pay(merchantOrderNo: string, { isLate = false } = {}): SimulatedOrder {
    const nowMs = this.options.now();
    const behaviour = this.choices.behaviour(merchantOrderNo);
    const paid = transition.pay(this.get(merchantOrderNo), nowMs, { ...behaviour, isLate });
    const againAtMs = nowMs + behaviour.callbackDelayMs;
    const paysAgain = behaviour.payer === 'pays_twice';
    const planned = paysAgain ? [{ atMs: againAtMs, action: 'pay_again' } as const] : [];
    const order = this.#save({ ...paid, planned });
    this.#notify(order, callbacksOfPayment(order, behaviour));
    return order;
  }

  /** @param by whether the card's issuer declines, or the person at the terminal or page cancels */
  decline(merchantOrderNo: string, by: keyof typeof transition.FAILURES): SimulatedOrder {
    const order = this.get(merchantOrderNo);
    const declined = this.#finish(
      transition.decline(order, this.options.now(), transition.FAILURES[by]),
    );
    const behaviour = this.choices.behaviour(merchantOrderNo);
    this.#notify(declined, callbacksOfFailure(declined, behaviour));
    return declined;
  }

  expire(merchantOrderNo: string): SimulatedOrder {
    return this.#finish(transition.expire(this.get(merchantOrderNo), this.options.now()));
  }

  /** Closes what is open and refunds what is paid. */
  revoke(merchantOrderNo: string): SimulatedOrder {
    this.refunds.requireNone(merchantOrderNo);
    return this.#finish(transition.revoke(this.get(merchantOrderNo), this.options.now()));
  }

  /** Closes what is open. */
  close(merchantOrderNo: string): SimulatedOrder {
    return this.#finish(transition.closeUnpaid(this.get(merchantOrderNo), this.options.now()));
  }

  /** The payer's money will come although the order is closed. */
  planLatePayment(merchantOrderNo: string): void {
    const atMs = this.options.now() + this.choices.behaviour(merchantOrderNo).payAfterMs;
    this.#save({ ...this.get(merchantOrderNo), planned: [{ atMs, action: 'pay_late' }] });
  }

  /** Where callbacks about an order go; `null` when no address was ever named. */
  notifyUrlOf(order: SimulatedOrder | null): string | null {
    return order?.notifyUrl ?? this.options.notifyUrl ?? this.#lastNotifyUrl;
  }

  /** Signs and sends; without an address nothing is sent. */
  sendCallbacks(merchantOrderNo: string, url: string | null, plans: readonly CallbackPlan[]): void {
    if (url === null) return;
    const target = { merchantOrderNo, url, format: this.policies.callbackFormat };
    for (const plan of plans) notify({ ...this.options, sender: this.callbacks }, plan, target);
  }

  snapshot(): SimulatorState {
    const { callbacks, choices, policies, refunds } = this;
    const orders = [...this.#orders.values()];
    const kept = keptState({ orders, refunds: refunds.list(), choices: choices.entries() });
    return { ...kept, callbacks: callbacks.list(), policies };
  }

  restore(state: SimulatorState): void {
    this.policies = { ...DEFAULT_POLICIES, ...state.policies };
    for (const [merchantOrderNo, choice] of state.choices) {
      this.choices.set(merchantOrderNo, choice);
    }
    this.callbacks.restore(state.callbacks);
    for (const order of state.orders) this.#save(order);
    this.refunds.restore(state.refunds ?? []);
  }

  reset(): void {
    this.#planner.clear();
    this.refunds.clear();
    this.callbacks.clear();
    this.choices.clear();
    this.#orders.clear();
    this.policies = DEFAULT_POLICIES;
    this.faults = NO_FAULTS;
    this.options.onChange();
  }

  stop(): void {
    this.#planner.clear();
    this.refunds.stop();
    this.callbacks.close();
  }

  #sellAgain(existing: SimulatedOrder, sale: NewSale): SimulatedOrder {
    requireReusable(existing, sale, this.policies.reusedNumber);
    if (!['closed', 'canceled'].includes(statusWord(existing))) return existing;
    return this.#open(transition.reopen(existing, this.options.now(), sale.expiresAtMs));
  }

  #open(order: SimulatedOrder): SimulatedOrder {
    const behaviour = this.choices.behaviour(order.merchantOrderNo);
    return this.#save({ ...order, planned: plannedActions(order, behaviour, this.options.now()) });
  }

  #finish(order: SimulatedOrder): SimulatedOrder {
    return this.#save({ ...order, planned: [] });
  }

  #save(order: SimulatedOrder): SimulatedOrder {
    this.#orders.set(order.merchantOrderNo, order);
    this.options.onRecord({ order });
    this.#planner.arm(order);
    this.options.onChange();
    return order;
  }

  #notify(order: SimulatedOrder, plans: readonly CallbackPlan[]): void {
    this.sendCallbacks(order.merchantOrderNo, this.notifyUrlOf(order), plans);
  }

  /** Does what is due for an order. What a person did in the meantime stands. */
  #act(merchantOrderNo: string): void {
    const order = this.find(merchantOrderNo);
    const [due, ...later] = order?.planned ?? [];
    if (order === null || due === undefined) return;
    if (due.atMs > this.options.now()) {
      this.#planner.arm(order);
      return;
    }
    const rest = this.#save({ ...order, planned: later });
    try {
      this.#perform(rest, due.action);
    } catch (error) {
      if (!(error instanceof OrderRefusal)) throw error;
    }
  }

  #perform(order: SimulatedOrder, action: transition.PlannedActionName): void {
    const { merchantOrderNo } = order;
    switch (action) {
      case 'begin_paying':
        this.#save(transition.beginPaying(order, this.options.now()));
        return;
      case 'pay':
        this.pay(merchantOrderNo);
        return;
      case 'pay_late':
        this.pay(merchantOrderNo, { isLate: true });
        return;
      case 'pay_again':
        this.#notify(order, [callbackOfSecondPayment(order)]);
        return;
      case 'decline':
        this.decline(merchantOrderNo, 'issuer');
        return;
      case 'expire':
        this.expire(merchantOrderNo);
        return;
      case 'send_false_callback': {
        this.#notify(order, [falseCallback(order, this.choices.behaviour(merchantOrderNo))]);
      }
    }
  }
}
