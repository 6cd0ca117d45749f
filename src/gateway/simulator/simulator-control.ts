/** The simulator from a test or a demo in the same process; the control routes offer the same over HTTP. */
import type { SimulatedCodePay } from './simulated-codepay.js';
import type { CallbackJob } from './simulator-callbacks.js';
import type { CallbackPlan } from './simulator-notifications.js';
import { notify } from './simulator-notifier.js';
import {
  OrderRefusal,
  type SimulatedOrder,
  type StatusWord,
  statusWord,
} from './simulator-order.js';
import { type PosResult, posResult } from './simulator-pos-result.js';
import { type RefundWord, refundWord, type SimulatedRefund } from './simulator-refund.js';
import {
  type Behaviour,
  chooseScenario,
  type ScenarioName,
  type ScenarioParameters,
} from './simulator-scenarios.js';
import type { SimulatorFaults, SimulatorPolicies } from './simulator-settings.js';
import { orderWireFields, type WireRecord } from './simulator-wire.js';

/** An order as the control API tells it. */
export interface ControlledOrder extends SimulatedOrder {
  readonly state: StatusWord;
  readonly scenario: ScenarioName;
  readonly behaviour: Behaviour;
  readonly paymentPath: string | null;
  readonly posResult: PosResult;
  readonly callbacks: readonly CallbackJob[];
  /** Oldest first. */
  readonly refunds: readonly ControlledRefund[];
}

/** A refund as the control API tells it. */
export interface ControlledRefund extends SimulatedRefund {
  readonly state: RefundWord;
  readonly scenario: ScenarioName;
  readonly callbacks: readonly CallbackJob[];
}

export interface PosSale {
  readonly merchantOrderNo: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly terminalSn: string;
  readonly notifyUrl?: string | undefined;
  /** @default never */
  readonly expiresInSeconds?: number | undefined;
}

/** A message of any content, for what no scenario does. */
export interface AnyCallback {
  readonly merchantOrderNo?: string | undefined;
  /** Replace or add business fields; an empty one is left out. */
  readonly fields?: WireRecord | undefined;
  readonly url?: string | undefined;
  readonly signing?: CallbackPlan['signing'] | undefined;
  /** How much older than now the message calls itself; negative for the future. */
  readonly ageMs?: number | undefined;
  readonly delayMs?: number | undefined;
  /** Sent again until it is acknowledged. @default false */
  readonly isRepeated?: boolean | undefined;
}

export class SimulatorControl {
  readonly #codepay: SimulatedCodePay;

  constructor(codepay: SimulatedCodePay) {
    this.#codepay = codepay;
  }

  /** Newest first. */
  orders(limit?: number): readonly ControlledOrder[] {
    return this.#codepay
      .list()
      .slice(0, limit)
      .map((order) => this.#view(order));
  }

  /** @throws {OrderRefusal} when there is none, as all the methods that name an order and need it */
  order(merchantOrderNo: string): ControlledOrder {
    return this.#view(this.#codepay.get(merchantOrderNo));
  }

  /** The order that a payment address names. */
  orderByToken(token: string): ControlledOrder {
    const order = this.#codepay.list().find((one) => one.token === token);
    if (order === undefined) throw new OrderRefusal('ORDER_NOT_FOUND', 'no such payment page');
    return this.#view(order);
  }

  /** Newest first. */
  ordersOnTerminals(): readonly SimulatedOrder[] {
    return this.#codepay.list().filter((order) => order.terminalSn !== null);
  }

  /** Chooses what happens with an order, or with a refund by its own number; also before it exists. */
  setScenario(
    merchantOrderNo: string,
    scenario: ScenarioName,
    parameters: ScenarioParameters = {},
  ): void {
    this.#codepay.choose(merchantOrderNo, chooseScenario(scenario, parameters));
  }

  /** The payer pays, also late: after the order was closed. */
  pay(merchantOrderNo: string, options: { readonly isLate?: boolean } = {}): ControlledOrder {
    return this.#view(this.#codepay.pay(merchantOrderNo, options));
  }

  decline(merchantOrderNo: string, by: 'issuer' | 'user' = 'issuer'): ControlledOrder {
    return this.#view(this.#codepay.decline(merchantOrderNo, by));
  }

  expire(merchantOrderNo: string): ControlledOrder {
    return this.#view(this.#codepay.expire(merchantOrderNo));
  }

  /** Newest first. */
  refunds(): readonly ControlledRefund[] {
    return this.#codepay.refunds.list().map((refund) => this.#refundView(refund));
  }

  /** @throws {OrderRefusal} when there is none */
  refund(refundNo: string): ControlledRefund {
    return this.#refundView(this.#codepay.refunds.get(refundNo));
  }

  /** A pending refund settles now. @throws {OrderRefusal} when there is none, or it is settled */
  settleRefund(refundNo: string, outcome: Exclude<RefundWord, 'pending'>): ControlledRefund {
    return this.#refundView(this.#codepay.refunds.settle(refundNo, outcome));
  }

  /** The till starts a sale on a terminal, as it does by Intent. */
  startPosSale({ expiresInSeconds, notifyUrl, ...sale }: PosSale): ControlledOrder {
    const nowMs = this.#codepay.options.now();
    const expiresAtMs = expiresInSeconds === undefined ? null : nowMs + expiresInSeconds * 1_000;
    const order = this.#codepay.sell({
      ...sale,
      channel: 'pos',
      description: null,
      returnUrl: null,
      notifyUrl: notifyUrl ?? null,
      expiresAtMs,
    });
    return this.#view(order);
  }

  /** @throws {OrderRefusal} when there is neither an address nor an order that has one */
  sendCallback(callback: AnyCallback): readonly CallbackJob[] {
    const order =
      callback.merchantOrderNo === undefined ? null : this.#codepay.find(callback.merchantOrderNo);
    const url = callback.url ?? this.#codepay.notifyUrlOf(order);
    if (url === null) throw new OrderRefusal('ORDER_NOT_FOUND', 'no address to send it to');
    const { merchantOrderNo } = callback;
    const { merchantNo } = this.#codepay.options;
    const business: WireRecord = {
      merchant_no: merchantNo,
      ...(merchantOrderNo === undefined ? {} : { merchant_order_no: merchantOrderNo }),
      ...(order === null ? {} : orderWireFields(order)),
      ...callback.fields,
    };
    const format = this.#codepay.policies.callbackFormat;
    return notify(
      { ...this.#codepay.options, sender: this.#codepay.callbacks },
      {
        label: 'by hand',
        business,
        signing: callback.signing ?? 'signed',
        delayMs: callback.delayMs ?? 0,
        ageMs: callback.ageMs ?? 0,
        againAfterMs: null,
        isRepeated: callback.isRepeated ?? false,
      },
      { merchantOrderNo: merchantOrderNo ?? null, url, format },
    );
  }

  callbacks(): readonly CallbackJob[] {
    return this.#codepay.callbacks.list();
  }

  setFaults(faults: Partial<SimulatorFaults>): SimulatorFaults {
    this.#codepay.faults = { ...this.#codepay.faults, ...faults };
    return this.#codepay.faults;
  }

  setPolicies({
    reusedNumber,
    ...policies
  }: Partial<Omit<SimulatorPolicies, 'reusedNumber'>> & {
    readonly reusedNumber?: Partial<SimulatorPolicies['reusedNumber']>;
  }): SimulatorPolicies {
    const { policies: before } = this.#codepay;
    this.#codepay.policies = {
      ...before,
      ...policies,
      reusedNumber: { ...before.reusedNumber, ...reusedNumber },
    };
    return this.#codepay.policies;
  }

  /** Forgets everything. */
  reset(): void {
    this.#codepay.reset();
  }

  #view(order: SimulatedOrder): ControlledOrder {
    const { merchantOrderNo } = order;
    return {
      ...order,
      state: statusWord(order),
      scenario: this.#codepay.choices.get(merchantOrderNo).scenario,
      behaviour: this.#codepay.choices.behaviour(merchantOrderNo),
      paymentPath: order.channel === 'hosted' ? `/pay/${order.token}` : null,
      posResult: posResult(order),
      callbacks: this.#callbacksOf(merchantOrderNo),
      refunds: this.#codepay.refunds.of(merchantOrderNo).map((refund) => this.#refundView(refund)),
    };
  }

  #refundView(refund: SimulatedRefund): ControlledRefund {
    const { scenario } = this.#codepay.choices.get(refund.refundNo);
    const callbacks = this.#callbacksOf(refund.refundNo);
    return { ...refund, state: refundWord(refund), scenario, callbacks };
  }

  #callbacksOf(number: string): readonly CallbackJob[] {
    return this.callbacks().filter((job) => job.merchantOrderNo === number);
  }
}
