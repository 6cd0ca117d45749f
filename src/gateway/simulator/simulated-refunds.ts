/** The simulated gateway's refunds: submitted under their own numbers, settled after a while, told by callbacks. */
import type { ScenarioChoices } from './simulator-choices.js';
import { type CallbackPlan, callbacksOfRefund } from './simulator-notifications.js';
import { OrderRefusal, type SimulatedOrder } from './simulator-order.js';
import { SimulatorPlanner } from './simulator-planner.js';
import {
  isSameRefund,
  type NewRefund,
  newRefund,
  type RefundWord,
  refundWord,
  type SimulatedRefund,
  settleRefund,
  takenMinor,
} from './simulator-refund.js';
import type { SimulatedCodePayOptions, SimulatorPolicies } from './simulator-settings.js';

/** What refunds need of the gateway that they belong to. */
export interface RefundHost {
  readonly choices: ScenarioChoices;
  readonly policies: SimulatorPolicies;
  readonly options: Pick<SimulatedCodePayOptions, 'now' | 'onChange' | 'onRecord'>;
  find(merchantOrderNo: string): SimulatedOrder | null;
  /** @throws {OrderRefusal} when there is none */
  get(merchantOrderNo: string): SimulatedOrder;
  notifyUrlOf(order: SimulatedOrder | null): string | null;
  sendCallbacks(number: string, url: string | null, plans: readonly CallbackPlan[]): void;
}

export class SimulatedRefunds {
  readonly #host: RefundHost;
  readonly #refunds = new Map<string, SimulatedRefund>();
  readonly #planner: SimulatorPlanner;

  constructor(host: RefundHost, now: () => number) {
    this.#host = host;
    this.#planner = new SimulatorPlanner(now, (refundNo) => this.#act(refundNo));
  }

  /** Newest first. */
  list(): readonly SimulatedRefund[] {
    return [...this.#refunds.values()].reverse();
  }

  /** Oldest first. */
  of(merchantOrderNo: string): readonly SimulatedRefund[] {
    return [...this.#refunds.values()].filter(
      (refund) => refund.merchantOrderNo === merchantOrderNo,
    );
  }

  find(refundNo: string): SimulatedRefund | null {
    return this.#refunds.get(refundNo) ?? null;
  }

  /** @throws {OrderRefusal} when there is none */
  get(refundNo: string): SimulatedRefund {
    const refund = this.find(refundNo);
    if (refund === null) throw new OrderRefusal('ORDER_NOT_FOUND', 'no such refund');
    return refund;
  }

  /**
   * Takes a refund or void on; it settles later. The same number with the same content is the same refund.
   * @throws {OrderRefusal} when the payment does not allow it, or the number is taken
   */
  submit(request: NewRefund): SimulatedRefund {
    const { choices, options, policies } = this.#host;
    const existing = this.find(request.refundNo);
    const isRepeated = existing !== null && isSameRefund(existing, request);
    if (isRepeated && policies.reusedRefundNumber !== 'error') return existing;
    if (existing !== null || this.#host.find(request.refundNo) !== null) {
      throw new OrderRefusal('ORDER_EXISTS', 'the number was used before');
    }
    const { isVoidAllowed } = choices.behaviour(request.refundNo);
    const refund = newRefund(this.#host.get(request.merchantOrderNo), request, {
      others: this.of(request.merchantOrderNo),
      isVoidAllowed,
      nowMs: options.now(),
      settlesAtMs: this.#settlesAtMs(request.refundNo),
    });
    return this.#save(refund);
  }

  /** A revoke gives all back: after a refund that would be too much. @throws {OrderRefusal} */
  requireNone(merchantOrderNo: string): void {
    if (takenMinor(this.of(merchantOrderNo)) === 0) return;
    throw new OrderRefusal('ORDER_REFUNDED', 'the payment was refunded, or a part of it');
  }

  /** @throws {OrderRefusal} when there is none, or it is settled */
  settle(refundNo: string, outcome: Exclude<RefundWord, 'pending'>): SimulatedRefund {
    const { choices, options } = this.#host;
    const refund = this.#save(settleRefund(this.get(refundNo), outcome, options.now()));
    const url = refund.notifyUrl ?? this.#host.notifyUrlOf(this.#host.find(refund.merchantOrderNo));
    this.#host.sendCallbacks(refundNo, url, callbacksOfRefund(refund, choices.behaviour(refundNo)));
    return refund;
  }

  /** Plans a pending refund anew, after another scenario was chosen for it. */
  replan(refundNo: string): void {
    const refund = this.find(refundNo);
    if (refund === null || refundWord(refund) !== 'pending') return;
    this.#save({ ...refund, settlesAtMs: this.#settlesAtMs(refundNo) });
  }

  /** Takes up what was there before a restart. @param refunds newest first */
  restore(refunds: readonly SimulatedRefund[]): void {
    for (const refund of [...refunds].reverse()) {
      this.#host.choices.setForRefund(refund);
      this.#save(refund);
    }
  }

  clear(): void {
    this.#planner.clear();
    this.#refunds.clear();
  }

  stop(): void {
    this.#planner.clear();
  }

  #settlesAtMs(refundNo: string): number | null {
    const { refund, refundAfterMs } = this.#host.choices.behaviour(refundNo);
    return refund === 'stays_pending' ? null : this.#host.options.now() + refundAfterMs;
  }

  #save(refund: SimulatedRefund): SimulatedRefund {
    const { refundNo, settlesAtMs } = refund;
    this.#refunds.set(refundNo, refund);
    this.#host.options.onRecord({ refund });
    const planned = settlesAtMs === null ? [] : [{ atMs: settlesAtMs }];
    this.#planner.arm({ merchantOrderNo: refundNo, planned });
    this.#host.options.onChange();
    return refund;
  }

  #act(refundNo: string): void {
    const refund = this.find(refundNo);
    if (refund === null || refund.settlesAtMs === null) return;
    if (refund.settlesAtMs > this.#host.options.now()) {
      this.#save(refund);
      return;
    }
    const { refund: behaviour } = this.#host.choices.behaviour(refundNo);
    this.settle(refundNo, behaviour === 'fails' ? 'failed' : 'succeeded');
  }
}
