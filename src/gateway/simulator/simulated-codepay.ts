/**
 * The simulated gateway itself: its orders, what is planned for them, and the callbacks it sends. Spoken to over the
 * wire (simulator-methods.ts), by people (the pages) and by tests and demos (the control API).
 */
import { type KeyObject, randomBytes, randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { TRANS_STATUS } from '../codepay/codepay-wire.js';
import { type CallbackJob, CallbackSender } from './simulator-callbacks.js';
import {
  type CallbackPlan,
  callbackOfSecondPayment,
  callbacksOfFailure,
  callbacksOfPayment,
  falseCallback,
} from './simulator-notifications.js';
import {
  beginPaying,
  closeUnpaid,
  decline,
  expire,
  OrderRefusal,
  pay,
  type PlannedAction,
  reopen,
  revoke,
  type SimulatedOrder,
  statusWord,
} from './simulator-order.js';
import { SimulatorPlanner } from './simulator-planner.js';
import {
  type Behaviour,
  behaviourOf,
  chooseScenario,
  type ScenarioChoice,
  type ScenarioName,
  type ScenarioParameters,
  scenarioOfAmount,
} from './simulator-scenarios.js';
import { DEFAULT_POLICIES, NO_FAULTS, type SimulatorFaults, type SimulatorPolicies } from './simulator-settings.js';
import { signedCallback } from './simulator-wire.js';

export interface SimulatedCodePayOptions {
  readonly appId: string;
  readonly merchantNo: string;
  readonly privateKey: KeyObject;
  readonly merchantPublicKeys: readonly KeyObject[];
  readonly callbackTimeScale: number;
  /** Where callbacks of terminal sales go that name no address; the last address an order named when `null`. */
  readonly notifyUrl: string | null;
  readonly now: () => number;
  readonly logger: Logger;
}

export type NewSale = Pick<
  SimulatedOrder,
  | 'merchantOrderNo'
  | 'channel'
  | 'amountMinor'
  | 'currency'
  | 'description'
  | 'returnUrl'
  | 'notifyUrl'
  | 'terminalSn'
  | 'expiresAtMs'
>;

/** Everything that outlives a restart. */
export interface SimulatorState {
  readonly orders: readonly SimulatedOrder[];
  readonly choices: readonly (readonly [string, ScenarioChoice])[];
  readonly callbacks: readonly CallbackJob[];
  readonly policies: SimulatorPolicies;
}

const USER_CANCELED = { code: 'K026', message: 'canceled by user' };
const CARD_DECLINED = { code: '51', message: 'declined by the issuer' };

export class SimulatedCodePay {
  readonly options: SimulatedCodePayOptions;
  readonly callbacks: CallbackSender;
  policies: SimulatorPolicies = DEFAULT_POLICIES;
  faults: SimulatorFaults = NO_FAULTS;
  readonly #orders = new Map<string, SimulatedOrder>();
  readonly #choices = new Map<string, ScenarioChoice>();
  readonly #planner: SimulatorPlanner;
  #lastNotifyUrl: string | null = null;
  #onChange: () => void = () => undefined;

  constructor(options: SimulatedCodePayOptions) {
    this.options = options;
    const { now, logger } = options;
    this.callbacks = new CallbackSender({
      now,
      logger,
      timeScale: options.callbackTimeScale,
      onChange: () => this.#onChange(),
    });
    this.#planner = new SimulatorPlanner(now, (merchantOrderNo, due) => {
      this.#act(merchantOrderNo, due);
    });
  }

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Newest first. */
  list(): readonly SimulatedOrder[] {
    return [...this.#orders.values()].reverse();
  }

  find(merchantOrderNo: string): SimulatedOrder | null {
    return this.#orders.get(merchantOrderNo) ?? null;
  }

  findByToken(token: string): SimulatedOrder | null {
    return this.list().find((order) => order.token === token) ?? null;
  }

  /** @throws {OrderRefusal} when there is none */
  get(merchantOrderNo: string): SimulatedOrder {
    const order = this.find(merchantOrderNo);
    if (order === null) throw new OrderRefusal('ORDER_NOT_FOUND', 'no such order');
    return order;
  }

  /** Chooses what happens with an order, also before it exists. What was planned for it is planned anew. */
  choose(merchantOrderNo: string, scenario: ScenarioName, parameters: ScenarioParameters): void {
    this.#choices.set(merchantOrderNo, chooseScenario(scenario, parameters));
    const order = this.find(merchantOrderNo);
    if (order !== null) this.#save({ ...order, planned: this.#planFor(order) });
    else this.#onChange();
  }

  /** What happens with an order: what was chosen, or else what its amount says. */
  choiceOf(merchantOrderNo: string): ScenarioChoice {
    const amountMinor = this.find(merchantOrderNo)?.amountMinor ?? 0;
    return this.#choices.get(merchantOrderNo) ?? chooseScenario(scenarioOfAmount(amountMinor));
  }

  behaviourOf(merchantOrderNo: string): Behaviour {
    return behaviourOf(this.choiceOf(merchantOrderNo));
  }

  /** The fault that hits this request, if one does; each time it strikes it is used up a little. */
  takeFault<K extends 'queryFault' | 'createFault' | 'cancelFault'>(
    merchantOrderNo: string,
    kind: K,
  ): Behaviour[K] | null {
    const choice = this.choiceOf(merchantOrderNo);
    const fault = behaviourOf(choice)[kind];
    if (fault === null || choice.timesLeft === 0) return null;
    const timesLeft = choice.timesLeft === null ? null : choice.timesLeft - 1;
    this.#choices.set(merchantOrderNo, { ...choice, timesLeft });
    this.#onChange();
    return fault;
  }

  /** Lets the amount of an order that may never come to exist choose its scenario. */
  chooseByAmount(merchantOrderNo: string, amountMinor: number): void {
    if (this.#choices.has(merchantOrderNo)) return;
    this.#choices.set(merchantOrderNo, chooseScenario(scenarioOfAmount(amountMinor)));
  }

  /**
   * A sale, or the same number again, which the policy for its state decides.
   * @throws {OrderRefusal} when the number is taken
   */
  sell(sale: NewSale): SimulatedOrder {
    this.chooseByAmount(sale.merchantOrderNo, sale.amountMinor);
    this.#lastNotifyUrl = sale.notifyUrl ?? this.#lastNotifyUrl;
    const existing = this.find(sale.merchantOrderNo);
    if (existing !== null) return this.#sellAgain(existing, sale);
    const nowMs = this.options.now();
    const order: SimulatedOrder = {
      ...sale,
      merchantNo: this.options.merchantNo,
      transNo: `${nowMs}${String(randomInt(1_000_000)).padStart(6, '0')}`,
      token: randomBytes(16).toString('base64url'),
      status: TRANS_STATUS.created,
      createdAtMs: nowMs,
      attempt: 1,
      payment: null,
      isRefunded: false,
      failure: null,
      planned: [],
      history: [{ atMs: nowMs, text: 'Created.' }],
    };
    return this.#save({ ...order, planned: this.#planFor(order) });
  }

  pay(merchantOrderNo: string, { isLate = false } = {}): SimulatedOrder {
    const order = this.get(merchantOrderNo);
    const behaviour = this.behaviourOf(merchantOrderNo);
    const paid = this.#save({
      ...pay(order, this.options.now(), { ...behaviour, isLate }),
      planned:
        behaviour.payer === 'pays_twice'
          ? [{ atMs: this.options.now() + behaviour.callbackDelayMs, action: 'pay_again' }]
          : [],
    });
    for (const plan of callbacksOfPayment(paid, behaviour)) this.#notify(paid, plan);
    return paid;
  }

  /** @param by the card is declined, or the person at the terminal or page cancels */
  decline(merchantOrderNo: string, by: 'issuer' | 'user' = 'issuer'): SimulatedOrder {
    const failure = by === 'user' ? USER_CANCELED : CARD_DECLINED;
    const declined = decline(this.get(merchantOrderNo), this.options.now(), failure);
    const order = this.#save({ ...declined, planned: [] });
    const behaviour = this.behaviourOf(merchantOrderNo);
    for (const plan of callbacksOfFailure(order, behaviour)) this.#notify(order, plan);
    return order;
  }

  expire(merchantOrderNo: string): SimulatedOrder {
    return this.#save({ ...expire(this.get(merchantOrderNo), this.options.now()), planned: [] });
  }

  revoke(merchantOrderNo: string): SimulatedOrder {
    return this.#save({ ...revoke(this.get(merchantOrderNo), this.options.now()), planned: [] });
  }

  close(merchantOrderNo: string): SimulatedOrder {
    const closed = closeUnpaid(this.get(merchantOrderNo), this.options.now());
    return this.#save({ ...closed, planned: [] });
  }

  /** The payer's money comes after the order was closed. */
  planLatePayment(merchantOrderNo: string): void {
    const atMs = this.options.now() + this.behaviourOf(merchantOrderNo).payAfterMs;
    this.#save({ ...this.get(merchantOrderNo), planned: [{ atMs, action: 'pay_late' }] });
  }

  snapshot(): SimulatorState {
    return {
      orders: [...this.#orders.values()],
      choices: [...this.#choices],
      callbacks: this.callbacks.list(),
      policies: this.policies,
    };
  }

  restore(state: SimulatorState): void {
    this.policies = state.policies;
    for (const [merchantOrderNo, choice] of state.choices) {
      this.#choices.set(merchantOrderNo, choice);
    }
    for (const order of state.orders) this.#save(order);
    this.callbacks.restore(state.callbacks);
  }

  reset(): void {
    this.#planner.clear();
    this.callbacks.clear();
    this.#orders.clear();
    this.#choices.clear();
    this.policies = DEFAULT_POLICIES;
    this.faults = NO_FAULTS;
    this.#onChange();
  }

  stop(): void {
    this.#planner.clear();
    this.callbacks.close();
  }
}
