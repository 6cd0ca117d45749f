/** The gateway's own world: orders, payers at work, refunds. What happens here is the truth. */
import type { CancelMethod, PaymentFacts } from '../../domain/evidence.js';
import type { GatewayOrderRequest, GatewayRefundRequest } from '../../gateway/payment-gateway.js';
import type { Faults } from '../kernel/faults.js';
import type { Timeline } from '../kernel/timeline.js';
import {
  factsOf,
  heldPayments,
  type OrderTerms,
  PaymentTruth,
  refundFacts,
} from './payment-truth.js';

const REFUND_SETTLES_MS_MAX = 40_000;
const REFUND_FAILS_EVERY = 9;
const EXPIRY_TOLD_EVERY = 2;
/** Some orders are still open when the service closes them: nobody promises that a gateway keeps time. */
const EXPIRES_LATE_EVERY = 2;
const EXPIRES_LATE_MS = 600_000;

export interface TrueRefund {
  readonly refundNo: string;
  readonly merchantOrderNo: string;
  readonly amount: number;
  readonly knownSinceMs: number;
  state: 'pending' | 'succeeded' | 'failed';
  settledAtMs: number | null;
  /** How often it was told: more than once only after it was called unknown. */
  readonly toldAtMs: number[];
}

/** Somebody pays, or tries to. */
export interface PaymentTry {
  readonly amount: number;
  readonly durationMs: number;
  readonly succeeds: boolean;
  /** Goes through although the order was closed meanwhile: a terminal that was offline, a slow bank. */
  readonly ignoresClosing: boolean;
  /** The till starts the sale itself. */
  readonly isTill: boolean;
}

export interface TrueRevoke {
  readonly merchantOrderNo: string;
  readonly sentAtMs: number;
  readonly atMs: number;
  readonly gaveBack: boolean;
}

export interface MessageToSend {
  readonly merchantOrderNo: string;
  readonly number: string;
  readonly subject: 'order' | 'refund';
  readonly facts: PaymentFacts;
  readonly wasPaid: boolean;
}

export class GatewayWorld {
  readonly #timeline: Timeline;
  readonly #faults: Faults;
  readonly orders = new Map<string, PaymentTruth>();
  readonly refunds = new Map<string, TrueRefund>();
  readonly revokes: TrueRevoke[] = [];
  /** Told of what a gateway tells its merchants. */
  onMessage: (message: MessageToSend) => void = () => {};
  readonly #waitingPayers = new Map<string, PaymentTry>();
  #payments = 0;

  constructor(timeline: Timeline, faults: Faults) {
    this.#timeline = timeline;
    this.#faults = faults;
  }

  register(terms: OrderTerms): void {
    this.orders.set(terms.merchantOrderNo, new PaymentTruth(terms));
  }

  truth(merchantOrderNo: string): PaymentTruth | null {
    return this.orders.get(merchantOrderNo) ?? null;
  }

  /** @returns whether the gateway takes it: not when it is paid or being paid */
  create({ merchantOrderNo, expiresInSeconds }: GatewayOrderRequest): boolean {
    const truth = this.truth(merchantOrderNo);
    if (truth === null || truth.now.phase === 'paying') return false;
    if (heldPayments(truth.now).length > 0) return false;
    const nowMs = this.#timeline.nowMs;
    const isLate = this.#faults.delayMs('gateway.expires', 1, EXPIRES_LATE_EVERY) === 1;
    truth.expiresAtMs = nowMs + expiresInSeconds * 1_000 + (isLate ? EXPIRES_LATE_MS : 0);
    truth.change(nowMs, { phase: 'open', failureCode: null });
    this.#timeline.at(truth.expiresAtMs, () => this.#expire(truth));
    return true;
  }

  /** @returns whether the gateway knows the order */
  cancel(merchantOrderNo: string, method: CancelMethod, sentAtMs: number): boolean {
    const truth = this.truth(merchantOrderNo);
    if (truth === null || truth.now.phase === 'absent') return false;
    const held = heldPayments(truth.now);
    const atMs = this.#timeline.nowMs;
    if (method === 'revoke') {
      this.revokes.push({ merchantOrderNo, sentAtMs, atMs, gaveBack: held.length > 0 });
    }
    if (held.length === 0) {
      truth.change(atMs, { phase: 'closed' });
      return true;
    }
    if (method === 'close') return true;
    const payments = truth.now.payments.map((payment) => ({
      ...payment,
      givenBackAtMs: payment.givenBackAtMs ?? atMs,
    }));
    truth.change(atMs, { phase: 'closed', payments });
    this.#tellOfRefund(truth, merchantOrderNo, { amount: held[0]?.amount ?? 0, state: 'paid' });
    return true;
  }

  /** A payer who acts at the worst moment: when the next question has just been answered with open. */
  payAfterNextQuestion(merchantOrderNo: string, payment: PaymentTry): void {
    this.#waitingPayers.set(merchantOrderNo, payment);
  }

  /** Somebody was told that the order is open. */
  toldOpen(merchantOrderNo: string): void {
    const payment = this.#waitingPayers.get(merchantOrderNo);
    if (payment === undefined) return;
    this.#waitingPayers.delete(merchantOrderNo);
    this.#timeline.after(1, () => this.pay(merchantOrderNo, payment));
  }

  /** A payer at the gateway's page or at the terminal. */
  pay(merchantOrderNo: string, payment: PaymentTry): void {
    const truth = this.truth(merchantOrderNo);
    if (truth === null) return;
    const { phase, payments } = truth.now;
    const isPayable = phase === 'open' || (payment.isTill && phase !== 'paying');
    const isSecond = payments.length > 0;
    if (!isPayable && !(payment.ignoresClosing && phase === 'closed') && !isSecond) return;
    this.#payments += 1;
    const transNo = `T${this.#payments}`;
    const nowMs = this.#timeline.nowMs;
    if (isPayable) truth.change(nowMs, { phase: 'paying', transNo, failureCode: null });
    this.#timeline.after(payment.durationMs, () => this.#endTry(truth, transNo, payment));
  }

  /** @returns false when the number is known already */
  refund(request: GatewayRefundRequest): boolean {
    const nowMs = this.#timeline.nowMs;
    const known = this.refunds.get(request.refundNo);
    if (known !== undefined) {
      known.toldAtMs.push(nowMs);
      return false;
    }
    const { refundNo, merchantOrderNo, amount } = request;
    const refund: TrueRefund = {
      refundNo,
      merchantOrderNo,
      amount,
      knownSinceMs: nowMs,
      state: 'pending',
      settledAtMs: null,
      toldAtMs: [nowMs],
    };
    this.refunds.set(refundNo, refund);
    const settlesInMs = this.#faults.delayMs('gateway.refund', 100, REFUND_SETTLES_MS_MAX);
    const fails = this.#faults.delayMs('gateway.refund.fails', 1, REFUND_FAILS_EVERY) === 1;
    this.#timeline.after(settlesInMs, () => this.#settleRefund(refund, fails));
    return true;
  }

  /** What the payer has of it: all payments that were neither revoked nor refunded (minor units). */
  keptAmount(merchantOrderNo: string): number {
    const truth = this.truth(merchantOrderNo);
    const paid = heldPayments(truth?.now ?? ({ payments: [] as const } as never)).reduce(
      (sum, { amount }) => sum + amount,
      0,
    );
    return paid - this.refundedAmount(merchantOrderNo);
  }

  refundedAmount(merchantOrderNo: string): number {
    return [...this.refunds.values()]
      .filter((refund) => refund.merchantOrderNo === merchantOrderNo)
      .filter(({ state }) => state === 'succeeded')
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  #expire(truth: PaymentTruth): void {
    const nowMs = this.#timeline.nowMs;
    if (nowMs < truth.expiresAtMs || truth.now.phase !== 'open') return;
    truth.change(nowMs, { phase: 'closed' });
    const isTold = this.#faults.delayMs('gateway.expiry', 1, EXPIRY_TOLD_EVERY) === 1;
    if (isTold) this.#tellOfSale(truth);
  }

  #endTry(truth: PaymentTruth, transNo: string, payment: PaymentTry): void {
    const { phase, payments } = truth.now;
    const isRunning = phase === 'paying' && truth.now.transNo === transNo;
    const isAllowed = isRunning || payment.ignoresClosing || payments.length > 0;
    const nowMs = this.#timeline.nowMs;
    if (!payment.succeeds || !isAllowed) {
      if (!isRunning) return;
      const goesOnOpen = !payment.isTill && nowMs < truth.expiresAtMs;
      truth.change(nowMs, { phase: goesOnOpen ? 'open' : 'closed', failureCode: 'declined' });
      if (!goesOnOpen) this.#tellOfSale(truth);
      return;
    }
    const paid = { transNo, amount: payment.amount, paidAtMs: nowMs, givenBackAtMs: null };
    truth.change(nowMs, { phase: 'closed', transNo, payments: [...payments, paid] });
    this.#tellOfSale(truth);
  }

  #settleRefund(refund: TrueRefund, fails: boolean): void {
    refund.state = fails ? 'failed' : 'succeeded';
    refund.settledAtMs = this.#timeline.nowMs;
    const truth = this.truth(refund.merchantOrderNo);
    if (truth === null) return;
    this.#tellOfRefund(truth, refund.refundNo, {
      amount: refund.amount,
      state: fails ? 'closed' : 'paid',
    });
  }

  #tellOfSale(truth: PaymentTruth): void {
    const { merchantOrderNo } = truth.terms;
    this.onMessage({
      merchantOrderNo,
      number: merchantOrderNo,
      subject: 'order',
      facts: factsOf(truth.terms, truth.now),
      wasPaid: heldPayments(truth.now).length > 0,
    });
  }

  #tellOfRefund(
    truth: PaymentTruth,
    number: string,
    { amount, state }: { readonly amount: number; readonly state: 'paid' | 'closed' },
  ): void {
    this.onMessage({
      merchantOrderNo: truth.terms.merchantOrderNo,
      number,
      subject: 'refund',
      facts: refundFacts(truth.terms, number, { amount, state }),
      wasPaid: heldPayments(truth.now).length > 0,
    });
  }
}
